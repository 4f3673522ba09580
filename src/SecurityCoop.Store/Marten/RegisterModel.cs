
namespace SecurityCoop.Store;

/// <summary>What the store is told of the register: its events by their wire names, and its kinds of record.</summary>
public sealed class RegisterModel
{
    /// <exception cref="ArgumentException">Two kinds share a name, or an event belongs to two of them.</exception>
    public RegisterModel(EventTypes types, IReadOnlyList<RecordKind> kinds)
    {
        (Types, Kinds) = (types, kinds);
        if (kinds.DistinctBy(k => k.Name).Count() != kinds.Count)
            throw new ArgumentException("Two kinds of record share a name.", nameof(kinds));
        foreach (var type in types.All)
            if (kinds.Count(k => k.Owns(type)) > 1)
                throw new ArgumentException($"The event {type.Name} belongs to two kinds of record.", nameof(types));
        Definition = string.Join(' ', kinds.Select(k => k.Definition).Order(StringComparer.Ordinal));
    }

    public EventTypes Types { get; }

    public IReadOnlyList<RecordKind> Kinds { get; }

    /// <summary>
    /// Which folds make the documents. It stands in the head: a host whose own differs from it neither reads documents nor appends, until
    /// they are rebuilt.
    /// </summary>
    public string Definition { get; }
}

/// <summary>The documents were made by other folds than this program's; they are neither read nor written until they are rebuilt.</summary>
public sealed class DocumentsOutdated(string stored, string own)
    : Exception($"The stored documents were made by \"{stored}\", and this program has \"{own}\": run `securitycoop rebuild`.")
{
    /// <summary>Names of the kinds of record that this program makes otherwise.</summary>
    public IReadOnlyList<string> Kinds { get; } = [.. own.Split(' ').Except(stored.Split(' ')).Select(d => d[..d.LastIndexOf('/')])];
}
