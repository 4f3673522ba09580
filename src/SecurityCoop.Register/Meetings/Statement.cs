using System.Text.Json.Serialization;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Meetings;

/// <summary>How binding a statement is on whoever makes it.</summary>
[JsonConverter(typeof(SlugJson<Force>))]
public enum Force { Discussed, Intent, AgreedAction, PlannedInstrument, Appreciation, Objection, Denial }

/// <summary>What was said: at a meeting, or (in the partnership's stream) outside any.</summary>
public record Statement
{
    /// <summary>Counted from 1 within its stream.</summary>
    public required int Number { get; init; }
    public required Force Force { get; init; }
    /// <summary>"home", "joint", or a partner's code.</summary>
    public required string Speaker { get; init; }
    /// <summary>Topic codes (vocabulary).</summary>
    public IReadOnlyList<string>? Topics { get; init; }
    public string? Region { get; init; }
    /// <summary>A set phrase that closes such communiqués: kept, and left out of the status rules.</summary>
    public bool? Formulaic { get; init; }
    public string? Text { get; init; }
    public string? ClassifiedBy { get; init; }
    /// <summary>Stream ids of the actions or instruments that this statement opened.</summary>
    public IReadOnlyList<string>? Opens { get; init; }
}

/// <summary>One reading of a statement's force.</summary>
public sealed record Reading(Force Force, Guid Event, long Position, IReadOnlyList<Locator>? Sources, string? Reason, string? ClassifiedBy);

/// <summary>A statement as its events leave it: what it says now, and every reading of its force in order of recording, the last one holding.</summary>
/// <param name="On">Its own day and home organisation, where it was made outside any meeting.</param>
/// <param name="ProtectedFor">The person for whom the text is protected: it is opened from beside its event, by whoever may.</param>
public sealed record RecordedStatement(Statement Said, Guid Event, long Position, Marking Marking, IReadOnlyList<Locator>? Sources, int? Credibility, IReadOnlyList<Reading> Readings, Edtf? On = null, string? HomeOrganisation = null, bool Withdrawn = false, string? ProtectedFor = null)
{
    public static RecordedStatement From(Statement s, At at, Edtf? on = null, string? homeOrganisation = null) =>
        new(s, at.Event, at.Position, at.Marking, at.Sources, at.Credibility, [new(s.Force, at.Event, at.Position, at.Sources, at.Reason, s.ClassifiedBy)], on, homeOrganisation, ProtectedFor: at.ProtectedFor("/text"));

    public RecordedStatement Reclassified(Force force, string? by, At at) => this with
    {
        Said = Said with { Force = force },
        Readings = [.. Readings, new(force, at.Event, at.Position, at.Sources, at.Reason, by)],
    };

    /// <summary>The statement, which opened these as well.</summary>
    public RecordedStatement Opened(IReadOnlyList<string> more) => this with { Said = Said with { Opens = [.. (Said.Opens ?? []).Union(more)] } };

    /// <param name="with">The record with another statement in this one's place.</param>
    internal Part AsPart(Func<Statement, RecordState> with, IReadOnlyList<string> partners, Edtf? on) =>
        Part.Of(new(Event, Position, Sources), Said, RegisterJson.Of<Statement>(), with, _ => on, s => Statements.Check(s, partners, "/fields"), closed: ProtectedFor is null ? null : "text");
}

/// <summary>What statements must satisfy, wherever they are made.</summary>
public static class Statements
{
    public const string Home = "home", Joint = "joint";

    /// <summary>Whether a statement of <paramref name="speaker"/> speaks for the partner: joint ones for all, a partner's own for that partner.</summary>
    public static bool SpeaksFor(string speaker, string partner) => speaker == Joint || speaker == partner;

    /// <exception cref="Refusal">unknown-speaker at <paramref name="pointer"/>, with the speakers that the record allows.</exception>
    public static void Check(Statement s, IReadOnlyList<string> partners, string pointer)
    {
        if (s.Speaker is not (Home or Joint) && !partners.Contains(s.Speaker))
            throw Refusal.OfField($"{pointer}/speaker", "unknown-speaker", s.Speaker, string.Join(", ", [Home, Joint, .. partners]));
    }
}
