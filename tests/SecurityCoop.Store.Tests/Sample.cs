using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using SecurityCoop.Store;

namespace SecurityCoop.Store.Tests;

public sealed record Opened(string Title, string[] Partners);

public sealed record Noted(string Text, int Weight = 0);

public sealed record Described(Secret Name, Secret? Phone = null);

public sealed record Poisoned(string Why);

/// <summary>By the name that verifiers know.</summary>
public sealed record PersonErased;

/// <summary>A protected value as a model would write it.</summary>
[JsonConverter(typeof(SecretConverter))]
public sealed record Secret(string Subject, string? Value);

public sealed class SecretConverter : JsonConverter<Secret>
{
    public override Secret? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        throw new JsonException("Only null is ever stored here.");

    public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("$protected");
        writer.WriteString("subject", value.Subject);
        writer.WriteString("value", value.Value);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}

public sealed record Tally(string Title, int Count, int Weight, string Last, string[] Partners, long LastPosition, string? Reference);

/// <summary>What the tests store.</summary>
internal static class Sample
{
    private static readonly JsonSerializerOptions json = new(JsonSerializerDefaults.Web)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(), DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static readonly EventTypes Types = new([
        Type<Opened>("sample_opened"), Type<Noted>("sample_noted"), Type<Described>("sample_described"), Type<Poisoned>("sample_poisoned"),
        Type<PersonErased>("person_erased"),
    ]);

    /// <summary>One document a stream, whose fold knows position and header of each event.</summary>
    public static RecordKind<Tally> Kind(int version = 1) => new(
        "sample", version, new("", 0, 0, "", [], 0, null), Evolve, t => t.Partners,
        () => (JsonTypeInfo<Tally>)json.GetTypeInfo(typeof(Tally)));

    public static RegisterModel Model(int version = 1) => new(Types, [Kind(version)]);

    public static EventType Type<T>(string name) => new(name, 1, typeof(T), json);

    public static string NewStream() => $"sample-{Guid.CreateVersion7()}";

    public static EventContext Context(Guid? command = null) => new("person-1", command ?? Guid.CreateVersion7(), "restricted");

    public static NewEvent New(object e, Guid? command = null) => new(Guid.CreateVersion7(), e, Context(command));

    public static StreamAppend To(string stream, long expected, params object[] events) =>
        new(stream, "sample", expected, [.. events.Select(e => New(e))]);

    public static Task<AppendResult> Append(this RegisterStore store, params StreamAppend[] streams) =>
        store.Append(Request(streams));

    public static AppendRequest Request(params StreamAppend[] streams) => new(Guid.CreateVersion7(), streams);

    /// <summary>A new stream's events, whose headers name the command as a host's do.</summary>
    public static AppendRequest OneCommand(string stream, Guid command, params object[] events) =>
        new(command, [new(stream, "sample", 0, [.. events.Select(e => New(e, command))])]);

    public static async Task<List<T>> ToList<T>(this IAsyncEnumerable<T> items)
    {
        var list = new List<T>();
        await foreach (var item in items) list.Add(item);
        return list;
    }

    private static Tally Evolve(Tally t, StoredEvent e)
    {
        t = t with { Count = t.Count + 1, LastPosition = e.Position, Reference = t.Reference ?? e.Header.Reference };
        return e.Event switch
        {
            Opened x => t with { Title = x.Title, Partners = x.Partners },
            Noted x => t with { Last = x.Text, Weight = t.Weight + x.Weight },
            Described x => t with { Last = x.Name is null && x.Phone is null ? "protected" : "in the clear" },
            Poisoned => throw new InvalidOperationException("a fold that fails"),
            _ => throw new InvalidOperationException(e.Type),
        };
    }
}
