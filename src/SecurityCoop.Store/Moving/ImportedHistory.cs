using System.Text;
using System.Text.Json;
using SecurityCoop.Ledger;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.Store;

/// <summary>One event of an export.</summary>
/// <param name="IsForeign">Whether another program wrote it, as could be until November 2026.</param>
internal sealed record ImportedEvent(
    byte[] HeaderBytes, byte[] Body, string? DotnetType, bool IsForeign,
    IReadOnlyList<(string Pointer, string Subject, byte[] Ciphertext)> Protected)
{
    public byte[] Leaf { get; } = MerkleTree.Leaf(HeaderBytes);

    public EventHeader Header => field ??= Headers.Read(HeaderBytes);
}

/// <summary>A checkpoint of an export.</summary>
internal sealed record ImportedCheckpoint(Checkpoint Checkpoint, byte[] Note, DateTime SignedAt);

/// <summary>What an idempotency key was answered with.</summary>
internal sealed record ImportedAnswer(byte[] Key, byte[] Of, Guid? Command, long? First, long? Last, byte[]? Answer);

/// <summary>Reads the lines of a history, and checks a whole one against itself before anything of it is written anywhere.</summary>
internal sealed class ImportedHistory(ExportReader file)
{
    /// <summary>Reads the file from end to end: every header to its leaf, the leaves to the root, body digests, versions and times in order, the place of each protected value.</summary>
    /// <exception cref="StartRefused">It does not hold; the line names where.</exception>
    public async Task<ExportHead> Check(Action<long, long>? progress, CancellationToken stop)
    {
        var (frontier, versions, recordedAt, beyondEvents) = (MerkleFrontier.Of(0, []), new Dictionary<UInt128, long>(), 0L, false);
        await foreach (var item in Items(stop))
        {
            if (item is not ImportedEvent e)
            {
                beyondEvents = true;
                continue;
            }
            if (beyondEvents) throw file.Fault("an event stands after what comes after the events");
            ExaminedEvent entry;
            try
            {
                entry = ExaminedEvent.Examine((byte[])[0, .. e.HeaderBytes], e.Body);
            }
            catch (HistoryFault fault)
            {
                throw file.Fault(fault.Message, fault);
            }
            if (entry.Form > 1 || e.IsForeign)
                throw file.Fault($"the event at position {frontier.Size + 1} was appended by another program than the register, and only the "
                    + "register's own can be appended here; its bundle can still be verified. Nothing was changed");
            if ($"{entry.Log}" != file.Head.Log.ToString("D")) throw file.Fault($"the event is of another log, {entry.Log}");
            if (entry.RecordedAt < recordedAt) throw file.Fault("the event was recorded before the one before it");
            recordedAt = entry.RecordedAt;
            var version = versions[entry.StreamKey] = versions.GetValueOrDefault(entry.StreamKey) + 1;
            if (entry.Version != version) throw file.Fault($"the versions of stream {entry.Stream} are not contiguous");
            if (!entry.Protected.Select(p => (p.Pointer, p.Subject)).Order().SequenceEqual(e.Protected.Select(p => (p.Pointer, p.Subject)).Order())) throw file.Fault("its protected values are not those that its header names");
            frontier.Add(e.Leaf);
            if (frontier.Size % 1000 == 0 && file.Head.Size > 0) progress?.Invoke(Math.Min(frontier.Size, file.Head.Size), file.Head.Size);
        }
        if (frontier.Size != file.Head.Size) throw file.Fault($"there are {frontier.Size} events, and the first line says {file.Head.Size}");
        if (!frontier.Root().AsSpan().SequenceEqual(file.Head.Root)) throw file.Fault("the root over the events is not the one of the first line");
        return file.Head;
    }

    /// <summary>Each line as what it holds.</summary>
    public async IAsyncEnumerable<object> Items([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var line in file.Lines(stop))
        {
            object item;
            try
            {
                item = line.TryGetProperty("header", out _) ? Event(line) : line.TryGetProperty("checkpoint", out var note) ? Checkpointed(note, line) : Answered(line);
            }
            catch (Exception bad) when (bad is KeyNotFoundException or InvalidOperationException or FormatException or InvalidDataException or JsonException or IndexOutOfRangeException)
            {
                throw file.Fault("it is neither an event nor a checkpoint nor an answer of this form", bad);
            }
            yield return item;
        }
    }

    private static ImportedEvent Event(JsonElement line) => new(
        Encoding.UTF8.GetBytes(line.GetProperty("header").GetString()!), Encoding.UTF8.GetBytes(line.GetProperty("body").GetString()!),
        Text(line, "dotnetType"), line.TryGetProperty("metadata", out _) || line.TryGetProperty("binary", out _),
        line.TryGetProperty("protected", out var values) ? [.. values.EnumerateArray().Select(v => (v[0].GetString()!, v[1].GetString()!, v[2].GetBytesFromBase64()))] : []);

    private static ImportedCheckpoint Checkpointed(JsonElement note, JsonElement line)
    {
        var bytes = Encoding.UTF8.GetBytes(note.GetString()!);
        return new(Checkpoint.Parse(Note.Parse(bytes).Text), bytes, line.GetProperty("signedAt").GetDateTime().ToUniversalTime());
    }

    private static ImportedAnswer Answered(JsonElement line) => new(
        line.GetProperty("key").GetBytesFromBase64(), line.GetProperty("of").GetBytesFromBase64(), line.TryGetProperty("command", out var command) ? command.GetGuid() : null,
        Number(line, "first"), Number(line, "last"), Bytes(line, "answer"));

    private static string? Text(JsonElement line, string member) => line.TryGetProperty(member, out var value) ? value.GetString() : null;

    private static long? Number(JsonElement line, string member) => line.TryGetProperty(member, out var value) ? value.GetInt64() : null;

    private static byte[]? Bytes(JsonElement line, string member) => line.TryGetProperty(member, out var value) ? value.GetBytesFromBase64() : null;
}
