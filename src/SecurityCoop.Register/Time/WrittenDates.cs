using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace SecurityCoop.Register.Time;

/// <summary>A date that a command gave in words.</summary>
/// <param name="Field">JSON pointer of the field.</param>
/// <param name="Date">What was understood, in EDTF; empty: the words say that there is no date yet.</param>
public sealed record UnderstoodDate(string Field, string Written, string Date);

/// <summary>
/// Dates in the bodies of commands: beside EDTF, every field that holds a date takes <c>{"written": "…", "documentDate"?: "…"}</c>
/// (model.md, "Written dates"). What is
/// understood takes the object's place, and the words go into the field that keeps them (dateAsGiven beside date), where the record has one
/// and the body does
/// not fill it. Days before 1700 are refused however they are given.
/// </summary>
public static class WrittenDates
{
    const string Written = "written", DocumentDate = "documentDate", AsGiven = "AsGiven";

    /// <summary>The body with its written dates read; the same bytes where there are none.</summary>
    /// <param name="type">What the body is read as: its properties tell which fields are dates.</param>
    /// <param name="understood">Every written date, those in the new values of a correction too: they are read again by their record, which
    /// knows its fields.</param>
    /// <exception cref="Refusal">A date's fault, at its field.</exception>
    public static byte[] Taken(byte[] body, JsonTypeInfo type, out IReadOnlyList<UnderstoodDate> understood)
    {
        var found = new List<UnderstoodDate>();
        understood = found;
        if (!MayMatter(body)) return body;
        var json = JsonNode.Parse(body);
        Walk(json, type, "", found);
        return found.Count == 0 ? body : JsonSerializer.SerializeToUtf8Bytes(json, RegisterJson.Options);
    }

    /// <summary>The new values of a part's fields with their written dates read.</summary>
    /// <exception cref="Refusal">A date's fault, at its field.</exception>
    internal static IReadOnlyDictionary<string, JsonElement> Taken(Part part, IReadOnlyDictionary<string, JsonElement> fields)
    {
        var json = new JsonObject();
        foreach (var (field, value) in fields) json[field] = value.ValueKind == JsonValueKind.Null ? null
            : JsonNode.Parse(value.GetRawText());
        var found = new List<UnderstoodDate>();
        foreach (var field in fields.Keys)
        {
            if (!part.Fields.TryGetValue(field, out var type)) continue;
            var keeps = part.Fields.ContainsKey(field + AsGiven) && !json.ContainsKey(field + AsGiven);
            if (!IsDate(type)) Walk(json[field], RegisterJson.Options.GetTypeInfo(type), $"/fields/{field}", found);
            // The same date in other words is no change.
            else if (Take(json, field, type, $"/fields/{field}") is { } read)
            {
                found.Add(read);
                if (keeps && !JsonNode.DeepEquals(json[field], part.Now[field])) json[field + AsGiven] = read.Written;
            }
        }
        return found.Count == 0 ? fields
            : json.ToDictionary(f => f.Key, f => f.Value is null ? JsonElement.Parse("null") : Part.Element(f.Value),
                StringComparer.Ordinal);
    }

    // Most bodies have neither: they are not read twice. A year before 1700 begins with 0 or with 10 to 16; an escape may hide anything.
    static bool MayMatter(ReadOnlySpan<byte> body)
    {
        if (body.IndexOf("written"u8) >= 0 || body.IndexOf("\\u"u8) >= 0) return true;
        for (var i = 1; i + 3 < body.Length; i++)
            if ((body[i] == '0' || (body[i] == '1' && body[i + 1] is >= (byte)'0' and <= (byte)'6'))
                && body[i - 1] is (byte)'"' or (byte)'[' or (byte)'.' or (byte)'/' or (byte)',')
                return true;
        return false;
    }

    static bool IsDate(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is var t && (t == typeof(Edtf) || t == typeof(DateOnly));

    static void Walk(JsonNode? json, JsonTypeInfo? type, string pointer, List<UnderstoodDate> found)
    {
        switch (json)
        {
            case JsonArray list when type is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } element }:
                var of = TypeOf(type, element);
                foreach (var (i, item) in list.Index()) Walk(item, of, string.Create(CultureInfo.InvariantCulture, $"{pointer}/{i}"),
                    found);
                break;
            // The values of a correction: which of them are dates, its record knows.
            case JsonObject values when type is { Kind: JsonTypeInfoKind.Dictionary }:
                foreach (var (name, value) in values)
                    if (value is JsonObject given && given.ContainsKey(Written)) found.Add(Read(given, typeof(Edtf), $"{pointer}/{name}"));
                break;
            case JsonObject body when type is { Kind: JsonTypeInfoKind.Object }:
                foreach (var property in type.Properties)
                {
                    if (body[property.Name] is not { } value) continue;
                    var at = $"{pointer}/{property.Name}";
                    if (!IsDate(property.PropertyType)) Walk(value, property.CustomConverter is null ? TypeOf(type, property.PropertyType)
                        : null, at, found);
                    else if (Take(body, property.Name, property.PropertyType, at) is { } read)
                    {
                        found.Add(read);
                        if (type.Properties.Any(p => p.Name == property.Name + AsGiven)
                            && body[property.Name + AsGiven] is null) body[property.Name + AsGiven] = read.Written;
                    }
                }
                break;
        }
    }

    static JsonTypeInfo? TypeOf(JsonTypeInfo around, Type type) => around.Options.TryGetTypeInfo(type, out var found) ? found : null;

    // Puts what is understood in the written date's place; null where the date is none that was written.
    static UnderstoodDate? Take(JsonObject around, string name, Type type, string pointer)
    {
        switch (around[name])
        {
            case JsonObject given when given.ContainsKey(Written):
                var read = Read(given, type, pointer);
                around[name] = read.Date;
                return read;
            case JsonValue value when value.TryGetValue<string>(out var text) && Edtf.TryParse(text, out var date, out _)
                && WrittenDate.TooEarly(text, date) is { } early:
                throw early.At(pointer);
            default:
                return null;
        }
    }

    static UnderstoodDate Read(JsonObject given, Type type, string pointer)
    {
        foreach (var (name, value) in given)
        {
            if (name is not (Written or DocumentDate)) throw Refusal.OfField($"{pointer}/{name}", "unknown-field", name,
                $"{Written}, {DocumentDate}");
            if (value is not JsonValue v || !v.TryGetValue<string>(out _)) throw Refusal.OfField($"{pointer}/{name}", "invalid-value",
                $"{pointer}/{name}");
        }
        var text = given[Written]!.GetValue<string>();
        var read = WrittenDate.Read(text, given[DocumentDate] is { } document
            ? OneDay(WrittenDate.Read(document.GetValue<string>()), $"{pointer}/{DocumentDate}") : null);
        if (read.Fault is { } fault) throw fault.At(pointer);
        if ((Nullable.GetUnderlyingType(type) ?? type) == typeof(DateOnly)) OneDay(read, pointer);
        return new(pointer, text, read.Date!.Text);
    }

    static DateOnly OneDay(WrittenDate read, string pointer)
    {
        if (read.Fault is { } fault) throw fault.At(pointer);
        return read.Date is { IsInterval: false, IsUncertain: false, Text.Length: 10, Earliest: { } day } date && date.Latest == day ? day
            : throw new DateFault(WrittenFault.NotOneDay, read.Text, read.Date!.Text).At(pointer);
    }
}
