using Npgsql;

namespace SecurityCoop.Store.Tests.Faults;

/// <summary>
/// Holds the clients' journals against the database. It shares nothing with the store: plain statements, and what the clients wrote down.
/// </summary>
internal sealed partial class HistoryCheck(TestDatabase database)
{
    private sealed record Stored(long Position, Guid Id, string Stream, long Version);

    /// <summary>What became of one command, over all attempts.</summary>
    private sealed record Command(Ask Ask, Attempt[] Attempts)
    {
        public Attempt[] Done { get; } = [.. Attempts.Where(a => a.Answer.Outcome == Outcome.Done)];
        public bool Refused => Attempts.All(a => a.Answer.Outcome == Outcome.Refused);
        public long Begun => Attempts.Min(a => a.Begun);
        public string Told => string.Join('\n', Attempts.Select(Messages.Write));
        public long Acknowledged => Done.Min(a => a.Ended);
    }

    /// <returns>How many commands were acknowledged, refused, and left unknown.</returns>
    public async Task<(int Done, int Refused, int Unknown)> MustHold(IReadOnlyList<Attempt> attempts)
    {
        await LogMustHold();
        var log = await Log();
        log.Select(e => e.Command).Except(attempts.Select(a => a.Ask.Command)).ShouldBeEmpty("nothing is stored that nobody asked for");
        return await CommandsMustHold(attempts);
    }

    /// <summary>The same for these commands beside others.</summary>
    public async Task<(int Done, int Refused, int Unknown)> CommandsMustHold(IReadOnlyList<Attempt> attempts)
    {
        var log = await Log();
        var byCommand = log.ToLookup(e => e.Command, e => e.Event);
        var commands = attempts.Where(a => a.Ask.Read is null).GroupBy(a => a.Ask.Command).Select(g => new Command(g.First().Ask, [.. g])).ToArray();

        foreach (var command in commands)
        {
            Stored[] there = [.. byCommand[command.Ask.Command]];
            if (command.Done.Length > 0) ShouldBeWhole(command, there);
            else if (command.Refused) there.ShouldBeEmpty($"refused: {command.Told}");
            else if (there.Length > 0) ShouldBeWhole(command, there);
            if (command.Ask.Parts.Any(p => p.Expected == FaultClient.Impossible)) command.Done.ShouldBeEmpty("no stream was ever at that version");
        }
        OrderMustRespectTime(commands.Where(c => c.Done.Length > 0).ToArray());
        ReadsMustBeCurrent(attempts, commands, log.Select(e => e.Event).ToLookup(e => e.Position));
        return (commands.Count(c => c.Done.Length > 0), commands.Count(c => c.Refused), commands.Count(c => c.Done.Length == 0 && !c.Refused));
    }

    // All of its events, in its order, at consecutive positions, once; and every acknowledgement names them.
    private static void ShouldBeWhole(Command command, Stored[] there)
    {
        there.Select(e => (e.Id, e.Stream)).ShouldBe(command.Ask.Parts.SelectMany(p => p.Events.Select(id => (id, p.Stream))), command.Told);
        there.Select(e => e.Position).ShouldBe(Enumerable.Range(0, there.Length).Select(i => there[0].Position + i));
        foreach (var part in command.Ask.Parts.Where(p => p.Expected != Part.Any))
            there.First(e => e.Stream == part.Stream).Version.ShouldBe(part.Expected + 1);
        foreach (var done in command.Done) (done.Answer.First, done.Answer.Last).ShouldBe((there[0].Position, there[^1].Position), command.Told);
    }

    // What was acknowledged before another was begun stands before it, whichever hosts served them.
    private static void OrderMustRespectTime(Command[] done)
    {
        var acknowledged = new Queue<Command>(done.OrderBy(c => c.Acknowledged));
        var highest = 0L;
        foreach (var command in done.OrderBy(c => c.Begun))
        {
            while (acknowledged.TryPeek(out var before) && before.Acknowledged < command.Begun) highest = Math.Max(highest, acknowledged.Dequeue().Done[0].Answer.Last);
            command.Done[0].Answer.First.ShouldBeGreaterThan(highest, command.Told);
        }
    }

    // A read shows at least everything that was acknowledged, and everything that was read, before it was begun.
    private static void ReadsMustBeCurrent(IReadOnlyList<Attempt> attempts, Command[] commands, ILookup<long, Stored> log)
    {
        var known = commands.Where(c => c.Done.Length > 0)
            .SelectMany(c => Enumerable.Range(0, c.Ask.Parts.Sum(p => p.Events.Length)).SelectMany(i => log[c.Done[0].Answer.First + i]).Select(e => (e.Stream, e.Version, At: c.Acknowledged)))
            .Concat(attempts.Where(a => a.Answer.Outcome == Outcome.Read).Select(a => (Stream: a.Ask.Read!, a.Answer.Version, At: a.Ended)))
            .ToLookup(k => k.Stream);
        foreach (var read in attempts.Where(a => a.Answer.Outcome == Outcome.Read).GroupBy(a => a.Ask.Read!))
        {
            var before = new Queue<(string Stream, long Version, long At)>(known[read.Key].OrderBy(k => k.At));
            var atLeast = 0L;
            foreach (var one in read.OrderBy(r => r.Begun))
            {
                while (before.TryPeek(out var next) && next.At < one.Begun) atLeast = Math.Max(atLeast, before.Dequeue().Version);
                one.Answer.Version.ShouldBeGreaterThanOrEqualTo(atLeast, $"stream {read.Key} was read as it had been before");
            }
        }
    }

    private async Task<List<(Guid Command, Stored Event)>> Log()
    {
        await using var connection = new NpgsqlConnection(database.Cluster.ConnectionString(database.Name, "postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select (headers->>'command_id')::uuid, seq_id, id, stream_id, version from register.mt_events order by seq_id", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var log = new List<(Guid, Stored)>();
        while (await reader.ReadAsync()) log.Add((reader.GetGuid(0), new(reader.GetInt64(1), reader.GetGuid(2), reader.GetString(3), reader.GetInt64(4))));
        return log;
    }

    /// <summary>Log, ledger and views, whoever wrote them.</summary>
    public async Task LogMustHold()
    {
        foreach (var (rule, broken) in Rules) (await database.Scalar<long>($"select count(*) from ({broken}) as broken")).ShouldBe(0, rule);
        var leaves = await database.Scalar<byte[][]>("select coalesce(array_agg(leaf order by position), '{}') from register.ledger_entry");
        (await database.Scalar<byte[]>("select root from register.log_head")).ShouldBe(NaiveTree.Root(leaves), "the root is the leaves'");
        var signed = await database.Scalar<long[]>(
            "select coalesce(array_agg(size), '{}') from (select size from register.ledger_checkpoint where size > 0 order by random() limit 3) as s");
        foreach (var size in signed)
            (await database.Scalar<byte[]>($"select root from register.ledger_checkpoint where size = {size} limit 1"))
                .ShouldBe(NaiveTree.Root(leaves[..(int)size]), $"what was signed of {size} events is theirs");
    }
}
