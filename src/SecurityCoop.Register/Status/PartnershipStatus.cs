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
/// <param name="Kind">What it is: meeting, statement, action, instrument, suspension, partnership, the kind of an act, "expired", "term", report (a reading of a disputed field) or preferred (the choice among such).</param>
/// <param name="Computed">It follows from a clause or a notice, not from an act of its own.</param>
/// <param name="Reason">Why, where somebody gave a reason: of a report that is preferred, of one that competes with it.</param>
/// <param name="Home">Stream id of the home organisation concerned, where it is not the service itself.</param>
public sealed record Because(Guid Event, long Position, string? Record, string Kind, Certainty Certainty, IReadOnlyList<Locator>? Sources = null, bool? Computed = null, string? Home = null, string? Reason = null);

public sealed record Modifier(string Code, Certainty Certainty, IReadOnlyList<Because> Because);

/// <summary>What a status query asks: the day of the world, and whether only what the service itself met, agreed or signed counts.</summary>
public sealed record StatusQuestion(DateOnly AsOf, bool ServiceOnly = false);

/// <param name="Certain">The first rule such that in every possible case it or an earlier one holds.</param>
public sealed record StatusAnswer(Standing Status, Certainty Certainty, Standing Certain, IReadOnlyList<Because> Because, IReadOnlyList<Modifier> Modifiers, LastContact? LastContact, bool Closed);

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

        var lives = facts.Partnership.Lives(q.AsOf, t => Counts(t.HomeOrganisation));
        return new(Counts, meetings, actions, instruments, lives,
        [
            Suspension(facts.Partnership, lives, q),
            .. instruments.Select(i => Voices.Of(i, partner, q.AsOf)),
            .. actions.Select(a => Voices.Of(a, q.AsOf)),
            .. meetings.SelectMany(m => Voices.Of(m, partner, q)),
            .. facts.Partnership.Statements.Where(s => Counts(s.HomeOrganisation)).Select(s => Voices.Of(s, partner, s.On!, facts.Partnership.Reference, null, q.AsOf)).OfType<Voice>(),
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
        var modifiers = Modifiers.Of(facts.Partner, actions, instruments, meetings, facts.Partnership, status == Standing.NoRecord ? null : facts.Partnership.ReviewMonths, contact, q.AsOf);
        // Two rules give "suspended": it is certain too where one of them always holds, and what ranks between them cannot.
        var always = certain == status || (SlugOf(certain) == SlugOf(status) && !voices.Any(v => v.Rules.Any(r => r.Rule == Standing.FrameworkActive)));
        return new(status, always ? Certainty.Certain : Certainty.Possible, certain, because, modifiers, contact, lives.All(l => l.Closed));
    }

    /// <summary>Whether an action is open at a day: in every possible case, in some, or in none.</summary>
    public static Certainty OpenAt(AgreedAction action, DateOnly asOf) => Voices.OpenAt(action, asOf);

    static Voice Suspension(Partnership p, IReadOnlySet<PartnershipLife> lives, StatusQuestion q)
    {
        if (!lives.Any(l => l.Suspended)) return new(Standing.NoRecord, []);
        var certainty = lives.All(l => l.Suspended) ? Certainty.Certain : Certainty.Possible;
        var turns = p.Turns.Where(t => !t.Withdrawn && t is { Kind: TurnKind.Suspended, OfWhole: true } && t.On.StartedBy(q.AsOf) != Certainty.No && !(q.ServiceOnly && t.HomeOrganisation is not null));
        return new(certainty == Certainty.Certain ? Standing.SuspendedAsWhole : Standing.NoRecord,
            [(Standing.SuspendedAsWhole, certainty, [.. turns.Select(t => new Because(t.Event, t.Position, p.Reference, "suspension", certainty, t.Sources, Home: t.HomeOrganisation))])]);
    }

    static LastContact? Contact(IReadOnlyList<Meeting> meetings, DateOnly asOf) => meetings
        .Select(m => new LastContact(m.Details!.Date, m.Reference, m.Details.Date.StartedBy(asOf)))
        .Where(c => c.Certainty != Certainty.No && !c.Date.IsUnknown)
        .OrderByDescending(c => c.Date.EndBounds.Latest ?? c.Date.EndBounds.Earliest ?? DateOnly.MinValue).ThenByDescending(c => c.Date.Earliest ?? DateOnly.MinValue)
        .FirstOrDefault();
}
