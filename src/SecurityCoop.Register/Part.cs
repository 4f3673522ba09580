using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register;

/// <summary>Who first said what a part of a record says.</summary>
public sealed record FirstSaid(Guid Event, long Position, IReadOnlyList<Locator>? Sources = null);

/// <summary>
/// What a record, or one item of it (an act, a statement, a follow-up), is described with: fields under the names that stand in its events.
/// Corrections, refinements, reports and preferences all speak of fields of a part; the description that they lead to is read by the same
/// reader and passes the same rules as a new one.
/// </summary>
public sealed class Part
{
    /// <summary>The field, of an item that can be denied, that says whether it happened at all. It is reported and preferred, never corrected: a wrong item is withdrawn.</summary>
    public const string Happened = "happened";

    // What the log itself says of an item is not part of its description.
    static readonly HashSet<string> given = ["event", "position", "recordedAt", "withdrawn", "number", "opens", "marking", "sources", "protectedFor", "command", "followUp", "reviewBefore", "reason", "denied"];

    readonly Func<JsonObject, (RecordState State, Edtf? Day)> read;
    readonly Action<JsonObject> check;
    readonly Action<RecordState>? fits;
    readonly (bool Now, Func<bool, RecordState> Become)? happened;

    Part(FirstSaid first, JsonObject now, IReadOnlyDictionary<string, Type> fields, Func<JsonObject, (RecordState, Edtf?)> read, Action<JsonObject> check, Action<RecordState>? fits, (bool, Func<bool, RecordState>)? happened)
    {
        (First, Now, Fields, this.read, this.check, this.fits, this.happened) = (first, now, fields, read, check, fits, happened);
    }

    /// <param name="with">The record with another description of this part.</param>
    /// <param name="day">The day of the world of what is described.</param>
    /// <param name="check">The rules of a new description; its pointers begin with /fields.</param>
    /// <param name="fits">The rules that the whole record must keep with it. A report need not keep them, since sources disagree.</param>
    /// <param name="kept">Fields that make the item what it is: a wrong one is withdrawn, not corrected.</param>
    /// <param name="closed">The field whose text is protected, where one is.</param>
    /// <param name="happened">Of an item that can be denied: whether the record takes it as having happened, and the record where that is turned.</param>
    public static Part Of<T>(FirstSaid first, T now, JsonTypeInfo<T> json, Func<T, RecordState> with, Func<T, Edtf?> day, Action<T>? check = null, Action<RecordState>? fits = null,
        IReadOnlyList<string>? kept = null, (bool Now, Func<bool, RecordState> Become)? happened = null, string? closed = null) => new(
            first, JsonSerializer.SerializeToNode(now, json)!.AsObject(),
            json.Properties.Where(p => !given.Contains(p.Name) && kept?.Contains(p.Name) != true).ToDictionary(p => p.Name, p => p.PropertyType, StringComparer.Ordinal),
            o =>
            {
                var described = o.Deserialize(json)!;
                return (with(described), day(described));
            },
            o => check?.Invoke(o.Deserialize(json)!), fits, happened) { Protected = closed };

    public FirstSaid First { get; }
    /// <summary>The description as it stands.</summary>
    public JsonObject Now { get; }
    /// <summary>The field, if any, whose text is protected: nothing that would write it down in the clear is taken.</summary>
    public string? Protected { get; private init; }
    /// <summary>The fields that can be named, with their types.</summary>
    public IReadOnlyDictionary<string, Type> Fields { get; }

    /// <summary>What a field says now; null where it says nothing.</summary>
    /// <exception cref="Refusal">protected-text; unknown-field at <paramref name="pointer"/>, with the names that there are.</exception>
    public JsonElement? Value(string field, string pointer)
    {
        if (field == Happened && happened is var (now, _)) return now ? True : False;
        if (field == Protected) throw Refusal.OfField(pointer, "protected-text");
        if (Fields.ContainsKey(field)) return Now[field] is { } value ? Element(value) : null;
        throw Refusal.OfField(pointer, "unknown-field", field, string.Join(", ", Fields.Keys.Concat(happened is null ? [] : [Happened]).Order(StringComparer.Ordinal)));
    }

    /// <summary>The record with the changes made.</summary>
    /// <exception cref="Refusal">invalid-date, unknown-code, invalid-value or required, at /fields, where a value does not fit its field.</exception>
    public RecordState With(IReadOnlyList<FieldChange> changes)
    {
        if (changes is [{ Field: Happened, New: { } turn }] && happened is var (_, become)) return become(turn.GetBoolean());
        return Reading(changes, read).State;
    }

    /// <summary>Holds the changes against the rules, and gives the day of the world of what is then described.</summary>
    /// <param name="whole">Whether the whole record must fit together with them.</param>
    public Edtf? Check(IReadOnlyList<FieldChange> changes, bool whole)
    {
        if (changes.Any(c => c.Field == Happened && c.New?.ValueKind is not (JsonValueKind.True or JsonValueKind.False)))
            throw Refusal.OfField($"/fields/{Happened}", "invalid-value", Happened, Happened);
        var (state, day) = Reading([.. changes.Where(c => c.Field != Happened)], o =>
        {
            check(o);
            return read(o);
        });
        if (whole) fits?.Invoke(changes is [{ Field: Happened }] ? With(changes) : state);
        return day;
    }

    T Reading<T>(IReadOnlyList<FieldChange> changes, Func<JsonObject, T> with)
    {
        var described = Now.DeepClone().AsObject();
        foreach (var change in changes)
        {
            described.Remove(change.Field);
            if (change.New is { } to) described[change.Field] = JsonNode.Parse(to.GetRawText());
        }
        try
        {
            return with(described);
        }
        catch (JsonException e)
        {
            if (e.InnerException is UnknownSlug unknown) throw Refusal.OfField($"/fields{Pointer(e.Path)}", "unknown-code", unknown.Given, unknown.Taken);
            if (e.InnerException is EdtfException fault) throw Refusal.OfField($"/fields{Pointer(e.Path)}", "invalid-date", fault.Message);
            if (Pointer(e.Path) == "" && changes.FirstOrDefault(c => c.New is null) is { } cleared) throw Refusal.OfField($"/fields/{cleared.Field}", "required");
            throw Refusal.OfField($"/fields{Pointer(e.Path)}", "invalid-value", e.Path ?? "", string.Join(", ", changes.Select(c => c.Field)));
        }
    }

    internal static JsonElement Element(JsonNode value) => JsonSerializer.SerializeToElement(value, RegisterJson.Of<JsonNode>());

    internal static JsonElement True { get; } = Element(JsonValue.Create(true));
    internal static JsonElement False { get; } = Element(JsonValue.Create(false));

    static string Pointer(string? path) => path is null or "$" ? "" : path[1..].Replace('.', '/').Replace("[", "/", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);
}
