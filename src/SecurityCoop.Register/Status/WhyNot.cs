using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;
using Counted = SecurityCoop.Register.Status.PartnershipStatus.Counted;

namespace SecurityCoop.Register.Status;

/// <summary>What would make a rule hold or, of one that stands in the way, what would end it.</summary>
/// <param name="Record">Reference of the record to which it would have to happen; null: a record that is not there yet.</param>
/// <param name="Needs">The slug of an act of an instrument, or one of <see cref="Needs"/>.</param>
/// <param name="Party">Who would have to do it; null: whoever may.</param>
/// <param name="On">The day that would have to come, where that is all it needs.</param>
public sealed record Missing(string? Record, string Needs, string? Party = null, Edtf? On = null);

/// <summary>What can be missing beside an act of an instrument.</summary>
public static class Needs
{
    public const string
        Suspension = "suspension", Resumption = "resumption", Instrument = "instrument", Day = "day", Action = "action", Settlement = "settlement", Statement = "statement",
        MoreThanAPhrase = "more-than-a-phrase", PartnersWord = "partners-word", Meeting = "meeting", Holding = "holding", Withdrawal = "withdrawal";

    public static readonly IReadOnlyList<string> All =
        [Suspension, Resumption, Instrument, Day, Action, Settlement, Statement, MoreThanAPhrase, PartnersWord, Meeting, Holding, Withdrawal];
}

/// <param name="Holds">Whether the rule holds by itself, whatever comes before it.</param>
/// <param name="Missing">Of a rule asked about that does not hold: what would make it hold, each record by itself enough. Of one before it that holds: what would end it.</param>
public sealed record RuleVerdict(Standing Rule, Certainty Holds, IReadOnlyList<Because> Because, IReadOnlyList<Missing> Missing);

/// <param name="Holds">Whether the status asked about is the partnership's: a rule that holds while an earlier one does, too, gives no status.</param>
/// <param name="Rules">The rules in their order, up to the last one that gives the status asked about.</param>
public sealed record WhyAnswer(StatusAnswer Status, Certainty Holds, IReadOnlyList<RuleVerdict> Rules);

/// <summary>
/// Why a partnership has, or has not, a certain status: for each rule up to it whether it holds, through what, and what would change that. It reads
/// what the status itself reads (<see cref="PartnershipStatus"/>) and decides nothing.
/// </summary>
public static class WhyNot
{
    /// <param name="status">Slug of the status asked about (<see cref="PartnershipStatus.SlugOf"/>).</param>
    public static WhyAnswer Of(PartnershipFacts facts, StatusQuestion q, string status)
    {
        var (answer, counted) = (PartnershipStatus.Of(facts, q), PartnershipStatus.Counting(facts, q));
        var wanted = Enum.GetValues<Standing>().Where(r => PartnershipStatus.SlugOf(r) == status).ToList();
        return new(answer, answer.Holds(status), [.. Enum.GetValues<Standing>().Where(r => r <= wanted[^1]).Select(r => Verdict(r))]);

        RuleVerdict Verdict(Standing rule)
        {
            var saying = counted.Voices.SelectMany(v => v.Rules).Where(r => r.Rule == rule).ToList();
            // That nothing is on record holds where nothing else does, and possibly where nothing else does for certain.
            var itself = rule == Standing.NoRecord ? answer.Holds(PartnershipStatus.SlugOf(rule)) : saying.Select(r => r.Certainty).DefaultIfEmpty(Certainty.No).Max();
            IEnumerable<Missing> missing = (Asked: wanted.Contains(rule), Holds: itself != Certainty.No) switch
            {
                (true, false) => MakesHold(rule, counted, facts, q.AsOf),
                (false, true) => Ends(rule, wanted[^1], counted, facts, q.AsOf),
                (true, true) or (false, false) => [],
            };
            return new(rule, itself, [.. saying.SelectMany(r => r.Because).OrderBy(b => b.Position)], [.. missing]);
        }
    }

    static IEnumerable<Missing> MakesHold(Standing rule, Counted c, PartnershipFacts facts, DateOnly asOf) => rule switch
    {
        Standing.SuspendedAsWhole => [new(facts.Partner, Needs.Suspension)],
        Standing.FrameworkActive => OfInstruments(c, facts.Partner, (i, life) => TowardsForce(i, life), asOf),
        Standing.Suspended => OfInstruments(c, facts.Partner, (i, life) => Voices.Rule(life) is Standing.FrameworkActive or Standing.Signed ? [Act(i, ActKind.Suspended)] : [], asOf),
        Standing.Signed => OfInstruments(c, facts.Partner, (i, life) => Ended(life) || Voices.Rule(life) < Standing.Committed ? [] : Signatures(i, life), asOf),
        Standing.Committed => [.. c.Instruments.SelectMany(i => Nearest(i, facts.Partner, asOf, (_, life) => life.State is InstrumentState.Proposed or InstrumentState.None ? Each(i, life.ProposedBy, ActKind.Proposed) : [])), new(null, Needs.Action)],
        Standing.Lapsed => OfInstruments(c, facts.Partner, (i, life) => Ended(life) || !life.WasSigned ? [] : [Act(i, ActKind.Terminated)], asOf),
        Standing.Intent => [.. Unheard(c, facts, asOf), new(null, Needs.Statement)],
        Standing.Contact => [.. ToCome(c, facts, asOf), new(null, Needs.Meeting)],
        Standing.NoRecord => [],
    };

    static IEnumerable<Missing> Ends(Standing rule, Standing wanted, Counted c, PartnershipFacts facts, DateOnly asOf)
    {
        IEnumerable<Missing> Those(Func<InstrumentLife, bool> which, ActKind end) => c.Instruments.Where(i => i.Lives(asOf, facts.Partner).Any(which)).Select(i => Act(i, end));
        IEnumerable<Missing> Withdrawn() => c.Voices.SelectMany(v => v.Rules).Where(r => r.Rule == rule).SelectMany(r => r.Because).Select(b => b.Record).Distinct().Select(r => new Missing(r, Needs.Withdrawal));
        return rule switch
        {
            Standing.SuspendedAsWhole => Suspending(c, facts).Select(by => new Missing(facts.Partner, Needs.Resumption, by)),
            Standing.FrameworkActive => Those(l => Voices.Rule(l) == rule, wanted == Standing.Suspended ? ActKind.Suspended : ActKind.Terminated),
            Standing.Suspended => Those(l => Voices.Rule(l) == rule, ActKind.Terminated),
            Standing.Signed => Those(l => Voices.Rule(l) == rule, ActKind.Abandoned),
            Standing.Committed => [.. Those(l => Voices.Rule(l) == rule, ActKind.Abandoned), .. c.Actions.Where(a => Voices.Of(a, asOf).Rules.Count > 0).Select(a => new Missing(a.Reference, Needs.Settlement))],
            // What was, was: only a record that should never have been can be taken out of it.
            Standing.Lapsed or Standing.Intent or Standing.Contact => Withdrawn(),
            Standing.NoRecord => [],
        };
    }

    static IEnumerable<string> Suspending(Counted c, PartnershipFacts facts)
    {
        if (c.Lives.Any(l => l.ByHome)) yield return Statements.Home;
        if (c.Lives.Any(l => l.ByPartner)) yield return facts.Partner;
        if (c.Lives.Any(l => l.Jointly)) yield return Statements.Joint;
    }

    // Each instrument from the life in which least is missing; where none has anything to give, an instrument is.
    static IEnumerable<Missing> OfInstruments(Counted c, string partner, Func<Instrument, InstrumentLife, IReadOnlyList<Missing>> missing, DateOnly asOf)
    {
        var found = c.Instruments.SelectMany(i => Nearest(i, partner, asOf, missing)).ToList();
        return found.Count > 0 ? found : [new(null, Needs.Instrument)];
    }

    static IReadOnlyList<Missing> Nearest(Instrument i, string partner, DateOnly asOf, Func<Instrument, InstrumentLife, IReadOnlyList<Missing>> missing) =>
        i.Lives(asOf, partner).Select(l => missing(i, l)).Where(m => m.Count > 0).OrderBy(m => m.Count).FirstOrDefault() ?? [];

    static bool Ended(InstrumentLife life) => life.State is InstrumentState.Terminated or InstrumentState.Expired or InstrumentState.Superseded or InstrumentState.Abandoned;

    static IReadOnlyList<Missing> TowardsForce(Instrument i, InstrumentLife life)
    {
        // What has run out is put in force again by a renewal.
        if (life.State == InstrumentState.Expired) return [Act(i, ActKind.Renewed)];
        if (Ended(life)) return [];
        if (life.SuspendedBy != 0) return Each(i, ~life.SuspendedBy, ActKind.Resumed);
        var signatures = Signatures(i, life);
        if (life.EntersOnSignature || life.Entered) return signatures;
        return i.Details!.Effect switch
        {
            { Kind: EffectKind.OnDay, On: { } day } => life.EffectDayCame ? signatures : [.. signatures, new(i.Reference, Needs.Day, On: Edtf.On(day))],
            { Kind: EffectKind.OnLastNotification } => [.. signatures, .. Notifications(i, life)],
            null or { Kind: EffectKind.OnSignature or EffectKind.NotStated or EffectKind.OnDay } => [.. signatures, Act(i, ActKind.EnteredIntoForce)],
        };
    }

    static IEnumerable<Missing> Notifications(Instrument i, InstrumentLife life)
    {
        var missing = Each(i, life.NotifiedBy, ActKind.Notified);
        if (missing.Count > 0) return missing;
        return i.EffectDay() is { } day && !life.EffectDayCame ? [new(i.Reference, Needs.Day, On: day)] : [];
    }

    static IReadOnlyList<Missing> Signatures(Instrument i, InstrumentLife life) => life.InEffect || life.EnteredInPart || life.Provisional ? [] : Each(i, life.SignedBy, ActKind.Signed);

    /// <summary>The act by each party that is not among those that have done it (bits in the order of the parties).</summary>
    static IReadOnlyList<Missing> Each(Instrument i, int done, ActKind act) =>
        [.. i.Parties.Where((_, n) => (done & (1 << n)) == 0).Select(p => new Missing(i.Reference, Slug.Of(act), p))];

    static Missing Act(Instrument i, ActKind act) => new(i.Reference, Slug.Of(act));

    // Intent that was stated and does not count: a set phrase, or the home side's word alone.
    static IEnumerable<Missing> Unheard(Counted c, PartnershipFacts facts, DateOnly asOf)
    {
        var said = c.Meetings.SelectMany(m => m.Statements.Select(s => (Statement: s, On: m.Details!.Date, Record: m.Reference)))
            .Concat(facts.Frame.Statements.Where(s => c.Counts(s.HomeOrganisation)).Select(s => (Statement: s, On: s.On!, Record: facts.Frame.Reference)))
            .Where(s => !s.Statement.Withdrawn && s.Statement.Said.Force == Force.Intent && s.On.StartedBy(asOf) != Certainty.No);
        return said.Select(s => Statements.SpeaksFor(s.Statement.Said.Speaker, facts.Partner)
            ? new Missing(s.Record, Needs.MoreThanAPhrase) : new Missing(s.Record, Needs.PartnersWord, facts.Partner)).Distinct();
    }

    // Meetings that are still to come: planned ones, and those held on a later day than the one asked about.
    static IEnumerable<Missing> ToCome(Counted c, PartnershipFacts facts, DateOnly asOf) =>
        facts.Meetings.Where(m => m.State != MeetingState.Held && m.StatesAt(asOf).Any(s => s is MeetingState.Planned or MeetingState.Postponed) && c.Counts(m.Details!.HomeOrganisation)).Select(m => new Missing(m.Reference, Needs.Holding))
            .Concat(c.Meetings.Where(m => m.Details!.Date.StartedBy(asOf) == Certainty.No).Select(m => new Missing(m.Reference, Needs.Day, On: m.Details!.Date)));
}
