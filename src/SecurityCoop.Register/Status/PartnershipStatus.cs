using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Status;

/// <summary>Where a partnership stands, in the order of the rules: the first that holds is the status (model.md, "Status of a partnership").</summary>
public enum Standing { SuspendedAsWhole, FrameworkActive, Suspended, Signed, Committed, Lapsed, Intent, Contact, NoRecord }

/// <summary>An event that makes a rule or a modifier hold.</summary>
/// <param name="Record">Reference of the record that it belongs to.</param>
/// <param name="Kind">What it is: meeting, statement, action, instrument, suspension, partnership, the kind of an act, "expired", "term", or what changed a value that counts: refined, corrected, reclassified, set, report (a reading, followed or disputed) or preferred (the choice among such).</param>
/// <param name="Computed">It follows from a clause or a notice, not from an act of its own.</param>
/// <param name="Reason">Why, where somebody gave a reason: of a report that is preferred, of one that competes with it.</param>
/// <param name="Origin">Of what a statement opened that says so no longer: "withdrawn", or the force that it has now.</param>
/// <param name="Home">Stream id of the home organisation concerned, where it is not the service itself.</param>
public sealed record Because(Guid Event, long Position, string? Record, string Kind, Certainty Certainty, IReadOnlyList<Locator>? Sources = null, bool? Computed = null, string? Home = null, string? Reason = null, string? Origin = null);

public sealed record Modifier(string Code, Certainty Certainty, IReadOnlyList<Because> Because);

/// <summary>What a status query asks: the day of the world, and whether only what the service itself met, agreed or signed counts.</summary>
public sealed record StatusQuestion(DateOnly AsOf, bool ServiceOnly = false);

/// <param name="Certain">The first rule such that in every possible case it or an earlier one holds.</param>
public sealed record StatusAnswer(Standing Status, Certainty Certainty, Standing Certain, IReadOnlyList<Because> Because, IReadOnlyList<Modifier> Modifiers, LastContact? LastContact, bool Closed)
{
    /// <summary>Every rule that is the first to hold in some possible case; <see cref="Status"/> is the first of them, <see cref="Certain"/> the last.</summary>
    public required IReadOnlySet<Standing> Possible { get; init; }

    /// <summary>Whether this is the partnership's status: in every possible case, in some, or in none.</summary>
    /// <param name="slug">As <see cref="PartnershipStatus.SlugOf"/> gives it.</param>
    public Certainty Holds(string slug) => PartnershipStatus.SlugOf(Status) == slug ? Certainty : Possible.Any(r => PartnershipStatus.SlugOf(r) == slug) ? Certainty.Possible : Certainty.No;
}

/// <summary>The latest dated meeting that happened, at least possibly, by the day asked about.</summary>
public sealed record LastContact(Edtf Date, string? Record, Certainty Certainty);

/// <summary>
/// The status rules. Each record by itself has a few possible lives at a day; in each it makes one rule hold. Records are independent, and the
/// status is the first rule that any of them makes hold: so the best over all lives is what possibly holds, and the best over the records'
/// worst lives is what certainly does.
/// </summary>
public static class PartnershipStatus
{
    /// <summary>What one record says: the rules that it makes hold in some life, with their reasons, and the rule of its worst life.</summary>
    internal sealed record Voice(Standing Worst, IReadOnlyList<(Standing Rule, Certainty Certainty, IReadOnlyList<Because> Because)> Rules);

    public static string SlugOf(Standing s) => s switch
    {
        Standing.SuspendedAsWhole or Standing.Suspended => "suspended",
        Standing.FrameworkActive => "framework-active",
        Standing.Signed => "signed",
        Standing.Committed => "committed",
        Standing.Lapsed => "lapsed",
        Standing.Intent => "intent",
        Standing.Contact => "contact",
        Standing.NoRecord => "no-record",
    };

    /// <summary>What counts for a question, and what each of it says.</summary>
    /// <param name="Counts">Whether what a home organisation did counts; null is the service itself.</param>
    internal sealed record Counted(
        Func<string?, bool> Counts, IReadOnlyList<Meeting> Meetings, IReadOnlyList<AgreedAction> Actions, IReadOnlyList<Instrument> Instruments, IReadOnlySet<PartnershipLife> Lives, IReadOnlyList<Voice> Voices);

    internal static Counted Counting(PartnershipFacts facts, StatusQuestion q)
    {
        bool Counts(string? home) => !q.ServiceOnly || home is null;
        var partner = facts.Partner;
        var meetings = facts.Meetings.Where(m => m.State == MeetingState.Held && Counts(m.Details!.HomeOrganisation)).ToList();
        var actions = facts.Actions.Where(a => Counts(a.Details!.HomeOrganisation)).ToList();
        var instruments = facts.Instruments.Where(i => Counts(i.Details!.HomeOrganisation)).ToList();

        var lives = facts.Frame.Lives(q.AsOf, t => Counts(t.HomeOrganisation));
        return new(Counts, meetings, actions, instruments, lives,
        [
            Suspension(facts.Frame, lives, q),
            .. instruments.Select(i => Voices.Of(i, partner, q.AsOf)),
            .. actions.Select(a => Voices.Of(a, q.AsOf)),
            .. meetings.SelectMany(m => Voices.Of(m, partner, q)),
            .. facts.Frame.Statements.Where(s => Counts(s.HomeOrganisation)).Select(s => Voices.Of(s, partner, s.On!, facts.Frame, null, q.AsOf)).OfType<Voice>(),
        ]);
    }

    public static StatusAnswer Of(PartnershipFacts facts, StatusQuestion q) => Undisputed(facts, q).Weighed(facts, q);

    /// <summary>The status by what the records themselves say, whatever else is reported.</summary>
    internal static StatusAnswer Undisputed(PartnershipFacts facts, StatusQuestion q)
    {
        var (_, meetings, actions, instruments, lives, voices) = Counting(facts, q);
        var status = voices.SelectMany(v => v.Rules).Select(r => r.Rule).Append(Standing.NoRecord).Min();
        var certain = voices.Select(v => v.Worst).Append(Standing.NoRecord).Min();
        var because = voices.SelectMany(v => v.Rules).Where(r => r.Rule == status).SelectMany(r => r.Because).OrderBy(b => b.Position).ToList();
        var contact = Contact(meetings, q.AsOf);
        // Where nothing is on record, nothing is dormant.
        var modifiers = Modifiers.Of(facts.Partner, actions, instruments, meetings, facts.Frame, status == Standing.NoRecord ? null : facts.Frame.ReviewMonths, contact, q);
        // Two rules give "suspended": it is certain too where one of them always holds, and what ranks between them cannot.
        var always = certain == status || (SlugOf(certain) == SlugOf(status) && !voices.Any(v => v.Rules.Any(r => r.Rule == Standing.FrameworkActive)));
        return new(status, always ? Certainty.Certain : Certainty.Possible, certain, because, modifiers, contact, lives.All(l => l.Closed))
        {
            // A record may have a rule first only where every other record, and its own worst life, comes no earlier.
            Possible = voices.SelectMany(v => v.Rules).Select(r => r.Rule).Where(r => r <= certain).Append(certain).ToHashSet(),
        };
    }

    /// <summary>Whether an action is open at a day: in every possible case, in some, or in none.</summary>
    public static Certainty OpenAt(AgreedAction action, DateOnly asOf) => Voices.OpenAt(action, asOf);

    static Voice Suspension(Partnership p, IReadOnlySet<PartnershipLife> lives, StatusQuestion q)
    {
        if (!lives.Any(l => l.Suspended)) return new(Standing.NoRecord, []);
        var certainty = lives.All(l => l.Suspended) ? Certainty.Certain : Certainty.Possible;
        bool Counts(Turn t) => !(q.ServiceOnly && t.HomeOrganisation is not null);
        var turns = p.Turns.Where(t => !t.Withdrawn && Counts(t) && t is { Kind: TurnKind.Suspended, OfWhole: true } && p.MayStand(t, q.AsOf, Counts));
        return new(certainty == Certainty.Certain ? Standing.SuspendedAsWhole : Standing.NoRecord,
            [(Standing.SuspendedAsWhole, certainty, [.. turns.SelectMany(t => Voices.Cited(p, t.Event, new Because(t.Event, t.Position, p.Reference, "suspension", certainty, t.Sources, Home: t.HomeOrganisation)))])]);
    }

    static LastContact? Contact(IReadOnlyList<Meeting> meetings, DateOnly asOf) => meetings
        .Select(m => new LastContact(m.Details!.Date, m.Reference, m.Details.Date.StartedBy(asOf)))
        .Where(c => c.Certainty != Certainty.No && !c.Date.IsUnknown)
        .OrderByDescending(c => c.Date.EndBounds.Latest ?? c.Date.EndBounds.Earliest ?? DateOnly.MinValue).ThenByDescending(c => c.Date.Earliest ?? DateOnly.MinValue)
        .FirstOrDefault();
}
