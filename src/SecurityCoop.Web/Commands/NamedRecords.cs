using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;

namespace SecurityCoop.Web.Commands;

/// <summary>
/// The records that a body names, looked up together: one statement for their streams and one for the records of each kind, however many
/// there are. What it does not know,
/// or may not answer without looking further, is left to <see cref="Records"/>.
/// </summary>
sealed class NamedRecords
{
    // Fewer are as fast one by one, and most commands name none or one.
    const int Few = 3;

    public static readonly NamedRecords None = new();

    readonly Dictionary<string, (RecordKind Kind, Row Row)> found = new(StringComparer.Ordinal);

    NamedRecords() { }

    public static async Task<NamedRecords> Of(RegisterStore store, IReadOnlyCollection<string> names, CancellationToken stop)
    {
        if (names.Count <= Few) return None;
        var streams = new Dictionary<string, string>(await store.StreamsOf([.. names], stop), StringComparer.Ordinal);
        foreach (var name in names)
            if (RecordKinds.OfStream(name) is not null) streams[name] = name;
        var named = new NamedRecords();
        foreach (var ofKind in streams.GroupBy(s => RecordKinds.OfStream(s.Value)))
        {
            if (ofKind.Key is not { } kind) continue;
            List<KeyValuePair<string, string>> these = [.. ofKind];
            var rows = await store.RowsOf(kind, [.. these.Select(s => s.Value)], stop);
            for (var i = 0; i < these.Count; i++) named.found[these[i].Key] = (kind, rows[i]);
        }
        return named;
    }

    /// <summary>The stream of a record of this kind that the caller may see and that was not merged into another; null where it has to
    /// be looked for.</summary>
    public string? Stream(RecordKind kind, string name, Caller caller) =>
        found.TryGetValue(name, out var known) && known.Kind == kind
            && known.Row.Value is RecordState { MergedInto: null } state && caller.Sees(state) ? known.Row.Key : null;

    /// <summary>The same with the record.</summary>
    public (string Stream, T State)? Record<T>(ServedKind<T> kind, string name, Caller caller) where T : RecordState =>
        Stream(kind, name, caller) is { } stream ? (stream, (T)found[name].Row.Value!) : null;
}
