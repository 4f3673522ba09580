using Npgsql;

namespace SecurityCoop.EventStore.Tests.Faults;

/// <summary>
/// Holds the clients' journals against the database. It shares nothing with the store: plain statements, and what the clients wrote down.
/// </summary>
internal sealed class HistoryCheck(TestDatabase database)
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

    private async Task LogMustHold()
    {
        foreach (var (rule, broken) in Rules) (await database.Scalar<long>($"select count(*) from ({broken}) as broken")).ShouldBe(0, rule);
        var leaves = await database.Scalar<byte[][]>("select coalesce(array_agg(leaf order by position), '{}') from register.ledger_entry");
        (await database.Scalar<byte[]>("select root from register.log_head")).ShouldBe(NaiveTree.Root(leaves), "the root is the leaves'");
    }

    /// <summary>Each rule with a statement that finds the rows which break it.</summary>
    private static readonly (string Rule, string Broken)[] Rules =
    [
        ("positions are dense from 1", "select 1 from (select seq_id, row_number() over (order by seq_id) n from register.mt_events) e where seq_id <> n"),
        ("versions are 1 to n in the order of the log",
            "select 1 from (select version, row_number() over (partition by stream_id order by seq_id) n from register.mt_events) e where version <> n"),
        ("an event is stored once", "select id from register.mt_events group by id having count(*) > 1"),
        ("a stream's version counts its events, but for the empty one that Marten leaves where an append of its failed",
            "select 1 from register.mt_streams s left join (select stream_id, count(*) n from register.mt_events group by 1) e on e.stream_id = s.id where s.version is distinct from e.n and not (s.id = 'mt_tombstone' and s.version = 0)"),
        ("the head is the last event's",
            "select 1 from register.log_head, (select count(*) n, max(timestamp) t from register.mt_events) e where size <> n or sealed <> n or recorded_at <> t"),
        ("a transaction has one time, later than the one before, and consecutive positions",
            """
            select 1 from (select min(timestamp) first, max(timestamp) last, lag(max(timestamp)) over (order by min(seq_id)) before,
                count(*) n, max(seq_id) - min(seq_id) + 1 span from register.mt_events group by xmin::text) t
            where first <> last or first <= before or n <> span
            """),
        ("ledger and events say the same, and the hashes are theirs",
            """
            select 1 from register.mt_events e full join register.ledger_entry l on l.position = e.seq_id
            where e.seq_id is null or l.position is null or l.leaf <> sha256('\x00'::bytea || l.header)
                or e.data <> convert_from(l.body, 'UTF8')::jsonb or e.headers <> convert_from(l.header, 'UTF8')::jsonb
                or e.headers->>'body' <> encode(sha256(l.body), 'hex') or e.headers->>'event_id' <> e.id::text or e.headers->>'stream' <> e.stream_id
                or (e.headers->>'version')::bigint <> e.version or (e.headers->>'recorded_at')::timestamptz <> e.timestamp
            """),
        ("references have no gaps, and each stands in its stream's first event",
            """
            select 1 from (select reference, stream_id, row_number() over (order by length(reference), reference) n from register.stream_reference) r
            left join register.mt_events e on e.stream_id = r.stream_id and e.version = 1
            where reference <> 'F-ACT-' || case when n < 10000 then lpad(n::text, 4, '0') else n::text end or e.headers->>'reference' is distinct from reference
            union all select 1 from register.reference_counter where last <> (select count(*) from register.stream_reference)
            """),
        ("a key stands for all events of its command",
            """
            select 1 from register.idempotency i left join (select headers->>'command_id' c, min(seq_id) first, max(seq_id) last, count(*) n
                from register.mt_events group by 1) e on e.c = i.command_id::text
            where (i.first_position, i.last_position, i.last_position - i.first_position + 1) is distinct from (e.first, e.last, e.n)
            union all select 1 from register.idempotency group by command_id having count(*) > 1
            """),
        ("the view tally is its streams' fold",
            """
            select 1 from (
                select stream_id, max(version) as version, max(seq_id) as position, jsonb_build_object('count', count(*), 'weight', coalesce(sum((data->>'weight')::int), 0),
                    'title', coalesce(min(data->>'title'), ''), 'last', coalesce((array_agg(data->>'text' order by version desc) filter (where type = 'sample_noted'))[1], ''),
                    'partners', coalesce((array_agg(data->'partners') filter (where type = 'sample_opened'))[1], '[]')) as document
                from register.mt_events group by stream_id) e
            full join (select r.* from register.view_row r join register.view v using (generation) where v.name = 'tally') r on r.key = e.stream_id
            where (e.version, e.position, e.document) is distinct from (r.version, r.position, convert_from(r.document, 'UTF8')::jsonb)
            """),
        ("the view word counts the notes of all streams",
            """
            select 1 from (select split_part(data->>'text', ' ', 1) word, count(*) n, max(seq_id) position from register.mt_events where type = 'sample_noted' group by 1) e
            full join (select r.* from register.view_row r join register.view v using (generation) where v.name = 'word') r on r.key = e.word
            where (e.n, e.position) is distinct from (convert_from(r.document, 'UTF8')::bigint, r.position)
            """),
        ("a partner is found by every event and every row that concerns it",
            """
            (select partner, e.seq_id from register.mt_events o cross join jsonb_array_elements_text(o.data->'partners') as partner
                join register.mt_events e on e.stream_id = o.stream_id where o.type = 'sample_opened'
            except select partner, position from register.event_partner)
            union all (select partner, position from register.event_partner
            except select partner, e.seq_id from register.mt_events o cross join jsonb_array_elements_text(o.data->'partners') as partner
                join register.mt_events e on e.stream_id = o.stream_id where o.type = 'sample_opened')
            union all (select o.stream_id || partner, 0 from register.mt_events o cross join jsonb_array_elements_text(o.data->'partners') as partner where o.type = 'sample_opened'
            except select key || partner, 0 from register.view_partner)
            """),
    ];
}
