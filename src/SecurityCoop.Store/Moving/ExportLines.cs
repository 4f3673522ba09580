using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.Store;

/// <summary>Which history a file holds: its log, how many events, and the RFC 6962 root over them.</summary>
public sealed record ExportHead(Guid Log, long Size, byte[] Root)
{
    /// <summary>The public key by which its last checkpoint is verified; null where there was none.</summary>
    public string? Key { get; init; }

    public bool SameAs(ExportHead other) => Log == other.Log && Size == other.Size && Root.AsSpan().SequenceEqual(other.Root);
}

/// <summary>
/// JSON Lines (docs/export.md): the first says what it is, the last holds the SHA-256 of all bytes before it, so that a file that was cut off or changed on its
/// way is known before anything of it is used.
/// </summary>
internal sealed class ExportWriter : IDisposable
{
    public const string History = "securitycoop-export", Keys = "securitycoop-keys";

    // Texts stay readable: nothing here goes into a page.
    private static readonly JsonWriterOptions options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Stream to;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ArrayBufferWriter<byte> lines = new(1 << 16);
    private readonly Utf8JsonWriter json;

    public ExportWriter(Stream to, string format, ExportHead head)
    {
        (this.to, json) = (to, new(lines, options));
        Line(line =>
        {
            line.WriteString("format", format);
            line.WriteNumber("version", 1);
            line.WriteString("log", head.Log);
            line.WriteNumber("size", head.Size);
            line.WriteBase64String("root", head.Root);
            if (head.Key is { } key) line.WriteString("vkey", key);
        });
    }

    public void Line(Action<Utf8JsonWriter> members)
    {
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
        json.Flush();
        json.Reset();
        lines.Write("\n"u8);
    }

    /// <summary>Sends on what was written.</summary>
    public async Task Flush(CancellationToken stop)
    {
        hash.AppendData(lines.WrittenSpan);
        await to.WriteAsync(lines.WrittenMemory, stop);
        lines.ResetWrittenCount();
    }

    /// <summary>The last line.</summary>
    public async Task End(CancellationToken stop)
    {
        await Flush(stop);
        Line(line => line.WriteString("sha256", Convert.ToHexStringLower(hash.GetCurrentHash())));
        await Flush(stop);
        await to.FlushAsync(stop);
    }

    public void Dispose()
    {
        json.Dispose();
        hash.Dispose();
    }
}

/// <summary>Reads such a file; as often as is wanted.</summary>
/// <param name="name">What it is called in a refusal.</param>
internal sealed class ExportReader(Stream from, string name, string format)
{
    private long line;

    public ExportHead Head { get; private set; } = new(default, 0, []);

    /// <summary>Every line between the first and the last.</summary>
    /// <exception cref="StartRefused">It is not such a file, or not whole. The last line is looked at last.</exception>
    public async IAsyncEnumerable<JsonElement> Lines([EnumeratorCancellation] CancellationToken stop)
    {
        from.Position = 0;
        line = 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var pipe = PipeReader.Create(from, new(leaveOpen: true, bufferSize: 1 << 16));
        var ended = false;
        await foreach (var bytes in Split(pipe, stop))
        {
            line++;
            if (ended) throw Fault("something follows the last line");
            var read = Parse(bytes);
            if (line == 1) Head = First(read);
            else if (read.TryGetProperty("sha256", out var digest))
            {
                if (digest.GetString() != Convert.ToHexStringLower(hash.GetCurrentHash())) throw Fault("the file was changed: its lines do not hash to what its last line says");
                ended = true;
            }
            else yield return read;
            hash.AppendData(bytes);
            hash.AppendData("\n"u8);
        }
        if (!ended) throw new StartRefused($"{name} is not whole: its last line, with the digest of all others, is missing.");
    }

    /// <summary>What is wrong with the line that was read last.</summary>
    public StartRefused Fault(string what, Exception? cause = null) => new(string.Create(CultureInfo.InvariantCulture, $"{name}, line {line}: {what}."), cause);

    private ExportHead First(JsonElement read)
    {
        if (Text(read, "format") != format) throw new StartRefused($"{name} is not a file of the form {format}.");
        if (!read.TryGetProperty("version", out var version) || !version.TryGetInt32(out var number) || number != 1) throw new StartRefused($"{name} is of another version than 1: import it with a newer program.");
        return read.TryGetProperty("log", out var log) && log.TryGetGuid(out var id) && read.TryGetProperty("size", out var size) && size.TryGetInt64(out var events) && events >= 0
            && read.TryGetProperty("root", out var root) && root.TryGetBytesFromBase64(out var bytes)
            ? new(id, events, bytes) { Key = read.TryGetProperty("vkey", out _) ? Text(read, "vkey") : null } : throw Fault("the log, its size or its root is missing");
    }

    private JsonElement Parse(byte[] bytes)
    {
        try
        {
            var read = JsonElement.Parse(bytes);
            return read.ValueKind == JsonValueKind.Object ? read : throw Fault("it is not a JSON object");
        }
        catch (JsonException bad)
        {
            throw Fault("it is not JSON", bad);
        }
    }

    private static async IAsyncEnumerable<byte[]> Split(PipeReader pipe, [EnumeratorCancellation] CancellationToken stop)
    {
        while (true)
        {
            var read = await pipe.ReadAsync(stop);
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                yield return buffer.Slice(0, end).ToArray();
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }
            pipe.AdvanceTo(buffer.Start, buffer.End);
            if (!read.IsCompleted) continue;
            if (buffer.Length > 0) yield return buffer.ToArray(); // A line that was cut off.
            await pipe.CompleteAsync();
            yield break;
        }
    }

    private string Text(JsonElement read, string member) => read.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Fault($"{member} is missing");
}
