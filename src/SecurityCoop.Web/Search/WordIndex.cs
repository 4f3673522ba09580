using System.Collections.Concurrent;
using Npgsql;
using SecurityCoop.Store;

namespace SecurityCoop.Web.Search;

/// <summary>Records in which the words of a question were found, or may stand.</summary>
/// <param name="Streams">As far as <paramref name="Through"/>, every record with all of the words is among them; where there are too many, those that answer best.</param>
/// <param name="Through">The position up to which everything recorded was looked at.</param>
/// <param name="Current">Whether that is everything.</param>
/// <param name="All">False where there were more than <see cref="WordIndex.MostStreams"/>.</param>
public sealed record Candidates(IReadOnlyCollection<string> Streams, long Through, bool Current, bool All);

/// <summary>
/// PostgreSQL's full-text index over the words that events carry. It is filled behind the log, many events in one statement, so that an append costs no more
/// with it than without; a search brings it on first, reads the few events that are younger itself, and so misses nothing that is committed. Protected values stand in no event's
/// body and so in no index.
/// </summary>
public sealed partial class WordIndex(NpgsqlDataSource database, RegisterStore store, ILogger<WordIndex> log) : BackgroundService
{
    /// <summary>Of how words are made; raised with every change of <see cref="TextWords"/>, <see cref="EventWords"/> or register.search_lexemes. The index then begins again.</summary>
    const int Definition = 2;

    public const int MostStreams = 2000;
    const int Page = 1000, YoungestEvents = 200, MostAwaited = 20_000, MostKnown = 200_000;
    static readonly TimeSpan gathering = TimeSpan.FromSeconds(2), patience = TimeSpan.FromMinutes(1), away = TimeSpan.FromSeconds(5);

    readonly ConcurrentDictionary<string, string[]> known = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var at = -1L;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (at < 0) await Begin(stoppingToken);
                at = await Advance(stoppingToken);
                // Hosts that wait differently long do not do one another's work.
                if (await store.HeadBeyond(at, patience, stoppingToken) - at < Page) await Task.Delay(gathering * (0.5 + Random.Shared.NextDouble()), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (NpgsqlException e)
            {
                Log.Failed(log, e);
                await Task.Delay(away, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // An index that an older program made begins again.
    async Task Begin(CancellationToken stop)
    {
        await using var command = database.CreateCommand(
            """
            with begun as (update register.search_index set position = 0, definition = $1 where definition < $1 returning 1)
            delete from register.search_words where exists (select 1 from begun)
            """);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Definition });
        await command.ExecuteNonQueryAsync(stop);
    }

    /// <summary>Takes the next page of events into the index, unless another host just did. Returns how far it reaches.</summary>
    public async Task<long> Advance(CancellationToken stop)
    {
        var from = await Reach(stop);
        if (from < 0) return long.MaxValue - Page; // A newer program's index: it is left alone.
        var bodies = await store.ReadBodies(from, Page, stop);
        if (bodies.Count == 0) return from;
        var through = bodies[^1].Position;
        List<EventWords> said = [.. bodies.Where(e => RecordKinds.OfStream(e.Stream) is IServedKind).Select(e => new EventWords(e))];
        var lexemes = await Lexemes(said.SelectMany(e => e.Words), stop);
        // What a crash of the database's server takes back is made again: nobody waits for its disk.
        await using var command = database.CreateCommand(
            """
            with moved as (update register.search_index set position = $2 where position = $1 and definition = $3 returning set_config('synchronous_commit', 'off', true))
            insert into register.search_words (position, stream, day, words)
            select n.position, n.stream, n.day, n.words::tsvector from moved, unnest($4::bigint[], $5::text[], $6::date[], $7::text[]) as n (position, stream, day, words)
            """);
        command.Parameters.AddRange(new NpgsqlParameter[]
        {
            new NpgsqlParameter<long> { TypedValue = from }, new NpgsqlParameter<long> { TypedValue = through }, new NpgsqlParameter<int> { TypedValue = Definition },
            new NpgsqlParameter<long[]> { TypedValue = [.. said.Select(e => e.Position)] }, new NpgsqlParameter<string[]> { TypedValue = [.. said.Select(e => e.Stream)] },
            new NpgsqlParameter<DateOnly?[]> { TypedValue = [.. said.Select(e => e.Day)] }, new NpgsqlParameter<string[]> { TypedValue = [.. said.Select(e => e.Vector(lexemes))] },
        });
        await command.ExecuteNonQueryAsync(stop);
        return through;
    }

    async Task<long> Reach(CancellationToken stop)
    {
        await using var command = database.CreateCommand("select case when definition = $1 then position else -1 end from register.search_index");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Definition });
        return (long)(await command.ExecuteScalarAsync(stop))!;
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

    /// <summary>The records in whose events every one of the questions is answered, and those that the index has not come to yet.</summary>
    /// <param name="questions">Each a disjunction of lexemes, as tsquery writes it (PostgreSQL, "Text Search Types").</param>
    /// <param name="narrowing">The same, of words that say nothing of how well a record answers.</param>
    /// <param name="kind">Only records of this kind; null: of every kind.</param>
    public async Task<Candidates> Find(IReadOnlyList<string> questions, IEnumerable<string> narrowing, string? kind, CancellationToken stop)
    {
        var head = (await store.Head(stop)).Size;
        // What the index lacks would be read by every search until it has it.
        for (var reach = await Reach(stop); reach >= 0 && head - reach > YoungestEvents;)
        {
            var next = await Advance(stop);
            if (head - next > MostAwaited) break; // It takes longer than anybody waits; the answer says how far it looked.
            reach = next;
        }
        List<string> all = [.. questions, .. narrowing];
        var same = string.Join(" intersect ", all.Select((_, i) => $"select stream from register.search_words where words @@ ${i + 3}::text::tsquery and stream like $2"));
        var (through, streams) = await Ask($"select (select case when definition = $1 then position else 0 end from register.search_index), array(select stream from ({same}) as s limit {MostStreams + 1})");
        var few = streams.Count <= MostStreams;
        if (!few)
        {
            // Of each record the event that answers best, and of the records that answer alike those of the latest days.
            var any = string.Join(" || ", questions.Select((_, i) => $"${i + 3}::text::tsquery"));
            (_, streams) = await Ask(
                $$"""
                select $1::bigint, array(
                    select stream from register.search_words where words @@ ({{any}}) and stream in ({{same}})
                    group by stream order by max(ts_rank('{0.1, 0.3, 0.6, 1}', words, {{any}})) desc, max(day) desc nulls last, max(position) desc limit {{MostStreams}})
                """);
        }
        if (head - through <= YoungestEvents + Page)
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
            command.Parameters.AddRange(new NpgsqlParameter[] { new NpgsqlParameter<int> { TypedValue = Definition }, new NpgsqlParameter<string> { TypedValue = kind is null ? "%" : $"{kind}-%" } });
            foreach (var question in all) command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = question });
            await using var reader = await command.ExecuteReaderAsync(stop);
            await reader.ReadAsync(stop);
            return (reader.GetInt64(0), [.. reader.GetFieldValue<string[]>(1)]);
        }
    }

    /// <summary>What a code is found by.</summary>
    public static string CodeWord(string code) => $"={code}";

    static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The index of words cannot be brought on; it is tried again")]
        public static partial void Failed(ILogger log, Exception failure);
    }
}
