using System.Text.Json.Serialization;
using SecurityCoop.Register;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web.Meetings;

/// <summary>A statement as a command gives it: within a meeting's body, or as the body of a command of its own.</summary>
public record StatementBody : Body
{
    public required Force Force { get; init; }
    public required string Speaker { get; init; }
    public IReadOnlyList<string>? Topics { get; init; }
    public string? Region { get; init; }
    public bool? Formulaic { get; init; }
    public string? Text { get; init; }
    /// <summary>The person whose erasure shall take the text with it: it is encrypted under that person's key. Absent: in the clear for ever.</summary>
    public string? ProtectFor { get; init; }
    public string? ClassifiedBy { get; init; }
    /// <summary>Of an agreed action: what the statement itself does not say.</summary>
    public OpenedAction? Action { get; init; }
    /// <summary>Of a planned instrument.</summary>
    public OpenedInstrument? Instrument { get; init; }

    public async Task<NewStatement> ToStatement(Write w, string pointer)
    {
        Known.Topics(Topics, $"{pointer}/topics");
        if (Instrument?.Kind is { } kind) Known.InstrumentKind(kind, $"{pointer}/instrument/kind");
        w.CheckHeader(this, pointer);
        if (ProtectFor is not null && Text is null) throw Refusal.OfField($"{pointer}/text", "required");
        var said = new Statement { Number = 0, Force = Force, Speaker = Speaker, Topics = Topics, Region = Region, Formulaic = Formulaic, Text = Text, ClassifiedBy = ClassifiedBy };
        return new(said, await w.Locators(Source, $"{pointer}/source"), Credibility, Reason, Marking, Action, Instrument, await w.ProtectFor(ProtectFor, $"{pointer}/protectFor"),
            await w.Home(this, pointer), OnBehalfOf, Groups);
    }
}

/// <summary>A statement made outside any meeting, with its day.</summary>
public sealed record PublicStatementBody : StatementBody
{
    public required Edtf On { get; init; }
}

/// <summary>One statement, or several.</summary>
public sealed record StatementsBody : Body
{
    public IReadOnlyList<StatementBody>? Statements { get; init; }
    public Force? Force { get; init; }
    public string? Speaker { get; init; }
    public IReadOnlyList<string>? Topics { get; init; }
    public string? Region { get; init; }
    public bool? Formulaic { get; init; }
    public string? Text { get; init; }
    /// <summary>The person whose erasure shall take the text with it: it is encrypted under that person's key. Absent: in the clear for ever.</summary>
    public string? ProtectFor { get; init; }
    public string? ClassifiedBy { get; init; }
    public OpenedAction? Action { get; init; }
    public OpenedInstrument? Instrument { get; init; }

    /// <summary>The statements, and the pointer under which faults in them are named.</summary>
    /// <exception cref="Refusal">one-or-several, at a field of one statement beside several; required.</exception>
    public (IReadOnlyList<StatementBody> Each, string Pointer) All()
    {
        if (Statements is { Count: > 0 } several) return Own() is { } field ? throw Refusal.OfField($"/{field}", "one-or-several", field)
            : ([.. several.Select(s => s with { HomeOrganisation = s.HomeOrganisation ?? HomeOrganisation })], "/statements");
        if (Force is not { } force) throw Refusal.OfField("/force", "required");
        if (Speaker is not { } speaker) throw Refusal.OfField("/speaker", "required");
        return ([new StatementBody
        {
            Force = force, Speaker = speaker, Topics = Topics, Region = Region, Formulaic = Formulaic, Text = Text, ProtectFor = ProtectFor, ClassifiedBy = ClassifiedBy, Action = Action, Instrument = Instrument,
            Source = Source, Credibility = Credibility, Reason = Reason, Marking = Marking, Groups = Groups,
            HomeOrganisation = HomeOrganisation, OnBehalfOf = OnBehalfOf,
        }], "");
    }

    // The first field that one statement alone can have. What every body may carry stays: it is said of all of them.
    string? Own() => Force is not null ? "force" : Speaker is not null ? "speaker" : Topics is not null ? "topics" : Region is not null ? "region" : Formulaic is not null ? "formulaic"
        : Text is not null ? "text" : ProtectFor is not null ? "protectFor" : ClassifiedBy is not null ? "classifiedBy" : Action is not null ? "action" : Instrument is not null ? "instrument" : null;
}

public sealed record ReclassificationBody : DatedBody
{
    /// <summary>Number of the statement within its meeting or partnership.</summary>
    public required int Number { get; init; }
    public required Force Force { get; init; }
    public string? ClassifiedBy { get; init; }
    /// <summary>Of a statement that becomes an agreed action: what it does not say itself.</summary>
    public OpenedAction? Action { get; init; }
    /// <summary>Of a statement that becomes a planned instrument.</summary>
    public OpenedInstrument? Instrument { get; init; }

    internal override RaisedFields? Raised() => RaisedFieldsOf(Action, Instrument);
}
