namespace SecurityCoop.Store;

/// <summary>A record as it stands in its document.</summary>
/// <param name="Value">The state; null where there is no such record.</param>
/// <param name="Key">Its stream.</param>
/// <param name="Version">The stream's version; 0 where there is none.</param>
/// <param name="Position">Of the stream's last event; 0 where there is none.</param>
public sealed record Row(object? Value, string Key, long Version, long Position);

/// <summary>What is kept in memory of a partner: a fold over all records that concern it. Folds are immutable.</summary>
/// <param name="Kinds">The kinds of record that count.</param>
/// <param name="Empty">The fold of a partner without records.</param>
/// <param name="With">The fold with newer states, by stream, in place of those that it had. The same states again change nothing.</param>
public sealed record PartnerFold(
    IReadOnlyList<RecordKind> Kinds, Func<string, object> Empty,
    Func<object, IEnumerable<KeyValuePair<string, object>>, object> With);
