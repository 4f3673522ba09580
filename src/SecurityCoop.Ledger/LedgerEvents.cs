using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SecurityCoop.Ledger;

// These names and fields are stored for ever, in the stream `ledger-` and the log's id. A new meaning is a new event, never a changed one.

/// <summary>
/// `ledger_origin_opened`: the tree no longer continues what was signed under the origin before (an older database was restored, a tail was lost), and an
/// operator went on under a new one. The header's reason says why.
/// </summary>
/// <param name="Origin">The new origin, the first line of checkpoints from here on.</param>
/// <param name="Key">The verifier key that signs them.</param>
/// <param name="AgreesTo">The size up to which the origin before and this tree are known to agree: that of the largest checkpoint kept that fits this tree, 0 where none does.</param>
/// <param name="PreviousKey">The verifier key of the origin before; absent where it was lost.</param>
/// <param name="Previous">The last checkpoint known of the origin before, as a signed note.</param>
public sealed record LedgerOriginOpened(string Origin, string Key, long AgreesTo, string? PreviousKey = null, string? Previous = null)
{
    public const string Name = "ledger_origin_opened";
}

/// <summary>`ledger_key_rotated`: checkpoints are signed by another key from here on. The first that covers this event is signed by both.</summary>
/// <param name="From">The verifier key until now.</param>
/// <param name="To">The verifier key from here on, under the same name.</param>
public sealed record LedgerKeyRotated(string From, string To)
{
    public const string Name = "ledger_key_rotated";
}

/// <summary>How the bodies of the ledger's own events are written.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(LedgerOriginOpened))]
[JsonSerializable(typeof(LedgerKeyRotated))]
public sealed partial class LedgerJson : JsonSerializerContext;

/// <summary>The ledger's own events.</summary>
public static class LedgerEvents
{
    /// <summary>Wire name, schema, and how the body is written.</summary>
    public static IReadOnlyList<(string Name, int Schema, JsonTypeInfo Json)> All { get; } =
        [(LedgerOriginOpened.Name, 1, LedgerJson.Default.LedgerOriginOpened), (LedgerKeyRotated.Name, 1, LedgerJson.Default.LedgerKeyRotated)];

    /// <summary>The stream in which they stand.</summary>
    public static string StreamOf(Guid log) => $"ledger-{log:D}";

    /// <summary>Reads a rotation: both keys are verifier keys of one name, which is the origin.</summary>
    /// <exception cref="HistoryFault">The body is not that of a rotation.</exception>
    internal static (VerifierKey From, VerifierKey To) Rotation(ReadOnlyMemory<byte> body, long position)
    {
        var members = Members(body, LedgerKeyRotated.Name, position, "from", "to");
        var (from, to) = (Key(members["from"], position), Key(members["to"], position));
        return from.Name == to.Name && from != to ? (from, to) : throw new HistoryFault(position, "a rotation leads from one key to another of the same name");
    }

    /// <summary>Reads the beginning of an origin. Its key has the origin's name; what was signed before is signed by the key before.</summary>
    /// <exception cref="HistoryFault">The body is not that of such an event.</exception>
    internal static (string Origin, VerifierKey Key, long AgreesTo, VerifierKey? PreviousKey) NewOrigin(ReadOnlyMemory<byte> body, long position)
    {
        var members = Members(body, LedgerOriginOpened.Name, position, "agreesTo", "key", "origin", "previous?", "previousKey?");
        var key = Key(members["key"], position);
        var before = members.TryGetValue("previousKey", out var previousKey) ? Key(previousKey, position) : null;
        if (members["origin"].GetString() != key.Name) throw new HistoryFault(position, "the new origin is not the name of its key");
        if (before?.Name == key.Name) throw new HistoryFault(position, "the new origin is the one before it");
        var agreesTo = members["agreesTo"].GetInt64();
        if (agreesTo < 0 || agreesTo >= position) throw new HistoryFault(position, "agreesTo is not a number of events before this one");
        if (members.TryGetValue("previous", out var previous)) MustBeSigned(previous.GetString()!, before, position);
        return (key.Name, key, agreesTo, before);
    }

    private static void MustBeSigned(string note, VerifierKey? by, long position)
    {
        try
        {
            var cited = Note.Parse(Encoding.UTF8.GetBytes(note));
            var checkpoint = Checkpoint.Parse(cited.Text);
            if (by is null || (checkpoint.Origin == by.Name && cited.SignedBy([by]).Count > 0)) return;
        }
        catch (FormatException bad)
        {
            throw new HistoryFault(position, $"the checkpoint that the new origin cites cannot be read: {bad.Message}");
        }
        throw new HistoryFault(position, "the checkpoint that the new origin cites is not signed by the key before it");
    }

    // Texts, but agreesTo; each named, and no other.
    private static Dictionary<string, JsonElement> Members(ReadOnlyMemory<byte> body, string type, long position, params ReadOnlySpan<string> names)
    {
        var found = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var root = JsonElement.Parse(body.Span);
        if (root.ValueKind == JsonValueKind.Object)
            foreach (var member in root.EnumerateObject()) found[member.Name] = member.Value;
        var known = 0;
        foreach (var name in names)
        {
            if (!found.TryGetValue(name.TrimEnd('?'), out var value))
            {
                if (!name.EndsWith('?')) throw new HistoryFault(position, $"the body is not that of a {type}: it lacks {name}");
                continue;
            }
            known++;
            if (value.ValueKind != (name == "agreesTo" ? JsonValueKind.Number : JsonValueKind.String)) throw new HistoryFault(position, $"the body is not that of a {type}: {name} is of the wrong kind");
        }
        return known == found.Count ? found : throw new HistoryFault(position, $"the body is not that of a {type}: it has a member that none has");
    }

    private static VerifierKey Key(JsonElement text, long position)
    {
        try
        {
            return VerifierKey.Parse(text.GetString()!);
        }
        catch (FormatException bad)
        {
            throw new HistoryFault(position, bad.Message);
        }
    }
}
