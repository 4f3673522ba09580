using JasperFx.Events;
using Marten.Events.Aggregation;

namespace SecurityCoop.Store;

/// <summary>Keeps the documents of one kind of record in the transaction that appends: each fold is the model's own.</summary>
internal sealed class RecordProjection<T> : SingleStreamProjection<RecordDocument<T>, string> where T : class
{
    private readonly RecordKind<T> kind;

    public RecordProjection(RecordKind<T> kind, IEnumerable<Type> events)
    {
        this.kind = kind;
        Name = kind.Name;
        foreach (var type in events) IncludeType(type); // Else Marten looks for a document of every kind beside each stream.
    }

    public override RecordDocument<T> Evolve(RecordDocument<T>? snapshot, string id, IEvent e) => kind.Evolve(snapshot, e.Stored());
}
