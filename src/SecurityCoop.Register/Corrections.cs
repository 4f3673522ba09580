using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace SecurityCoop.Register;

/// <summary>One field put right: what it said and what it says now. An absent value is a field without one.</summary>
public sealed record FieldChange(string Field, JsonElement? Old = null, JsonElement? New = null);

/// <summary>Asks for fields of a record, or of the item recorded by event <paramref name="Of"/>, to be put right. A null value clears the field.</summary>
public sealed record Correct(IReadOnlyDictionary<string, JsonElement> Fields, Guid? Of = null);

/// <summary>
/// Corrections work alike on every kind of record: what can be corrected are the fields that the record was described with, under the names
/// that stand in its events. The corrected description is read back by the same reader and passes the same rules as a new one.
/// </summary>
public static class Corrections
{
    // What the log itself says of an item is not part of its description.
    static readonly HashSet<string> given = ["event", "position", "recordedAt", "withdrawn", "number", "opens", "marking", "sources", "protectedFor"];

    /// <summary>The changes that really change something; none when the record already says all of it.</summary>
    /// <param name="kept">Fields that make the item what it is: a wrong one is withdrawn, not corrected.</param>
    /// <exception cref="Refusal">unknown-field, with the names that can be corrected; invalid-value where a value does not fit its field.</exception>
    public static IReadOnlyList<FieldChange> Differences<T>(T described, JsonTypeInfo<T> json, Correct asked, params string[] kept)
    {
        var now = JsonSerializer.SerializeToNode(described, json)!.AsObject();
        var names = json.Properties.Select(p => p.Name).Where(n => !given.Contains(n) && !kept.Contains(n)).ToHashSet();
        var changes = new List<FieldChange>();
        foreach (var (field, value) in asked.Fields.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            if (!names.Contains(field))
                throw Refusal.OfField($"/fields/{field}", "unknown-field", field, string.Join(", ", names.Order(StringComparer.Ordinal)));
            var cleared = value.ValueKind == JsonValueKind.Null;
            var to = cleared ? null : JsonNode.Parse(value.GetRawText());
            if (JsonNode.DeepEquals(now[field], to)) continue;
            changes.Add(new(field, now[field] is { } old ? JsonSerializer.SerializeToElement(old, RegisterJson.Default.JsonNode) : null, cleared ? null : value.Clone()));
        }
        if (changes.Count > 0) Apply(described, json, changes);
        return changes;
    }

    /// <summary>A correction writes down what stood there and what stands there now; of a protected text it can do neither.</summary>
    /// <exception cref="Refusal">protected-text.</exception>
    public static Correct SparesProtected(this Correct asked, string field, string? protectedFor) =>
        protectedFor is not null && asked.Fields.ContainsKey(field) ? throw Refusal.OfField($"/fields/{field}", "protected-text") : asked;

    /// <summary>The description with the changes made.</summary>
    public static T Apply<T>(T described, JsonTypeInfo<T> json, IReadOnlyList<FieldChange> changes)
    {
        var now = JsonSerializer.SerializeToNode(described, json)!.AsObject();
        foreach (var change in changes)
        {
            now.Remove(change.Field);
            if (change.New is { } to) now[change.Field] = JsonNode.Parse(to.GetRawText());
        }
        try
        {
            return now.Deserialize(json)!;
        }
        catch (JsonException e)
        {
            if (e.InnerException is Time.EdtfException fault) throw Refusal.OfField($"/fields{Pointer(e.Path)}", "invalid-date", fault.Message);
            if (Pointer(e.Path) == "" && changes.FirstOrDefault(c => c.New is null) is { } cleared) throw Refusal.OfField($"/fields/{cleared.Field}", "required");
            throw Refusal.OfField($"/fields{Pointer(e.Path)}", "invalid-value", e.Path ?? "", string.Join(", ", changes.Select(c => c.Field)));
        }
    }

    static string Pointer(string? path) => path is null or "$" ? "" : path[1..].Replace('.', '/').Replace("[", "/", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);
}
