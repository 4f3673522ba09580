using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Time;
using Shouldly;
using Xunit;
using static SecurityCoop.Register.Tests.Sample;

namespace SecurityCoop.Register.Tests;

/// <summary>The table of acts: which pair contradicts, which act wants another before it.</summary>
public class ActsTests
{
    static readonly ActKind[] kinds = Enum.GetValues<ActKind>();

    public static TheoryData<ActKind, ActKind> Pairs() => [.. kinds.SelectMany(a => kinds.Select(b => (a, b)))];

    // By all, by one party both times, by each party once: a cell says the same in all three, but for whom the first act was done.
    static readonly (string? First, string? Second)[] doers = [(null, null), ("DK", "DK"), ("home", "DK")];

    [Theory, MemberData(nameof(Pairs))]
    public void Every_cell_of_the_table_is_allowed_accepted_as_unsupported_or_refused_by_name(ActKind first, ActKind second)
    {
        foreach (var (by, then) in doers)
        {
            var (earlier, later) = (Act(first, "2020-03-01", by), Act(second, "2020-03-04", then));
            var refused = Acts.Contradicts(first, second) && Acts.ReachOf(first) switch
            {
                Acts.Reach.OneParty => by == then,
                // Of two parties only one has done it, so that only its own doing it again is impossible.
                Acts.Reach.EveryParty => by is null || (by == then && first == second),
                Acts.Reach.Either => true,
            };
            foreach (var (known, asked) in new[] { (earlier, later), (later, earlier) })
            {
                var when = Instrument(Opened(), known).When(i => i.Record(asked, null));
                if (refused) when.ThenRefused("act-contradicts").Args.ShouldBe(["XX-0001", Slug.Of(second), "2020-03-04", Slug.Of(first), "2020-03-01"]);
                else
                {
                    var state = when.ThenOnce(asked).State;
                    var supported = Acts.Wants(second).Count == 0 || (Acts.Wants(second).Contains(first) && (second != ActKind.Resumed || by == then));
                    state.Unsupported().Any(a => a.What.On == later.On).ShouldBe(!supported, $"{by} {then}");
                    state.Unsupported().Any(a => a.What.On == earlier.On).ShouldBe(Acts.Wants(first).Count > 0);
                }
            }
        }
    }

    [Theory, MemberData(nameof(Pairs))]
    public void Two_acts_whose_order_is_not_certain_contradict_nothing(ActKind first, ActKind second)
    {
        foreach (var day in new[] { "2020-03", "2020", "", "2020-03-01?" })
            Instrument(Opened(), Act(first, day)).When(i => i.Record(Act(second, "2020-03-04"), null)).ThenOnce(Act(second, "2020-03-04"));
        Instrument(Opened(), Act(first, "2020-03-04")).When(i => i.Record(Act(second, "2020-03-04", "home"), null)).ThenOnce(Act(second, "2020-03-04", "home"));
    }

    // Written out beside the table, so that a slip in it is seen.
    [Theory]
    [InlineData(ActKind.Signed, ActKind.EnteredIntoForce, false)]
    [InlineData(ActKind.EnteredIntoForce, ActKind.Signed, true)]
    [InlineData(ActKind.EnteredIntoForce, ActKind.Ratified, false)]
    [InlineData(ActKind.Ratified, ActKind.EnteredIntoForce, false)]
    [InlineData(ActKind.Signed, ActKind.Planned, true)]
    [InlineData(ActKind.Signed, ActKind.Ratified, false)]
    [InlineData(ActKind.Ratified, ActKind.Signed, true)]
    [InlineData(ActKind.Terminated, ActKind.Signed, true)]
    [InlineData(ActKind.Terminated, ActKind.Published, false)]
    [InlineData(ActKind.EnteredIntoForce, ActKind.Abandoned, true)]
    [InlineData(ActKind.Signed, ActKind.Abandoned, false)]
    [InlineData(ActKind.Abandoned, ActKind.NegotiationReopened, false)]
    [InlineData(ActKind.Abandoned, ActKind.EnteredIntoForce, true)]
    [InlineData(ActKind.Suspended, ActKind.Resumed, false)]
    [InlineData(ActKind.Resumed, ActKind.Suspended, false)]
    [InlineData(ActKind.Suspended, ActKind.Suspended, false)]
    public void The_table_says(ActKind first, ActKind second, bool contradicts) => Acts.Contradicts(first, second).ShouldBe(contradicts);

    [Theory]
    [InlineData(ActKind.Resumed, ActKind.Suspended)]
    [InlineData(ActKind.EnteredIntoForce, ActKind.Signed)]
    [InlineData(ActKind.Ratified, ActKind.Signed)]
    [InlineData(ActKind.TerminationNotified, ActKind.EnteredIntoForce)]
    [InlineData(ActKind.Terminated, ActKind.ProvisionallyApplied)]
    [InlineData(ActKind.SigningPostponed, ActKind.SigningPlanned)]
    public void An_act_without_what_it_builds_on_is_accepted_and_unsupported(ActKind kind, ActKind forerunner)
    {
        var alone = Instrument(Opened()).When(i => i.Record(Act(kind, "2020-03-04"), null)).ThenOnce(Act(kind, "2020-03-04")).State;
        Acts.IsUnsupported(alone.Acts[0], alone.Acts).ShouldBeTrue();

        var supported = Instrument(Opened(), Act(kind, "2020-03-04"), Act(forerunner, "2020")).State;
        Acts.IsUnsupported(supported.Acts[0], supported.Acts).ShouldBeFalse();

        var after = Instrument(Opened(), Act(kind, "2020-03-04"), Act(forerunner, "2021")).State;
        Acts.IsUnsupported(after.Acts[0], after.Acts).ShouldBeTrue("a forerunner that certainly came later is none");
    }

    [Fact]
    public void Acts_that_want_no_forerunner_are_never_unsupported()
    {
        foreach (var kind in kinds.Where(k => Acts.Wants(k).Count == 0))
            Acts.IsUnsupported(Instrument(Opened(), Act(kind, "2020")).State.Acts[0], []).ShouldBeFalse();
    }

    [Fact]
    public void Acts_recorded_in_any_order_give_the_same_states_on_every_day()
    {
        InstrumentActRecorded[] acts =
        [
            Act(ActKind.Signed, "2001-05-03", "home"), Act(ActKind.Signed, "2001", "DK"), Act(ActKind.EnteredIntoForce, "[2002-01-01..2002-06-30]"),
            Act(ActKind.Suspended, "2010-02", "DK", until: "2010-12-31"), Act(ActKind.Resumed, "2010", "DK"), Act(ActKind.TerminationNotified, "2015-01?", "home", expected: "2015-07"),
        ];
        var days = Enumerable.Range(0, 16 * 6).Select(n => Day("2000-12-15").AddMonths(2 * n)).ToList();
        var expected = days.Select(d => States(acts, d)).ToList();
        expected.Distinct().Count().ShouldBeGreaterThan(6);
        var random = new Random(20260127);
        for (var round = 0; round < 40; round++)
        {
            random.Shuffle(acts);
            days.Select(d => States(acts, d)).ShouldBe(expected);
        }
    }

    static string States(InstrumentActRecorded[] acts, DateOnly day) =>
        string.Join(" ", Instrument([Opened(), .. acts]).State.Lives(day).Select(l => $"{l.State}/{l.SignedBy}/{l.SuspendedBy}/{l.TerminationNotified}").Order(StringComparer.Ordinal));
}
