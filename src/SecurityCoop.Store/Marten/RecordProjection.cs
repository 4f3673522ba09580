using JasperFx.Events;
using Marten.Events.Aggregation;

namespace SecurityCoop.Store;

/// <summary>Keeps the documents of one kind of record in the transaction that appends: each fold is the model's own.</summary>
internal sealed class RecordProjection<T> : SingleStreamProjection<RecordDocument<T>, string> where T : class
{
    private readonly RecordKind<T> kind;

    private readonly Action<StoredEvent>? folded;

    /// <param name="folded">Told of each event after its fold, which has left in it whom the event concerns.</param>
    public RecordProjection(RecordKind<T> kind, IEnumerable<Type> events, Action<StoredEvent>? folded)
    {
        (this.kind, this.folded) = (kind, folded);
        Name = kind.Name;
        foreach (var type in events) IncludeType(type); // Else Marten looks for a document of every kind beside each stream.
    }

    public override RecordDocument<T> Evolve(RecordDocument<T>? snapshot, string id, IEvent e)
    {
        var stored = e.Stored();
        var document = kind.Evolve(snapshot, stored);
        folded?.Invoke(stored);
        return document;
    }
}
