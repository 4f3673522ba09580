using FsCheck;
using FsCheck.Fluent;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.Status;
using SecurityCoop.Register.Time;
using Shouldly;
using Xunit;
using static SecurityCoop.Register.Tests.Sample;

namespace SecurityCoop.Register.Tests;

/// <summary>
/// The status against brute force: every case of what may have happened by the day is written out, in each the nine rules are read plainly from
/// model.md, and the answer must be what all the cases say together. Shares with the model the order of the world and the table of states.
/// </summary>
public class StatusProperties
{
    static readonly DateOnly asOf = Day("2020-07-01");

    /// <summary>One thing that happened or may have: of a record (by number; each number is of one kind), on a day.</summary>
    public sealed record Happening(Kind Of, int Record, int What, string On);
    public enum Kind { Meeting, Intent, Action, Instrument, Term, Turn }

    static readonly ActKind[] acts =
        [ActKind.Proposed, ActKind.Planned, ActKind.Signed, ActKind.Signed, ActKind.ProvisionallyApplied, ActKind.EnteredIntoForce, ActKind.Suspended, ActKind.Resumed, ActKind.Renewed, ActKind.Terminated, ActKind.Abandoned];
    // Last days of a term, each with the day from which it has run out, as its author would write it.
    static readonly (string Last, string Expired, string Doubted)[] ends =
        [("2018-12-31", "2019-01-01", "2019-01-01?"), ("2020-06-30", "2020-07-01", "2020-07-01?"), ("2020-07-01", "2020-07-02", "2020-07-02?"), ("2020", "[2020-01-02..2021-01-01]", "[2020-01-02?..2021-01-01?]")];
    const int Expired = -1;
    static readonly string?[] parties = ["home", "DK", null];
    static readonly ActionState[] states = Enum.GetValues<ActionState>();

    // Certainly before the day, certainly after it, and three ways not to know.
    static readonly Gen<string> days = Gen.Elements("2018-03-01", "2019", "2020-06-30", "2020-07-02", "2020", "2019-05?", "");

    static readonly Gen<Happening> happening =
        from of in Gen.Elements(Kind.Meeting, Kind.Intent, Kind.Action, Kind.Instrument, Kind.Instrument, Kind.Instrument, Kind.Instrument, Kind.Term, Kind.Turn)
        from record in Gen.Choose(0, 1)
        from what in Gen.Choose(0, 32)
        from day in days
        select new Happening(of, record, what, day);

    static readonly Gen<List<Happening>> histories = Gen.Choose(1, 7).SelectMany(n => Gen.ListOf(happening, n)).Select(h => h.ToList());

    [Fact]
    public void The_status_is_what_all_possible_cases_say_together() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1500), Prop.ForAll(histories.ToArbitrary(), (Action<List<Happening>>)Agrees));

    static void Agrees(List<Happening> drawn)
    {
        var history = drawn.Distinct().ToList();
        var facts = Facts.None;
        foreach (var record in history.GroupBy(h => (Of: h.Of == Kind.Term ? Kind.Instrument : h.Of, Record: h.Of is Kind.Turn or Kind.Intent ? 0 : h.Record)))
            facts = record.Key.Of switch
            {
                Kind.Meeting => record.Aggregate(facts, (f, h) => f.With(Held(h.On))),
                Kind.Intent or Kind.Turn => facts,
                Kind.Action => facts.With([Agreed(on: "2018-01-01"), .. record.Select(ChangeOf)]),
                Kind.Instrument => facts.With([Opened(), .. record.Select(h => h.Of == Kind.Term ? (object)Ends(TermOf(h).Last) : ActOf(h))]),
                Kind.Term => throw new InvalidOperationException("A term belongs to its instrument."),
            };
        var frame = history.Where(h => h.Of is Kind.Turn or Kind.Intent).Select(h => h.Of == Kind.Turn ? TurnOf(h) : new PartnershipStatementRecorded(Said(Force.Intent, "DK"), D(h.On))).ToArray();
        if (frame.Length > 0) facts = facts.With(frame);

        var agreed = history.Where(h => h.Of == Kind.Action).Select(h => h.Record).Distinct().ToList();
        var cases = Cases(WithEnds(history)).Select(c => Rule(c, agreed)).ToList();
        var (best, worst) = (cases.Min(), cases.Max());
        var same = cases.Select(PartnershipStatus.SlugOf).Distinct().Count() == 1;

        var answer = PartnershipStatus.Of(facts, new(asOf));
        (answer.Status, answer.Certain, answer.Certainty).ShouldBe((best, worst, same ? Certainty.Certain : Certainty.Possible), string.Join(", ", history));
    }

    /// <summary>The history with, for the terms, what becomes of them: of several terms of one instrument the last recorded holds, and a renewal that says no new end leaves the end in doubt.</summary>
    static List<Happening> WithEnds(List<Happening> history)
    {
        var happenings = history.Where(h => h.Of != Kind.Term).ToList();
        foreach (var terms in history.Where(h => h.Of == Kind.Term).GroupBy(h => h.Record))
        {
            var (_, expired, doubted) = TermOf(terms.Last());
            var renewed = happenings.Any(h => h.Of == Kind.Instrument && h.Record == terms.Key && ActOf(h).Kind == ActKind.Renewed && D(h.On).StartedBy(asOf) != Certainty.No);
            happenings.Add(new(Kind.Instrument, terms.Key, Expired, renewed ? doubted : expired));
        }
        return happenings;
    }

    /// <summary>Every set of happenings that may be all that happened by the day.</summary>
    static IEnumerable<List<Happening>> Cases(List<Happening> history)
    {
        var certain = history.Where(h => D(h.On).StartedBy(asOf) == Certainty.Certain).ToList();
        var possible = history.Where(h => D(h.On).StartedBy(asOf) == Certainty.Possible).ToList();
        for (var bits = 0; bits < 1 << possible.Count; bits++)
            yield return [.. history.Where(h => certain.Contains(h) || (possible.IndexOf(h) is var i and >= 0 && (bits >> i & 1) == 1))];
    }

    /// <summary>The first of the nine rules that holds where exactly this happened.</summary>
    static Standing Rule(List<Happening> happened, List<int> agreed)
    {
        var instruments = happened.Where(h => h.Of == Kind.Instrument).GroupBy(h => h.Record).Select(g => InstrumentRule(Ordered(g, h => h.What == Expired ? -1 : (int)ActOf(h).Kind, h => h.What == Expired ? "" : ActOf(h).Party ?? ""))).ToList();
        if (SuspendedAsWhole(Ordered(happened.Where(h => h.Of == Kind.Turn), h => (int)TurnKindOf(h), Side))) return Standing.SuspendedAsWhole;
        foreach (var rule in new[] { Standing.FrameworkActive, Standing.Suspended, Standing.Signed })
            if (instruments.Contains(rule)) return rule;
        if (instruments.Contains(Standing.Committed) || agreed.Any(a => IsOpen(happened.Where(h => h.Of == Kind.Action && h.Record == a)))) return Standing.Committed;
        if (instruments.Contains(Standing.Lapsed)) return Standing.Lapsed;
        if (happened.Any(h => h.Of == Kind.Intent)) return Standing.Intent;
        return happened.Any(h => h.Of == Kind.Meeting) ? Standing.Contact : Standing.NoRecord;
    }

    // The action itself was agreed long before.
    static bool IsOpen(IEnumerable<Happening> changes)
    {
        var state = ActionState.Agreed;
        foreach (var h in Ordered(changes, h => StateOf(h) == ActionState.Agreed ? 10 : (int)StateOf(h), _ => ""))
            if (ActionStates.Allows(state, StateOf(h))) state = StateOf(h);
        return state is ActionState.Agreed or ActionState.Blocked or ActionState.ReportedDone;
    }

    static bool SuspendedAsWhole(List<Happening> turns)
    {
        var standing = new HashSet<string>();
        foreach (var t in turns)
            if (TurnKindOf(t) == TurnKind.Suspended) standing.Add(Side(t));
            else if (Side(t) == "joint") standing.Clear();
            else standing.ExceptWith([Side(t), "joint"]);
        return standing.Count > 0;
    }

    static Standing InstrumentRule(List<Happening> happened)
    {
        HashSet<string> signed = [], suspended = [], proposed = [];
        bool inForce = false, provisional = false, planned = false, ended = false, abandoned = false, expired = false;
        foreach (var h in happened)
        {
            if (h.What == Expired)
            {
                expired = true;
                continue;
            }
            var act = ActOf(h);
            string[] by = act.Party is null ? ["home", "DK"] : [act.Party];
            if (act.Kind == ActKind.Signed) signed.UnionWith(by);
            if (act.Kind == ActKind.Proposed) proposed.UnionWith(by);
            if (act.Kind == ActKind.Planned) planned = true;
            if (act.Kind is ActKind.Proposed or ActKind.Planned) abandoned = false;
            if (act.Kind == ActKind.Abandoned) abandoned = true;
            if (act.Kind == ActKind.ProvisionallyApplied) provisional = true;
            if (act.Kind == ActKind.Terminated) ended = true;
            if (act.Kind == ActKind.Renewed) expired = false;
            if (act.Kind == ActKind.Suspended) suspended.UnionWith(by);
            if (act.Kind == ActKind.Resumed) suspended.ExceptWith(by);
            // A renewal, a resumption or a suspension of what nobody put in force is evidence that it was.
            if (act.Kind is ActKind.EnteredIntoForce or ActKind.Renewed || (act.Kind == ActKind.Resumed && !provisional) || (act.Kind == ActKind.Suspended && !provisional && signed.Count < 2)) inForce = true;
        }
        var existed = signed.Count == 2 || inForce || provisional || suspended.Count > 0 || ended;
        // A plan does not run out.
        if (ended || abandoned || (expired && existed)) return existed ? Standing.Lapsed : Standing.NoRecord;
        if (suspended.Count > 0) return Standing.Suspended;
        if (inForce) return Standing.FrameworkActive;
        if (provisional || signed.Count == 2) return Standing.Signed;
        return planned || signed.Count == 1 || proposed.Count == 2 ? Standing.Committed : Standing.NoRecord;
    }

    static List<Happening> Ordered<TRank>(IEnumerable<Happening> happened, Func<Happening, TRank> rank, Func<Happening, string> party) => [.. happened
        .OrderBy(h => D(h.On).Earliest ?? DateOnly.MinValue).ThenBy(h => D(h.On).Latest ?? DateOnly.MaxValue).ThenBy(rank).ThenBy(party, StringComparer.Ordinal)];

    static InstrumentActRecorded ActOf(Happening h) => Act(acts[h.What % acts.Length], h.On, parties[h.What / acts.Length]);
    static (string Last, string Expired, string Doubted) TermOf(Happening h) => ends[h.What % ends.Length];
    static ActionState StateOf(Happening h) => states[h.What % states.Length];
    static TurnKind TurnKindOf(Happening h) => h.What % 2 == 0 ? TurnKind.Suspended : TurnKind.Resumed;
    static string Side(Happening h) => new[] { "home", "DK", "joint" }[h.What / 11];
    static object TurnOf(Happening h) => TurnKindOf(h) == TurnKind.Suspended ? new PartnershipSuspended(D(h.On), Side(h)) : new PartnershipResumed(D(h.On), Side(h));

    static object ChangeOf(Happening h) => StateOf(h) switch
    {
        ActionState.Agreed => new ActionReopened(D(h.On)),
        ActionState.Blocked => new ActionBlocked(D(h.On)),
        ActionState.ReportedDone => new ActionReportedDone(D(h.On)),
        ActionState.Verified => new ActionVerified(D(h.On)),
        ActionState.Dropped => new ActionDropped(D(h.On)),
        ActionState.Lapsed => new ActionLapsed(D(h.On)),
        ActionState.Superseded => new ActionSuperseded(D(h.On)),
    };
}
