namespace SecurityCoop.Store;

/// <summary>The whole register as a file (docs/export.md).</summary>
public sealed partial class RegisterStore
{
    /// <summary>
    /// Up to this position protected values came without their keys, which stayed where the history was exported; 0 where none did.
    /// </summary>
    public long WithheldThrough => keys.WithheldThrough;

    /// <summary>Writes the history, byte for byte, and where it is asked for what opens it.</summary>
    /// <param name="keysTo">
    /// Takes the keys; the history then holds the digests of idempotency keys too, which are of no use without them. Null: neither.
    /// </param>
    /// <param name="progress">Told after each page how many events are written, and of how many.</param>
    public Task<ExportHead> Export(
        Stream to, Stream? keysTo, Action<long, long>? progress = null, CancellationToken stop = default) =>
        new HistoryExport(database, keys, LedgerKeys).Write(to, keysTo, progress, stop);
}
