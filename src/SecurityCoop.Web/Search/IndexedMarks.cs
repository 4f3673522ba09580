using Npgsql;
using SecurityCoop.Register;
using SecurityCoop.Register.Markings;
using SecurityCoop.Store;

namespace SecurityCoop.Web.Search;

/// <summary>
/// How the events in the index of words are marked now: as their record, as the part that they record or speak of, and at least as the record
/// that theirs was merged into. Whoever reads what it was merged into finds it there.
/// </summary>
sealed class IndexedMarks
{
    static readonly Marks unknown = new(Marking.Secret); // Of a stream without a record nothing is found below.

    readonly Dictionary<string, RecordState?> records = new(StringComparer.Ordinal);

    IndexedMarks() { }

    /// <summary>Those of some streams, and of what was merged with them: its marks may have changed with theirs.</summary>
    public static async Task<IndexedMarks> Of(RegisterStore store, IEnumerable<string> streams, CancellationToken stop)
    {
        var marks = new IndexedMarks();
        for (var next = streams.Distinct().ToList(); next.Count > 0;)
        {
            var merged = new List<string>();
            foreach (var ofKind in next.GroupBy(RecordKinds.OfStream))
                foreach (var row in await store.RowsOf(ofKind.Key!, [.. ofKind], stop))
                {
                    var record = marks.records[row.Key] = row.Value as RecordState;
                    merged.AddRange(record?.Absorbed ?? []);
                    if (record?.MergedInto is { } survivor) merged.Add(survivor);
                }
            next = [.. merged.Distinct().Where(s => !marks.records.ContainsKey(s))];
        }
        return marks;
    }

    /// <summary>How a record's events are marked, those of parts with a marking of their own excepted.</summary>
    public Marks Of(string stream) => Through(stream, record => record.Marks);

    Marks Through(string stream, Func<RecordState, Marks> own) => records[stream] is not { } record ? unknown
        : record.MergedInto is { } survivor ? own(record).And(Of(survivor)) : own(record);

    /// <summary>Writes these marks to what is in the index of these streams, as a part of the page's commit.</summary>
    public void Keep(FollowedPage page)
    {
        using var statement = Statement(record => !IsNew(record, page));
        if (statement is null) return;
        NpgsqlParameter[] parameters = [.. statement.Parameters.Cast<NpgsqlParameter>()];
        statement.Parameters.Clear(); // A parameter is of one statement.
        page.Execute(statement.CommandText, parameters);
    }

    /// <summary>What writes these marks to the index where they differ from those that stand there; null where there is nothing to look at.</summary>
    /// <param name="which">Of which records.</param>
    public NpgsqlCommand? Statement(Func<RecordState?, bool> which)
    {
        List<(string Stream, Marks Marks)> streams = [.. records.Where(r => which(r.Value)).Select(r => (r.Key, Of(r.Key)))];
        if (streams.Count == 0) return null;
        List<(Guid Event, Marks Marks)> parts = [.. streams.SelectMany(
            s => records[s.Stream]?.EventMarks() ?? [], (s, part) => (part.Event, Through(s.Stream, _ => part.Marks)))];
        var command = new NpgsqlCommand(
            """
            update register.search_words as w set marking = n.marking, groups = n.groups
            from (
                select e.seq_id as position, coalesce(p.marking, r.marking) as marking,
                    string_to_array(nullif(coalesce(p.groups, r.groups), ''), ',') as groups
                from unnest($1::text[], $2::text[], $3::text[]) as r (stream, marking, groups)
                join register.mt_events e on e.stream_id = r.stream
                left join unnest($4::uuid[], $5::text[], $6::text[]) as p (event, marking, groups) on p.event = e.id) as n
            where w.position = n.position and (w.marking, w.groups) is distinct from (n.marking, n.groups)
            """);
        command.Parameters.AddRange(new NpgsqlParameter[]
        {
            new NpgsqlParameter<string[]> { TypedValue = [.. streams.Select(s => s.Stream)] },
            new NpgsqlParameter<string[]> { TypedValue = [.. streams.Select(s => Level(s.Marks))] },
            new NpgsqlParameter<string[]> { TypedValue = [.. streams.Select(s => Groups(s.Marks))] },
            new NpgsqlParameter<Guid[]> { TypedValue = [.. parts.Select(p => p.Event)] },
            new NpgsqlParameter<string[]> { TypedValue = [.. parts.Select(p => Level(p.Marks))] },
            new NpgsqlParameter<string[]> { TypedValue = [.. parts.Select(p => Groups(p.Marks))] },
        });
        return command;
    }

    // All its events came in with this page, and no part of it is marked above it.
    static bool IsNew(RecordState? record, FollowedPage page) => record is { MarkedParts: null } && record.FirstPosition > page.After;

    /// <summary>The level as the index has it.</summary>
    public static string Level(Marks marks) => Slug.Of(marks.Marking);

    /// <summary>The groups as they are sent to the index: with commas, which no group's name has.</summary>
    public static string Groups(Marks marks) => string.Join(',', marks.Groups ?? []);

    /// <summary>
    /// What of the index a reader may see, as SQL: a part of the table for each marking, so that each is looked up in its own index and none
    /// above the clearance is.
    /// </summary>
    /// <param name="groups">The parameter that holds the reader's groups.</param>
    public static string Seen(ReaderRights rights, string groups)
    {
        if (rights.IsAll) return "register.search_words";
        List<string> levels = [.. Enum.GetValues<Marking>().Where(m => m <= rights.Clearance).Select(m => $"'{Slug.Of(m)}'")];
        List<string> parts = [.. levels.Select(level => $"marking = {level} and groups is null")];
        if (rights.Groups.Count > 0) parts.Add($"groups is not null and groups <@ {groups}::text[] and marking in ({string.Join(", ", levels)})");
        return $"({string.Join(" union all ", parts.Select(p => $"select position, stream, day, words from register.search_words where {p}"))})";
    }
}
