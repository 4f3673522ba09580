using System.Text.Json;
using System.Text.Json.Serialization;
using SecurityCoop.Register;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Web.Commands;

/// <summary>What every command's body may carry.</summary>
public record Body
{
    /// <summary>Why; required for corrections, withdrawals and reclassifications.</summary>
    public string? Reason { get; init; }
    public string? OnBehalfOf { get; init; }
    /// <summary>One locator or several.</summary>
    [JsonConverter(typeof(OneOrSeveral))] public IReadOnlyList<LocatorBody>? Source { get; init; }
    /// <summary>1 confirmed … 6 cannot be judged (Admiralty code).</summary>
    public int? Credibility { get; init; }
    public Marking? Marking { get; init; }
    /// <summary>Need-to-know groups: of a new record, or of the statement, note or follow-up that is recorded.</summary>
    public IReadOnlyList<string>? Groups { get; init; }
    /// <summary>Reference of the home organisation concerned; absent: the service itself.</summary>
    public string? HomeOrganisation { get; init; }

    /// <summary>What it says for what a statement opens that it raises; null where it says nothing of it.</summary>
    internal virtual RaisedFields? Raised() => null;

    /// <exception cref="Refusal">unknown-kind, at /instrument/kind.</exception>
    private protected static RaisedFields? RaisedFieldsOf(OpenedAction? action, OpenedInstrument? instrument)
    {
        if (instrument?.Kind is { } kind) Known.InstrumentKind(kind, "/instrument/kind");
        return action is null && instrument is null ? null : new(action, instrument);
    }

    /// <summary>Nothing of its content, whoever may write it into a log.</summary>
    public sealed override string ToString() => GetType().Name;
}

/// <summary>A body whose only date is the day on which it happened; absent where nobody says.</summary>
public record DatedBody : Body
{
    /// <summary>EDTF; empty: unknown.</summary>
    public Edtf? On { get; init; }
}

/// <param name="Document">Reference or stream id of a source.</param>
public sealed record LocatorBody(string Document, int? Paragraph = null, int? Sentence = null, string? Sha256 = null);

public record CorrectionBody : Body
{
    /// <summary>Event id of the statement, act, follow-up, note or office to correct; absent: the record itself.</summary>
    public Guid? Of { get; init; }
    /// <summary>New values by field name; null clears a field.</summary>
    public required Dictionary<string, JsonElement> Fields { get; init; }
}

public sealed record PreferenceBody : Body
{
    /// <summary>Event id of the item of which it is a field; absent: the record itself.</summary>
    public Guid? Of { get; init; }
    public required string Field { get; init; }
    /// <summary>Event id of the report that the record shall follow, or of the event that first said what it says.</summary>
    public required Guid Report { get; init; }
    /// <summary>Of a statement that becomes an agreed action by it: what it does not say itself.</summary>
    public OpenedAction? Action { get; init; }
    /// <summary>Of a statement that becomes a planned instrument by it.</summary>
    public OpenedInstrument? Instrument { get; init; }

    internal override RaisedFields? Raised() => RaisedFieldsOf(Action, Instrument);
}

public record WithdrawalBody : Body
{
    public Guid? Of { get; init; }
}

/// <summary>Reads an array, or one value as an array of one.</summary>
sealed class OneOrSeveral : JsonConverter<IReadOnlyList<LocatorBody>>
{
    /// <summary>Under this key an exception's data say where within the value the fault lies, since the reader of a locator does not know where that one stands.</summary>
    public const string Within = "within";

    public override IReadOnlyList<LocatorBody>? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) return [One(ref reader, options, "")];
        var several = new List<LocatorBody>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) several.Add(One(ref reader, options, $"/{several.Count}"));
        return several;
    }

    static LocatorBody One(ref Utf8JsonReader reader, JsonSerializerOptions options, string at)
    {
        try
        {
            return JsonSerializer.Deserialize(ref reader, (System.Text.Json.Serialization.Metadata.JsonTypeInfo<LocatorBody>)options.GetTypeInfo(typeof(LocatorBody)))!;
        }
        catch (JsonException e)
        {
            throw new JsonException(e.Message, e.InnerException) { Data = { [Within] = at + Bodies.Pointer(e.Path) } };
        }
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<LocatorBody> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var locator in value)
            JsonSerializer.Serialize(writer, locator, (System.Text.Json.Serialization.Metadata.JsonTypeInfo<LocatorBody>)options.GetTypeInfo(typeof(LocatorBody)));
        writer.WriteEndArray();
    }
}
