using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Npgsql;
using SecurityCoop.EventStore;

namespace SecurityCoop.Web.Search;

/// <summary>Records in which the words of a question were found, or may stand.</summary>
/// <param name="Streams">Every record with all of the words is among them, as far as <paramref name="Through"/>.</param>
/// <param name="Through">The position up to which everything recorded was looked at.</param>
/// <param name="Current">Whether that is everything.</param>
/// <param name="All">False where there were more than <see cref="WordIndex.MostStreams"/>.</param>
public sealed record Candidates(IReadOnlyCollection<string> Streams, long Through, bool Current, bool All);

/// <summary>
/// PostgreSQL's full-text index over the words that events carry. It is filled behind the log, many events in one statement, so that an append costs no more
/// with it than without; a search reads the few events that are younger itself, and so misses nothing that is committed. Protected values stand in no event's body and so in no index.
/// </summary>
public sealed partial class WordIndex(NpgsqlDataSource database, EventStore.EventStore store, ILogger<WordIndex> log) : BackgroundService
{
    /// <summary>Of how words are made; raised with every change of <see cref="TextWords"/> or of register.search_lexemes. The index then begins again.</summary>
    const int Definition = 1;

    public const int MostStreams = 2000;
    const int Page = 500, YoungestEvents = 1000, WordsOfEvent = 3000, MostKnown = 200_000;
    static readonly TimeSpan gathering = TimeSpan.FromSeconds(1), patience = TimeSpan.FromMinutes(1), away = TimeSpan.FromSeconds(5);

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
                if (await store.HeadBeyond(at, patience, stoppingToken) - at < Page) await Task.Delay(gathering, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or UnknownEventType)
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
        var (through, positions, streams, texts) = (from, new List<long>(), new List<string>(), new List<string>());
        await foreach (var e in store.ReadAll(new EventFilter { After = from, Limit = Page }, stop))
        {
            through = e.Position;
            if (RecordViews.OfStream(e.Stream) is not IRecordView) continue;
            positions.Add(e.Position);
            streams.Add(e.Stream);
            texts.Add(string.Join(' ', WordsOf(e)));
        }
        if (through == from) return from;
        await using var command = database.CreateCommand(
            """
            with moved as (update register.search_index set position = $2 where position = $1 and definition = $3 returning 1)
            insert into register.search_words (position, stream, words)
            select n.position, n.stream, array_to_tsvector(array(select distinct l from unnest(string_to_array(n.words, ' ')) as w (word), unnest(register.search_lexemes(w.word)) as l))
            from moved, unnest($4::bigint[], $5::text[], $6::text[]) as n (position, stream, words)
            """);
        command.Parameters.AddRange(new NpgsqlParameter[]
        {
            new NpgsqlParameter<long> { TypedValue = from }, new NpgsqlParameter<long> { TypedValue = through }, new NpgsqlParameter<int> { TypedValue = Definition },
            new NpgsqlParameter<long[]> { TypedValue = [.. positions] }, new NpgsqlParameter<string[]> { TypedValue = [.. streams] }, new NpgsqlParameter<string[]> { TypedValue = [.. texts] },
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
            if (known.TryGetValue(word, out var lexemes)) found[word] = lexemes;
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
    /// <param name="kind">Only records of this kind; null: of every kind.</param>
    public async Task<Candidates> Find(IReadOnlyList<string> questions, string? kind, CancellationToken stop)
    {
        var head = (await store.Head(stop)).Size;
        // After a long absence, or at the first start, the index is brought near first: what it lacks is read by every search until then.
        for (var reach = await Reach(stop); reach >= 0 && head - reach > YoungestEvents && reach < head;)
        {
            var next = await Advance(stop);
            if (head - next > 20 * YoungestEvents) break; // It takes longer than anybody waits; the answer says how far it looked.
            reach = next;
        }
        var same = string.Join(" intersect ", questions.Select((_, i) => $"select stream from register.search_words where words @@ ${i + 3}::text::tsquery and stream like $2"));
        await using var command = database.CreateCommand(
            $"select (select case when definition = $1 then position else 0 end from register.search_index), array(select stream from ({same}) as s order by stream desc limit {MostStreams + 1})");
        command.Parameters.AddRange(new NpgsqlParameter[] { new NpgsqlParameter<int> { TypedValue = Definition }, new NpgsqlParameter<string> { TypedValue = kind is null ? "%" : $"{kind}-%" } });
        foreach (var question in questions) command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = question });
        long through;
        HashSet<string> streams;
        await using (var reader = await command.ExecuteReaderAsync(stop))
        {
            await reader.ReadAsync(stop);
            (through, streams) = (reader.GetInt64(0), [.. reader.GetFieldValue<string[]>(1)]);
        }
        var all = streams.Count <= MostStreams;
        if (head - through <= YoungestEvents)
        {
            await foreach (var e in store.ReadAll(new EventFilter { After = through }, stop))
            {
                through = e.Position;
                if (RecordViews.OfStream(e.Stream) is IRecordView view && (kind is null || kind == view.Kind)) streams.Add(e.Stream);
            }
        }
        return new(streams, through, through >= head, all);
    }

    /// <summary>The distinct words of an event's body, and the codes that stand in it (behind an equals sign).</summary>
    static IEnumerable<string> WordsOf(StoredEvent e)
    {
        using var body = JsonDocument.Parse(e.BodyBytes);
        var words = new HashSet<string>(StringComparer.Ordinal);
        Collect(body.RootElement, words);
        return words.Take(WordsOfEvent);
    }

    static void Collect(JsonElement json, HashSet<string> words)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var field in json.EnumerateObject()) Collect(field.Value, words);
                break;
            case JsonValueKind.Array:
                foreach (var item in json.EnumerateArray()) Collect(item, words);
                break;
            case JsonValueKind.String when json.GetString() is { } text && !RecordText.IsIdentifier(text):
                if (Code().IsMatch(text)) words.Add(CodeWord(text));
                foreach (var word in TextWords.Of(text)) words.Add(word.Folded);
                break;
        }
    }

    /// <summary>What a code is found by.</summary>
    public static string CodeWord(string code) => $"={code}";

    [GeneratedRegex(@"\A([A-Z][A-Z0-9]{1,15}|[a-z]+(-[a-z]+)*)\z")]
    private static partial Regex Code();

    static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The index of words cannot be brought on; it is tried again")]
        public static partial void Failed(ILogger log, Exception failure);
    }
}
