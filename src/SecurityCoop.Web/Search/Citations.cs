using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityCoop.Register;
using SecurityCoop.Register.Markings;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Pages;

namespace SecurityCoop.Web.Search;

/// <summary>The records that cite a source or an occasion.</summary>
/// <param name="Total">How many there are; of more than <see cref="Most"/> only the first are listed.</param>
/// <param name="All">False where the index had not come to everything yet.</param>
public sealed record Citations(IReadOnlyList<Citation> Records, int Total, bool All)
{
    /// <summary>So many are listed.</summary>
    public const int Most = 200;

    /// <summary>They, by stream id.</summary>
    internal IReadOnlyList<(string Stream, Marks Marks)> Shown { get; init; } = [];

    /// <summary>
    /// What cites the record as it was known at a position, as far as the caller may see it. The index says where to look; each record found is read, so that what was
    /// corrected since, and parts that the caller may not see, cite nothing.
    /// </summary>
    public static async Task<Citations> Of(string stream, long position, Caller caller, Language language, WordIndex index, TwoClocks clocks, CancellationToken stop)
    {
        var candidates = await index.Citing(stream, caller.Rights, stop);
        var found = new List<(string Stream, RecordState Record, IServedKind Kind)>();
        foreach (var ofKind in candidates.Streams.Where(s => s != stream).GroupBy(RecordKinds.OfStream))
        {
            if (ofKind.Key is not IServedKind kind) continue;
            foreach (var row in await clocks.RowsOf(ofKind.Key, [.. ofKind], position, stop))
                if (row.Value is RecordState { Withdrawn: false, MergedInto: null } record && caller.Sees(record) && caller.Seen(record) is var seen
                    && Cites(kind, seen, stream)) found.Add((row.Key, seen, kind));
        }
        List<(string Stream, RecordState Record, IServedKind Kind)> listed =
            [.. found.OrderBy(f => f.Kind.Name, StringComparer.Ordinal).ThenBy(f => f.Record.Reference, StringComparer.Ordinal).Take(Most)];
        return new([.. listed.Select(f => new Citation(f.Kind.Name, f.Record.Reference!, LinkedRecords.Title(f.Record, language)))], found.Count,
            candidates.Current && candidates.All)
        {
            Shown = [.. listed.Select(f => (f.Stream, f.Record.MarksWithParts))],
        };
    }

    static bool Cites(IServedKind kind, RecordState record, string stream) =>
        Visibility.StreamsIn(JsonSerializer.SerializeToNode(kind.Document(record), BodiesJson.Of<JsonElement>())).Any(v => v.GetValue<string>() == stream);
}

/// <summary>A record that cites another.</summary>
/// <param name="Title">What it is about; null of a person.</param>
public sealed record Citation(string Kind, string Reference, string? Title);
