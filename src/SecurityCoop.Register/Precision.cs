using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register;

/// <summary>How what one source says of a field stands to what the record says.</summary>
public enum Agreement { Agrees, LessPrecise, MorePrecise, Competes }

/// <summary>Which of two values of a field says more, and whether both can be true at once.</summary>
public static class Precision
{
    // Absent, these say something: all parties, the whole, no end, the service itself, due once. A value in their place is another statement, not a narrower one.
    static readonly HashSet<string> speaksWhenAbsent = ["party", "parties", "part", "until", "homeOrganisation", "standing", "partners"];

    public static Agreement Of(JsonElement? record, JsonElement? report, Type type, string field) =>
        Same(record, report) ? Agreement.Agrees
        : Narrows(report, record, type, field) ? Agreement.LessPrecise
        : Narrows(record, report, type, field) ? Agreement.MorePrecise
        : Agreement.Competes;

    public static bool Same(JsonElement? a, JsonElement? b) => JsonNode.DeepEquals(Node(a), Node(b));

    /// <summary>Whether <paramref name="narrow"/> says nothing that <paramref name="wide"/> excludes, and nothing less.</summary>
    public static bool Narrows(JsonElement? wide, JsonElement? narrow, Type type, string field) => Narrows(Node(wide), Node(narrow), type, field);

    static JsonNode? Node(JsonElement? value) => value is { } v ? JsonNode.Parse(v.GetRawText()) : null;

    static bool Narrows(JsonNode? wide, JsonNode? narrow, Type type, string field)
    {
        if (JsonNode.DeepEquals(wide, narrow)) return true;
        var held = Nullable.GetUnderlyingType(type) ?? type;
        if (wide is null) return !speaksWhenAbsent.Contains(field) && held != typeof(bool);
        return narrow switch
        {
            null => false,
            JsonArray now when wide is JsonArray before => !speaksWhenAbsent.Contains(field) && NarrowsList(before, now, held, field),
            JsonObject now when wide is JsonObject before => NarrowsObject(before, now, held),
            JsonValue when held == typeof(Edtf) => NarrowsDate(Edtf.Parse(wide.GetValue<string>()), Edtf.Parse(narrow.GetValue<string>())),
            // What was not known or not stated is now.
            JsonValue when held.IsEnum => wide.GetValue<string>() is "unknown" or "not-stated",
            _ => false,
        };
    }

    // A qualifier keeps a date's bounds: taking it away says more, adding it says less.
    static bool NarrowsDate(Edtf wide, Edtf narrow) => narrow.IsWithin(wide) && (wide.IsUncertain || !narrow.IsUncertain);

    // Of a list of descriptions each is narrowed in its place and more may follow; of a list of codes or names none may be missing.
    static bool NarrowsList(JsonArray wide, JsonArray narrow, Type list, string field) => wide.All(w => w is JsonObject)
        ? wide.Count <= narrow.Count && wide.Zip(narrow).All(p => Narrows(p.First, p.Second, list.GetGenericArguments()[0], field))
        : wide.All(w => narrow.Any(n => JsonNode.DeepEquals(w, n)));

    static bool NarrowsObject(JsonObject wide, JsonObject narrow, Type type)
    {
        // "An officer" has said all it can once the officer is named.
        bool Told(string name) => type == typeof(Participant) && name == "description" && narrow["person"] is not null;
        return wide.Select(w => w.Key).Union(narrow.Select(n => n.Key)).All(name => Told(name) || Narrows(wide[name], narrow[name], TypeOf(type, name), name));
    }

    static Type TypeOf(Type type, string field) =>
        RegisterJson.Options.GetTypeInfo(type)?.Properties.FirstOrDefault(p => p.Name == field)?.PropertyType ?? typeof(string);
}
