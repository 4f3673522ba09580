using System.Text;
using System.Text.Json;
using Npgsql;

namespace SecurityCoop.Store;

/// <summary>An event as another program appended it.</summary>
/// <param name="Data">The text of its jsonb.</param>
/// <param name="Binary">A body that is not JSON, where it has one.</param>
/// <param name="Headers">The text of the program's own headers.</param>
/// <param name="Ours">Whether its stream began in the register.</param>
internal sealed record ForeignRow(
    long Position, Guid Id, string Stream, long Version, string Type, DateTime RecordedAt, string Data, byte[]? Binary, string? Headers, string? Actor, string? Correlation,
    string? Causation, bool Ours)
{
    private const int LongestSaid = 1000;

    private readonly JsonElement? said = Headers is null ? null : Parsed(Headers);

    /// <summary>The form of its header and the bytes of its body: canonical, or where there is no canonical form the text itself.</summary>
    public (int Form, byte[] Bytes) Body { get; } = BodyOf(Data);

    public static ForeignRow Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetGuid(1), row.GetString(2), row.GetInt64(3), row.GetString(4), row.GetDateTime(5), row.GetString(6), Field<byte[]>(row, 7), Field<string>(row, 8),
        Field<string>(row, 9), Field<string>(row, 10), Field<string>(row, 11), row.GetBoolean(12));

    /// <summary>What the program said of the event in its own headers under this name: a text (asId: a UUID), or null.</summary>
    public string? Said(string name, bool asId = false) =>
        said is { ValueKind: JsonValueKind.Object } headers && headers.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: > 0 and <= LongestSaid } text && (!asId || Guid.TryParseExact(text, "D", out _)) ? text : null;

    private static (int, byte[]) BodyOf(string data)
    {
        var text = Encoding.UTF8.GetBytes(data);
        try
        {
            return (2, Canonical.Bytes(text));
        }
        catch (Exception odd) when (odd is NotCanonical or JsonException)
        {
            return (3, text);
        }
    }

    private static JsonElement? Parsed(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null; // Deeper than is read here.
        }
    }

    private static T? Field<T>(NpgsqlDataReader row, int ordinal) where T : class => row.IsDBNull(ordinal) ? null : row.GetFieldValue<T>(ordinal);
}
