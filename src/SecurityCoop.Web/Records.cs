using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;

namespace SecurityCoop.Web;

/// <summary>Finds records by what people call them, and shows only what the caller may see.</summary>
public sealed class Records(RegisterStore store, TwoClocks clocks)
{
    /// <summary>Whether a text may be a reference (DK-MTG-0001) or a stream id, so that it is worth looking up.</summary>
    internal static bool LooksLikeName(string text) =>
        text.Length is > 4 and <= 100 && ((char.IsAsciiLetterUpper(text[0]) && char.IsAsciiDigit(text[^1]) && text.Contains('-', StringComparison.Ordinal)
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')) || Visibility.StreamId().IsMatch(text));

    /// <summary>The stream of a reference or stream id of this kind; null where there is none.</summary>
    public async Task<string?> StreamOf(string kind, string name, CancellationToken stop)
    {
        // No reference or stream id has another character, and PostgreSQL takes not every one.
        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')) return null;
        if (name.StartsWith($"{kind}-", StringComparison.Ordinal)) return name;
        if (kind == "partnership") return $"partnership-{name}";
        return await store.StreamOf(name, stop) is { } stream && stream.StartsWith($"{kind}-", StringComparison.Ordinal) ? stream : null;
    }

    /// <summary>Of what kind the record of this reference, stream id or partner's code is, if it is there at all; null: of none.</summary>
    public async Task<IServedKind?> KindOf(string name, CancellationToken stop)
    {
        if (Known.IsPartner(name)) return RecordKinds.Partnership;
        return await AnyStreamOf(name, stop) is { } stream ? RecordKinds.OfStream(stream) as IServedKind : null;
    }

    // Of a reference or stream id, of whatever kind. No such name has another character, and PostgreSQL takes not every one.
    async Task<string?> AnyStreamOf(string name, CancellationToken stop) =>
        !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? null
        : RecordKinds.OfStream(name) is null ? await store.StreamOf(name, stop) : name;

    /// <summary>Whether the name is a reference or stream id of another kind of record, which the caller may see.</summary>
    public async Task<bool> IsOfAnotherKind(string kind, string name, Caller caller, CancellationToken stop)
    {
        return await AnyStreamOf(name, stop) is { } stream && RecordKinds.OfStream(stream) is { } its && its.Name != kind
            && (await store.Row(its, stream, stop)).Value is RecordState record && caller.Sees(record);
    }

    /// <summary>A record that the caller may see, with the version of its stream. What the caller may not see is not there.</summary>
    /// <param name="position">As it was known then; null: as it is known now.</param>
    /// <param name="itself">The record of that name, even where it was merged into another; otherwise the one that stands for it.</param>
    /// <param name="whole">With the parts that the caller may not see, for a decision; otherwise as the caller may see it.</param>
    /// <exception cref="Refusal">not-found.</exception>
    public async Task<(string Stream, T State, long Version)> Get<T>(
        ServedKind<T> kind, string name, Caller caller, CancellationToken stop, long? position = null, bool itself = false, bool whole = false)
        where T : RecordState
    {
        if (await StreamOf(kind.Name, name, stop) is { } stream)
        {
            var row = position is { } then ? await clocks.Row(kind, stream, then, stop) : await store.Row(kind, stream, stop);
            // What was merged is as visible as the record that stands for it, which must not be named to whom it is hidden.
            while (row.Value is RecordState { MergedInto: { } survivor } merged && !itself && caller.Sees(merged))
                row = position is { } known ? await clocks.Row(kind, survivor, known, stop) : await store.Row(kind, survivor, stop);
            if (row.Value is T state && caller.Sees(state)) return (row.Key, whole ? state : caller.Seen(state), row.Version);
        }
        throw Refusal.Because("not-found", name);
    }

    /// <summary>The stream named in a command's body, which must exist and be visible.</summary>
    /// <exception cref="Refusal">unknown-reference, at the field.</exception>
    public async Task<string> Named<T>(ServedKind<T> kind, string name, string pointer, Caller caller, CancellationToken stop) where T : RecordState =>
        (await Found(kind, name, pointer, caller, stop)).Stream;

    /// <summary>The record named in a command's body, which must exist and be visible.</summary>
    /// <exception cref="Refusal">unknown-reference, at the field.</exception>
    public async Task<(string Stream, T State)> Found<T>(ServedKind<T> kind, string name, string pointer, Caller caller, CancellationToken stop)
        where T : RecordState
    {
        try
        {
            var (stream, state, _) = await Get(kind, name, caller, stop);
            return (stream, state);
        }
        catch (Refusal r) when (r.Slug == "not-found")
        {
            throw Refusal.OfField(pointer, "unknown-reference", name);
        }
    }
}
