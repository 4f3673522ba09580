using System.Collections.Immutable;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace SecurityCoop.Store.Tests.Faults;

/// <summary>
/// Random histories (appends with right and wrong versions, to one stream and to several, with fresh and with used keys, at the same time and one after the
/// other, on two stores of one database) against a model of the store that fits on a page.
/// </summary>
public sealed class HistoryProperties(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const int Streams = 4, Keys = 5, Words = 3;

    /// <param name="Guess">What to add to the version that the model has when the wave begins: 0 mostly.</param>
    private sealed record Touch(int Stream, int Guess, int Events, int Word);

    /// <param name="Key">Null for none; <paramref name="Body"/> distinguishes two uses of it.</param>
    private sealed record Op(int Store, Touch[] Touches, int? Key, int Body)
    {
        public override string ToString() => $"store {Store} {string.Join(" + ", Touches.Select(t => $"s{t.Stream}{t.Guess:+#;-#;+0}×{t.Events} w{t.Word}"))} key {Key}/{Body}";
    }

    /// <summary>Waves of operations: those of one wave run at the same time.</summary>
    private sealed record History(Op[][] Waves)
    {
        public override string ToString() => string.Join("\n", Waves.Select((w, i) => $"{i}: {string.Join(" | ", w.Select(o => o.ToString()))}"));
    }

    private enum Kind { Done, Again, Conflict, OtherBody }

    private sealed record Result(Kind Kind, long First = 0, long Last = 0);

    /// <summary>The whole store, as far as a caller can tell.</summary>
    private sealed record Model(long Size, ImmutableSortedDictionary<int, long> Versions, ImmutableSortedDictionary<int, int> Words, ImmutableSortedDictionary<int, (int Body, long First, long Last)> Keys)
    {
        public long Version(int stream) => Versions.GetValueOrDefault(stream);

        /// <summary>What this operation must be answered in this state, and the state after it.</summary>
        public (Result, Model) Next(Op op, IReadOnlyList<long> expected)
        {
            if (op.Key is { } used && Keys.TryGetValue(used, out var first)) return (first.Body == op.Body ? new(Kind.Again, first.First, first.Last) : new(Kind.OtherBody), this);
            if (op.Touches.Where((t, i) => Version(t.Stream) != expected[i]).Any()) return (new(Kind.Conflict), this);
            var result = new Result(Kind.Done, Size + 1, Size + op.Touches.Sum(t => t.Events));
            return (result, new(
                result.Last,
                Versions.SetItems(op.Touches.Select(t => KeyValuePair.Create(t.Stream, Version(t.Stream) + t.Events))),
                Words.SetItems(op.Touches.GroupBy(t => t.Word).Select(g => KeyValuePair.Create(g.Key, Words.GetValueOrDefault(g.Key) + g.Sum(t => t.Events)))),
                op.Key is { } key ? Keys.Add(key, (op.Body, result.First, result.Last)) : Keys));
        }
    }

    private static readonly Gen<Touch> Touches =
        from stream in Gen.Choose(0, Streams - 1)
        from guess in Gen.Frequency((8, Gen.Constant(0)), (1, Gen.Constant(1)), (1, Gen.Constant(-1)))
        from events in Gen.Choose(1, 3)
        from word in Gen.Choose(0, Words - 1)
        select new Touch(stream, guess, events, word);

    private static readonly Gen<Op> Ops =
        from store in Gen.Choose(0, 1)
        from count in Gen.Frequency((3, Gen.Constant(1)), (1, Gen.Constant(2)))
        from touches in Touches.ArrayOf(count)
        from key in Gen.Frequency((2, Gen.Constant<int?>(null)), (1, Gen.Choose(0, Keys - 1).Select(k => (int?)k)))
        from body in Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Constant(1)))
        select new Op(store, [.. touches.DistinctBy(t => t.Stream)], key, body);

    private static readonly Gen<History> Histories =
        from waves in Gen.Choose(1, 8)
        from sizes in Gen.Choose(1, 5).ArrayOf(waves)
        from ops in Ops.ArrayOf(sizes.Sum())
        select new History([.. sizes.Select((size, i) => ops.Skip(sizes.Take(i).Sum()).Take(size).ToArray())]);

    // Without one wave, or without one operation.
    private static IEnumerable<History> Smaller(History history) =>
        history.Waves.Select((_, i) => new History([.. history.Waves.Where((_, j) => j != i)]))
            .Concat(history.Waves.SelectMany((wave, i) => wave.Length == 1 ? [] : wave.Select((_, k) =>
                new History([.. history.Waves.Select((w, j) => j == i ? [.. w.Where((_, m) => m != k)] : w)]))));

    [Fact]
    public async Task Every_history_is_one_that_the_model_could_have_had()
    {
        var stores = new[] { await database.Open(), await database.Open() };
        var seen = new HashSet<Kind>();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(40), Prop.ForAll(Arb.From(Histories, Smaller), history =>
        {
            seen.UnionWith(Task.Run(() => MustBePossible(history, stores)).GetAwaiter().GetResult());
            return true;
        }));
        seen.ShouldBe(Enum.GetValues<Kind>(), ignoreOrder: true, "every kind of answer was given");
        await LogCheck.MustHold(database);
    }

    /// <returns>The kinds of answers given.</returns>
    private static async Task<HashSet<Kind>> MustBePossible(History history, RegisterStore[] stores)
    {
        var name = Guid.NewGuid().ToString("N");
        var kinds = new HashSet<Kind>();
        var model = new Model((await stores[0].Head()).Size, ImmutableSortedDictionary<int, long>.Empty, ImmutableSortedDictionary<int, int>.Empty, ImmutableSortedDictionary<int, (int, long, long)>.Empty);
        foreach (var wave in history.Waves)
        {
            var before = model;
            var asked = wave.Select(op => (Op: op, Expected: op.Touches.Select(t => Math.Max(0, before.Version(t.Stream) + t.Guess)).ToArray())).ToArray();
            var answered = (await Task.WhenAll(asked.Select(async a => (a.Op, a.Expected, Result: await Run(stores[a.Op.Store], name, a.Op, a.Expected))))).ToArray();

            kinds.UnionWith(answered.Select(a => a.Result.Kind));

            // What was done has an order, the log's; in it every one must have been possible, with that very answer.
            var states = new List<Model> { model };
            foreach (var (op, expected, result) in answered.Where(a => a.Result.Kind == Kind.Done).OrderBy(a => a.Result.First))
            {
                (var must, model) = model.Next(op, expected);
                result.ShouldBe(must, $"{op} expecting {string.Join(',', expected)}");
                states.Add(model);
            }
            // Every other answer must have been right at some moment of the wave.
            foreach (var (op, expected, result) in answered.Where(a => a.Result.Kind != Kind.Done))
                states.Select(s => s.Next(op, expected).Item1).ShouldContain(result, $"{op} expecting {string.Join(',', expected)}");
            // And each store shows it at once.
            foreach (var store in stores)
            {
                (await store.RowsOf(Sample.Kind(), [.. Enumerable.Range(0, Streams).Select(s => Stream(name, s))])).Select(r => r.Version)
                    .ShouldBe(Enumerable.Range(0, Streams).Select(model.Version));
            }
        }
        return kinds;
    }

    private static string Stream(string name, int stream) => $"sample-{name}-{stream}";

    private static async Task<Result> Run(RegisterStore store, string name, Op op, long[] expected)
    {
        var command = Guid.CreateVersion7();
        var streams = op.Touches.Select((t, i) => new StreamAppend(Stream(name, t.Stream), "sample", expected[i],
            [.. Enumerable.Range(0, t.Events).Select(_ => Sample.New(new Noted($"{name}{t.Word} x"), command))]));
        var key = op.Key is { } k ? new IdempotencyKey("model", "/histories", $"{name} {k}", Encoding.UTF8.GetBytes($"{op.Body}")) : null;
        try
        {
            var done = await store.Append(new(command, [.. streams], key));
            return new(Kind.Done, done.First, done.Last);
        }
        catch (AlreadyDone done)
        {
            return new(Kind.Again, done.Answer.Appended!.First, done.Answer.Appended.Last);
        }
        catch (VersionConflict)
        {
            return new(Kind.Conflict);
        }
        catch (KeyReused)
        {
            return new(Kind.OtherBody);
        }
    }
}
