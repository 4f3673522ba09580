using System.Text.Json;
using SecurityCoop.Store;
using SecurityCoop.Register;
using SecurityCoop.Register.Openings;

namespace SecurityCoop.Web.Privacy;

/// <summary>Openings by the person concerned: a row for each, under the person's stream id and the event's. Rows of one person follow each other.</summary>
public sealed class OpeningView() : View("opening", "opening/1")
{
    public override IEnumerable<string> KeysOf(StoredEvent e) => e.Event is OpeningRecorded x ? x.Subjects.Select(s => $"{s}/{e.Id}") : [];

    public override object Evolve(object? row, StoredEvent e) => Of(e);

    public override byte[] Write(object row) => JsonSerializer.SerializeToUtf8Bytes((Opening)row, RegisterJson.Default.Opening);

    public override object Read(ReadOnlySpan<byte> document) => JsonSerializer.Deserialize(document, RegisterJson.Default.Opening)!;

    /// <summary>The same as documents of Marten's, one for each opening, found by the people concerned.</summary>
    public static RecordKind RecordKind { get; } = new RecordKind<Opening>(
        "opening", 1, new([], "", "", default, 0, default, default), (_, e) => Of(e), o => o.Subjects, () => RegisterJson.Default.Opening)
    {
        EventsByPartner = false,
    };

    public static Opening Of(StoredEvent e)
    {
        var (opened, at) = ((OpeningRecorded)e.Event, e.At());
        return new(opened.Subjects, opened.Query, at.Actor!, e.Id, e.Position, e.RecordedAt, at.Marking);
    }

    /// <summary>A person's openings in the order of recording.</summary>
    public async Task<IReadOnlyList<Opening>> Of(string person, EventStore store, CancellationToken stop)
    {
        var found = new List<Opening>();
        await foreach (var row in store.RowsAbout(this, person, stop)) found.Add((Opening)row.Value!);
        return [.. found.OrderBy(o => o.Position)];
    }
}
