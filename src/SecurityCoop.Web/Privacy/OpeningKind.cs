using SecurityCoop.Store;
using SecurityCoop.Register;
using SecurityCoop.Register.Openings;

namespace SecurityCoop.Web.Privacy;

/// <summary>Openings: a document for each, found by the people concerned.</summary>
public sealed class OpeningKind() : RecordKind<Opening>(
    "opening", 1, new([], "", "", default, 0, default, default), (_, e) => Of(e), o => o.Subjects, () => RegisterJson.Of<Opening>())
{
    public override bool EventsByPartner => false;

    public static Opening Of(StoredEvent e)
    {
        var (opened, at) = ((OpeningRecorded)e.Event, e.At());
        return new(opened.Subjects, opened.Query, at.Actor!, e.Id, e.Position, e.RecordedAt, at.Marking, at.Groups);
    }

    /// <summary>A person's openings in the order of recording.</summary>
    public async Task<IReadOnlyList<Opening>> Of(string person, RegisterStore store, CancellationToken stop)
    {
        var found = new List<Opening>();
        await foreach (var row in store.Rows(this, about: person, stop: stop)) found.Add((Opening)row.Value!);
        return [.. found.OrderBy(o => o.Position)];
    }
}
