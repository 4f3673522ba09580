using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;
using SecurityCoop.PrivateServer;
using SecurityCoop.Register.Markings;
using SecurityCoop.Store;

namespace SecurityCoop.Web.Search;

/// <summary>Records in which the words of a question were found, or may stand.</summary>
/// <param name="Streams">As far as <paramref name="Through"/>, every record with all of the words is among them; where there are too many, those that answer best.</param>
/// <param name="Through">The position up to which everything recorded was looked at.</param>
/// <param name="Current">Whether that is everything.</param>
/// <param name="All">False where there were more than <see cref="WordIndex.MostStreams"/>.</param>
public sealed record Candidates(IReadOnlyCollection<string> Streams, long Through, bool Current, bool All);

/// <summary>
/// PostgreSQL's full-text index over the words that events carry. One host fills it behind the log, many events in one transaction with how far
/// it has come, so that an append costs no more with it than without; a search reads the few events that are younger itself, and so misses
/// nothing that is committed. Protected values stand in no event's body and so in no index.
/// </summary>
public sealed class WordIndex(NpgsqlDataSource database, RegisterStore store)
{
    /// <summary>Its name among those who follow the log.</summary>
    public const string Follower = "search-words";

    /// <summary>
    /// Of how words are made and marked; raised with every change of <see cref="TextWords"/>, <see cref="EventWords"/>,
    /// <see cref="IndexedMarks"/> or register.search_lexemes. The index then begins again.
    /// </summary>
    const int Definition = 4;

    public const int MostStreams = 2000;
    public const int Page = 1000;
    const int YoungestEvents = 200, MostAwaited = 20_000, MostKnown = 200_000;
    static readonly TimeSpan gathering = TimeSpan.FromSeconds(1), patience = TimeSpan.FromSeconds(3), glance = TimeSpan.FromMilliseconds(20);

    // Where a newer program's index stands, this one reads the log alone.
    const string Reached =
        $"""
        coalesce((select p.last_seq_id from register.mt_event_progression p, register.search_index i
            where p.name = '{Follower}:All' and i.definition = $1), 0)
        """;

    readonly ConcurrentDictionary<string, string[]> known = new(StringComparer.Ordinal);
    volatile TaskCompletionSource hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>An index that an older program made begins again: its words go, and its progress with them.</summary>
    internal async Task Begin(CancellationToken stop)
    {
        await using var command = database.CreateCommand(
            $"""
            with begun as (update register.search_index set definition = $1 where definition < $1 returning 1),
                forgotten as (delete from register.mt_event_progression where name = '{Follower}:All' and exists (select 1 from begun))
            delete from register.search_words where exists (select 1 from begun)
            """);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Definition });
        await command.ExecuteNonQueryAsync(stop);
    }

    /// <summary>Takes a page of events into the index.</summary>
    internal async Task Follow(FollowedPage page, CancellationToken stop)
    {
        // A few are not worth a commit yet: they wait for more, unless somebody searches.
        if (page.Through - page.After < Page)
            await hurry.Task.WaitAsync(gathering, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.ThrowIfCancellationRequested();
        var bodies = await store.ReadBodies(page.After, (int)(page.Through - page.After), stop);
        List<EventWords> said = [.. bodies.Where(e => RecordKinds.OfStream(e.Stream) is IServedKind).Select(e => new EventWords(e))];
        var lexemes = await Lexemes(said.SelectMany(e => e.Words), stop);
        var marked = await IndexedMarks.Of(store, said.Select(e => e.Stream), stop);
        page.Execute("select register.search_index_is($1)", new NpgsqlParameter<int> { TypedValue = Definition });
        page.NeedNotReachTheDisk(); // What a crash of the database's server takes back is made again, and the progress goes back with it.
        // Where an operator had the progress begin again, the words stand already.
        page.Execute(
            """
            insert into register.search_words (position, stream, day, words, marking, groups)
            select n.position, n.stream, n.day, n.words::tsvector, n.marking, string_to_array(nullif(n.groups, ''), ',')
            from unnest($1::bigint[], $2::text[], $3::date[], $4::text[], $5::text[], $6::text[]) as n (position, stream, day, words, marking, groups)
            on conflict (position) do nothing
            """,
            new NpgsqlParameter<long[]> { TypedValue = [.. said.Select(e => e.Position)] },
            new NpgsqlParameter<string[]> { TypedValue = [.. said.Select(e => e.Stream)] },
            new NpgsqlParameter<DateOnly?[]> { TypedValue = [.. said.Select(e => e.Day)] },
            new NpgsqlParameter<string[]> { TypedValue = [.. said.Select(e => e.Vector(lexemes))] },
            new NpgsqlParameter<string[]> { TypedValue = [.. said.Select(e => IndexedMarks.Level(marked.Of(e.Stream)))] },
            new NpgsqlParameter<string[]> { TypedValue = [.. said.Select(e => IndexedMarks.Groups(marked.Of(e.Stream)))] });
        marked.Keep(page);
    }

    /// <summary>Everything up to here is in the index.</summary>
    public async Task<long> Reach(CancellationToken stop)
    {
        await using var command = database.CreateCommand($"select {Reached}");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Definition });
        return (long)(await command.ExecuteScalarAsync(stop))!;
    }

    // What the index lacks would be read by every search until it has it: where it is soon there, a search waits for it.
    async Task Await(long head, CancellationToken stop)
    {
        var (reach, moved) = (await Reach(stop), Stopwatch.GetTimestamp());
        while (head - reach > YoungestEvents && head - reach <= MostAwaited && Stopwatch.GetElapsedTime(moved) < patience)
        {
            Interlocked.Exchange(ref hurry, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
            await Task.Delay(glance, stop);
            if (await Reach(stop) is var now && now > reach) (reach, moved) = (now, Stopwatch.GetTimestamp());
        }
    }

    /// <summary>What each word is found by, as the index has it: itself and its stems; nothing for a word of grammar.</summary>
    public async Task<IReadOnlyDictionary<string, string[]>> Lexemes(IEnumerable<string> words, CancellationToken stop)
    {
        var asked = words.Distinct().ToList();
        var found = new Dictionary<string, string[]>(asked.Count, StringComparer.Ordinal);
        foreach (var word in asked)
            if (word[0] == '=' || word.All(char.IsAsciiDigit)) found[word] = [word]; // Codes and numbers have no stems.
            else if (known.TryGetValue(word, out var lexemes)) found[word] = lexemes;
        var missing = asked.Where(w => !found.ContainsKey(w)).ToArray();
        if (missing.Length == 0) return found;
        if (known.Count > MostKnown) known.Clear();
        await using var command = database.CreateCommand("select w, register.search_lexemes(w) from unnest($1::text[]) as w");
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = missing });
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop)) found[reader.GetString(0)] = known[reader.GetString(0)] = reader.GetFieldValue<string[]>(1);
        return found;
    }

    /// <summary>Writes the markings of all records, which were made anew, to what is in the index.</summary>
    /// <param name="owner">Connection string of the tables' owner.</param>
    internal static async Task MarkAgain(RegisterStore store, string owner, CancellationToken stop)
    {
        await using var source = new NpgsqlDataSourceBuilder(owner).BuildForPrimary();
        await using var connection = await source.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        // No page is committed meanwhile: what a host found after us would be written before us.
        await using (var hold = new NpgsqlCommand("select 1 from register.search_index for update", connection, transaction)) await hold.ExecuteScalarAsync(stop);
        foreach (var kind in RecordKinds.All.Where(k => k is IServedKind))
            await foreach (var rows in store.Rows(kind, stop: stop).Chunk(Page).WithCancellation(stop))
            {
                await using var write = (await IndexedMarks.Of(store, rows.Select(r => r.Key), stop)).Statement(_ => true)!;
                (write.Connection, write.Transaction) = (connection, transaction);
                await write.ExecuteNonQueryAsync(stop);
            }
        await transaction.CommitAsync(stop);
    }

    /// <summary>The stream of a reference; null where there is none, or the reader may not see its record.</summary>
    public async Task<string?> Named(string reference, ReaderRights rights, CancellationToken stop)
    {
        await using var command = database.CreateCommand(
            $"""
            select r.stream_id from register.stream_reference r join register.mt_events e on e.stream_id = r.stream_id and e.version = 1
            where r.reference = $2 and (e.seq_id > {Reached} or exists (select 1 from {IndexedMarks.Seen(rights, "$3")} as w where w.position = e.seq_id))
            """);
        command.Parameters.AddRange(new NpgsqlParameter[]
        {
            new NpgsqlParameter<int> { TypedValue = Definition }, new NpgsqlParameter<string> { TypedValue = reference },
            new NpgsqlParameter<string[]> { TypedValue = [.. rights.Groups] },
        });
        return await command.ExecuteScalarAsync(stop) as string;
    }

    /// <summary>
    /// The records in whose events every one of the questions is answered, out of those that the reader may see, and those that the index has
    /// not come to yet.
    /// </summary>
    /// <param name="questions">Each a disjunction of lexemes, as tsquery writes it (PostgreSQL, "Text Search Types").</param>
    /// <param name="narrowing">The same, of words that say nothing of how well a record answers.</param>
    /// <param name="kind">Only records of this kind; null: of every kind.</param>
    /// <param name="rights">The reader's. What they do not cover is neither looked at nor counted.</param>
    public async Task<Candidates> Find(
        IReadOnlyList<string> questions, IEnumerable<string> narrowing, string? kind, ReaderRights rights, CancellationToken stop)
    {
        var head = (await store.Head(stop)).Size;
        await Await(head, stop);
        List<string> all = [.. questions, .. narrowing];
        var seen = $"{IndexedMarks.Seen(rights, "$3")} as w";
        var same = string.Join(" intersect ", all.Select((_, i) => $"select stream from {seen} where words @@ ${i + 4}::text::tsquery and stream like $2"));
        var (through, streams) = await Ask(
            $"select {Reached}, array(select stream from ({same}) as s limit {MostStreams + 1})");
        var few = streams.Count <= MostStreams;
        if (!few)
        {
            // Of each record the event that answers best, and of the records that answer alike those of the latest days.
            var any = string.Join(" || ", questions.Select((_, i) => $"${i + 4}::text::tsquery"));
            (_, streams) = await Ask(
                $$"""
                select $1::bigint, array(
                    select stream from {{seen}} where words @@ ({{any}}) and stream in ({{same}})
                    group by stream order by max(ts_rank('{0.1, 0.3, 0.6, 1}', words, {{any}})) desc, max(day) desc nulls last, max(position) desc limit {{MostStreams}})
                """);
        }
        if (head - through <= MostAwaited) // More take longer than anybody waits; the answer says how far it looked.
            while (through < head)
            {
                var young = await store.ReadBodies(through, Page, stop);
                through = young[^1].Position;
                streams.UnionWith(young.Select(e => e.Stream).Where(s => RecordKinds.OfStream(s) is IServedKind its && (kind is null || kind == its.Name)));
            }
        return new(streams, through, through >= head, few);

        async Task<(long Position, HashSet<string> Streams)> Ask(string sql)
        {
            await using var command = database.CreateCommand(sql);
            command.Parameters.AddRange(new NpgsqlParameter[]
            {
                new NpgsqlParameter<int> { TypedValue = Definition }, new NpgsqlParameter<string> { TypedValue = kind is null ? "%" : $"{kind}-%" },
                new NpgsqlParameter<string[]> { TypedValue = [.. rights.Groups] },
            });
            foreach (var question in all) command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = question });
            await using var reader = await command.ExecuteReaderAsync(stop);
            await reader.ReadAsync(stop);
            return (reader.GetInt64(0), [.. reader.GetFieldValue<string[]>(1)]);
        }
    }

    /// <summary>The records in which a source or an occasion is cited, or may be, out of those that the reader may see.</summary>
    /// <param name="stream">The source's or occasion's stream.</param>
    public Task<Candidates> Citing(string stream, ReaderRights rights, CancellationToken stop) => Find([$"'{CodeWord(stream)}'"], [], null, rights, stop);

    /// <summary>What a code is found by.</summary>
    public static string CodeWord(string code) => $"={code}";
}
