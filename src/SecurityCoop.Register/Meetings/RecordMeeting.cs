using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Meetings;

/// <summary>A statement to be recorded, with what it opens where that is more than the statement itself says.</summary>
/// <param name="Action">Fields given for the action that an agreed-action statement opens; what is absent follows from the statement.</param>
/// <param name="Instrument">The same for a planned-instrument statement.</param>
/// <param name="HomeOrganisation">The home organisation that spoke or was spoken to, where it is another than the meeting's; what the statement opens takes it.</param>
/// <param name="ProtectFor">The person for whom the statement's text is to be protected.</param>
public sealed record NewStatement(
    Statement Said, IReadOnlyList<Locator>? Sources = null, int? Credibility = null, string? Reason = null, Marking? Marking = null,
    OpenedAction? Action = null, OpenedInstrument? Instrument = null, string? ProtectFor = null, string? HomeOrganisation = null, string? OnBehalfOf = null,
    IReadOnlyList<string>? Groups = null)
{
    /// <summary>The text as far as it may be repeated elsewhere: what is protected stands in its own event only.</summary>
    internal string? OpenText => ProtectFor is null ? Said.Text : null;
}

/// <summary>Where statements are made: the record that holds them, and what their children take from it.</summary>
public sealed record Scene(string Stream, IReadOnlyList<string> Partners, Edtf Date, string? HomeOrganisation, string? Meeting, int LastNumber);

/// <summary>Recording a meeting, with its statements and with the actions and instruments that those agree on: one command, several streams.</summary>
public static class RecordMeeting
{
    /// <summary>The first stream is the meeting's own.</summary>
    /// <param name="held">False for a meeting that is only planned.</param>
    public static IReadOnlyList<StreamFacts> Decide(string stream, MeetingDetails details, bool held, IReadOnlyList<NewStatement> statements, IReadOnlyList<Locator>? sources, Asked asked)
    {
        CheckDetails(details);
        if (held) Outcomes.CheckHeld(details, asked.Today);
        if (!held && statements.Count > 0) throw Refusal.OfField("/statements", "statements-before-meeting");
        var scene = new Scene(stream, details.Partners, details.Date, details.HomeOrganisation, stream, 0);
        var (said, opened) = Say(scene, statements, Recorded, "/statements", asked);
        var first = new Fact(held ? new MeetingHeld(details) : new MeetingPlanned(details), details.Date, sources);
        return [new(stream, [first, .. said], ReferencePrefix: Prefix(details.Partners, "MTG")), .. opened];
    }

    /// <summary>Statements added to a meeting on record.</summary>
    /// <exception cref="Refusal">meeting-not-held: nothing has been said yet at a meeting that is planned or cancelled.</exception>
    public static IReadOnlyList<StreamFacts> AddStatements(string stream, Meeting meeting, IReadOnlyList<NewStatement> statements, string pointer, Asked asked)
    {
        meeting.Takes(MeetingStep.AddStatement);
        var d = meeting.Details!;
        var scene = new Scene(stream, d.Partners, d.Date, d.HomeOrganisation, stream, meeting.Statements.Count);
        var (said, opened) = Say(scene, statements, Recorded, pointer, asked);
        return [new(stream, said), .. opened];
    }

    static MeetingStatementRecorded Recorded(Statement s, string? home) => new(s) { HomeOrganisation = home };

    /// <summary>Numbers the statements and opens what they agree on: an action for each partner concerned, one instrument for all of them.</summary>
    public static (IReadOnlyList<Fact> Said, IReadOnlyList<StreamFacts> Opened) Say(
        Scene scene, IReadOnlyList<NewStatement> statements, Func<Statement, string?, object> asEvent, string pointer, Asked asked)
    {
        var said = new List<Fact>();
        var opened = new List<StreamFacts>();
        for (var i = 0; i < statements.Count; i++)
        {
            var s = statements[i];
            var at = statements.Count == 1 && !pointer.EndsWith("statements", StringComparison.Ordinal) ? pointer : $"{pointer}/{i}";
            Statements.Check(s.Said, scene.Partners, at);
            if (s.Action is not null && s.Said.Force != Force.AgreedAction) throw Refusal.OfField($"{at}/action", "opens-nothing", "agreed-action");
            if (s.Instrument is not null && s.Said.Force != Force.PlannedInstrument) throw Refusal.OfField($"{at}/instrument", "opens-nothing", "planned-instrument");
            var numbered = s.Said with { Number = scene.LastNumber + i + 1 };
            var partners = Concerned(s.Said.Speaker, scene.Partners);
            IReadOnlyList<StreamFacts> opens = s.Said.Force switch
            {
                Force.AgreedAction => [.. partners.Select(p => AgreedAction.OpenFrom(p, numbered, s, scene, at, asked))],
                Force.PlannedInstrument => [Instrument.OpenFrom(partners, numbered, s, scene, at, asked)],
                Force.Discussed or Force.Intent or Force.Appreciation or Force.Objection or Force.Denial => [],
            };
            if (opens.Count > 0) numbered = numbered with { Opens = [.. opens.Select(o => o.Stream)] };
            said.Add(new(asEvent(numbered, s.HomeOrganisation), scene.Date, s.Sources, s.Credibility, s.Reason, Marking: s.Marking,
                Protect: s.ProtectFor is null ? null : new("/text", s.ProtectFor), OnBehalfOf: s.OnBehalfOf, Groups: s.Groups));
            opened.AddRange(opens);
        }
        return (said, opened);
    }

    /// <summary>A partner speaks for itself; what is said jointly or by the home side concerns every partner at the table.</summary>
    internal static IReadOnlyList<string> Concerned(string speaker, IReadOnlyList<string> partners) => speaker is Statements.Home or Statements.Joint ? partners : [speaker];

    /// <summary>References are counted by partner, and together for what has several.</summary>
    public static string Prefix(IReadOnlyList<string> partners, string kind) => $"{(partners.Count == 1 ? partners[0] : "MUL")}-{kind}";

    internal static void CheckDetails(MeetingDetails d, string pointer = "")
    {
        Partners(d.Partners, $"{pointer}/partners");
        foreach (var (p, i) in (d.PartnerSide ?? []).Select((p, i) => (p, i)))
            if (p.Partner is { } code && !d.Partners.Contains(code))
                throw Refusal.OfField($"{pointer}/partnerSide/{i}/partner", "not-a-partner-here", code, string.Join(", ", d.Partners));
        Described(d.Home, $"{pointer}/home");
        Described(d.PartnerSide, $"{pointer}/partnerSide");
    }

    internal static void Partners(IReadOnlyList<string> partners, string pointer)
    {
        if (partners.Count == 0) throw Refusal.OfField(pointer, "required");
        if (partners.Distinct().Count() != partners.Count) throw Refusal.OfField(pointer, "doubled", string.Join(", ", partners));
        foreach (var (code, i) in partners.Select((p, i) => (p, i))) HomeCountry.CheckForeign(code, $"{pointer}/{i}");
    }

    static void Described(IReadOnlyList<Participant>? people, string pointer)
    {
        foreach (var (p, i) in (people ?? []).Select((p, i) => (p, i)))
            if (p.Person is null && p.Office is null && string.IsNullOrWhiteSpace(p.Description))
                throw Refusal.OfField($"{pointer}/{i}", "participant-empty");
    }
}
