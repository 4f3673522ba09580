using System.Globalization;
using SecurityCoop.Register;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.Time;
using SecurityCoop.Store;

namespace SecurityCoop.Benchmarks;

/// <summary>
/// Ten years with a hundred partners, as many events as are asked for: meetings with what was said, actions agreed there with their
/// follow-ups, and memoranda with their lives, all through the model's decisions. Texts are made of three thousand words, a few of them frequent.
/// </summary>
internal static class TenYears
{
    private const int Words = 3000, Writers = 50;
    private static readonly DateOnly first = new(2016, 11, 30), last = new(2026, 11, 30); // The last meetings are half a year before: what became of them is past, too.

    public static readonly string[] Partners = [.. RegisterLog.Partners.Take(100)];

    /// <summary>A word that one statement of twenty has, and one that three of a thousand have.</summary>
    public const string Frequent = "word0040", Rare = "word2900";

    public static async Task Fill(RegisterStore store, long events)
    {
        foreach (var partner in Partners)
        {
            var facts = Partnership.Initial.Open(new PartnershipDetails { Partner = partner });
            await store.Append(RegisterLog.Request(Partnership.StreamOf(partner), "partnership", facts, reference: partner));
        }
        var recorded = (long)Partners.Length;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var random = new Random(writer);
            var mine = Partners.Where((_, i) => i % Writers == writer).ToArray();
            for (var i = 0; Interlocked.Read(ref recorded) < events; i++)
            {
                var share = (double)Interlocked.Read(ref recorded) / events;
                var day = first.AddDays((int)(Math.Min(1, share) * (last.DayNumber - first.DayNumber - 200)));
                foreach (var request in Meeting(random, mine[i % mine.Length], day, withInstrument: i % 20 == 0))
                {
                    await store.Append(request);
                    Interlocked.Add(ref recorded, request.Streams.Sum(s => s.Events.Count));
                }
            }
        })));
    }

    // A meeting at which something is agreed, and what became of it: some actions are done, some are late.
    private static IEnumerable<AppendRequest> Meeting(Random random, string partner, DateOnly day, bool withInstrument)
    {
        var asked = new Asked(last, kind => $"{kind}-{Guid.CreateVersion7()}");
        var meeting = asked.NewStream("meeting");
        Edtf On(int later) => Edtf.Parse(day.AddDays(later).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        List<Fact> said =
        [
            new(new MeetingHeld(new MeetingDetails { Partners = [partner], Kind = "working-meeting", Date = On(0), Place = "Rabat" }), On(0)),
            .. Enumerable.Range(1, random.Next(2, 6)).Select(n => new Fact(new MeetingStatementRecorded(new Statement
            {
                Number = n, Force = Force.Discussed, Speaker = Statements.Joint, Topics = ["CT"], Text = Text(random, 25),
            }))),
        ];
        yield return RegisterLog.Request(meeting, "meeting", said, $"{partner}-MTG");
        for (var actions = random.Next(0, 3); actions > 0; actions--)
        {
            var due = random.Next(30, 200);
            var agreed = AgreedAction.Agree(asked.NewStream("action"), new()
            {
                Partner = partner, What = Text(random, 8), OwedBy = OwedBy.Both, On = On(0), Due = On(due), Meeting = meeting,
            }, asked);
            yield return RegisterLog.Request(agreed.Stream, "action", agreed.Facts, agreed.ReferencePrefix);
            var action = AgreedAction.After(agreed);
            for (var (i, followUps) = (1, random.Next(0, 6)); i <= followUps; i++)
            {
                var facts = action.FollowUp(On(due * i / 6), Text(random, 15), i == 5 ? ActionState.ReportedDone : null, null, null);
                yield return RegisterLog.Request(agreed.Stream, "action", facts, version: action.Version());
                action = action.After(facts);
            }
        }
        if (!withInstrument) yield break;
        NewAct[] acts = [new(new() { Kind = ActKind.Planned, On = On(0) }), new(new() { Kind = ActKind.Signed, On = On(90) })];
        var opened = Instrument.Open(asked.NewStream("instrument"), new()
        {
            Partners = [partner], Kind = "mou", Binding = Binding.NonBinding, Title = Text(random, 6), Meeting = meeting,
        }, acts, null, asked);
        yield return RegisterLog.Request(opened.Stream, "instrument", opened.Facts, opened.ReferencePrefix);
    }

    // Events of an action by now: its first, a follow-up each, and its change of state.
    private static long Version(this AgreedAction action) => 1 + action.FollowUps.Count + action.Changes.Count;

    private static string Text(Random random, int words) => string.Join(' ', Enumerable.Range(0, words).Select(_ => Word(random.NextDouble())));

    // By the third power few words are frequent and most are rare.
    private static string Word(double share) =>
        string.Create(CultureInfo.InvariantCulture, $"word{(int)(Words * share * share * share):0000}");
}
