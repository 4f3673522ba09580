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
}
