using System.Globalization;
using System.Text.Json.Nodes;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web.Pages.Forms;

/// <summary>A form that was sent, as the body of a command. Fields without a text are not in it.</summary>
public sealed class SentForm
{
    readonly Dictionary<string, string> fields = new(StringComparer.Ordinal);

    /// <summary>The body, as the interface takes it.</summary>
    public JsonObject Body { get; }

    SentForm(JsonObject body) => Body = (JsonObject)Settled(body, "", "");

    /// <param name="fields">What is read; anything else that was sent is left alone.</param>
    /// <param name="form">What was sent.</param>
    public static SentForm Read(IEnumerable<FormField> fields, IFormCollection form)
    {
        var all = fields.Select(f => (Field: f, Value: Value(f, form))).Where(f => f.Value is not null).ToList();
        return Of(all.Where(f => f.Field.Kind != FieldKind.Hidden || IsSaid(f.Field, all.Select(o => o.Field))).Select(f => (f.Field.Name, f.Value!)));
    }

    /// <summary>A body of values, each with its place in it: names and places in lists, separated by dots.</summary>
    public static SentForm Of(IEnumerable<(string Place, JsonNode Value)> values)
    {
        var body = new JsonObject();
        foreach (var (place, value) in values) Place(body, place.Split('.'), value);
        return new(body);
    }

    /// <summary>The field in which a fault lies, by its JSON pointer within the body; null: in none that was filled in.</summary>
    public string? FieldAt(string pointer)
    {
        for (var at = pointer; at.Length > 0; at = at[..at.LastIndexOf('/')])
            if (fields.TryGetValue(at, out var field)) return field;
        return null;
    }

    // What a form keeps within a list names an item of which something else must be said.
    static bool IsSaid(FormField hidden, IEnumerable<FormField> said) => hidden.Name.LastIndexOf('.') is var end && (end < 0
        || said.Any(f => f.Kind != FieldKind.Hidden && f.Name.StartsWith(hidden.Name[..(end + 1)], StringComparison.Ordinal)));

    /// <summary>What the body holds of a field; null: nothing was given.</summary>
    internal static JsonNode? Value(FormField field, IFormCollection form)
    {
        var given = form[field.Name];
        if (field.Kind == FieldKind.Several)
            return given.OfType<string>().Where(v => v.Length > 0).ToList() is { Count: > 0 } codes ? Texts(codes) : null;
        var text = given.ToString().ReplaceLineEndings("\n").Trim();
        if (text.Length == 0) return null;
        return field.Kind switch
        {
            FieldKind.Tick => text == "true",
            FieldKind.YesNo => text is "true" or "false" ? text == "true" : text,
            FieldKind.Partner => Code(text),
            FieldKind.Partners => Texts(Split(text).Select(Code)),
            // What is no number is refused by the command, by name.
            _ when field.Kind == FieldKind.Number || field.InNumbers => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : text,
            FieldKind.Date => Edtf.TryParse(text, out _, out _) ? text : new JsonObject { ["written"] = text },
            FieldKind.Lines => Texts(Split(text)),
            _ => text,
        };
    }

    static string[] Split(string text) => text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    // A name that only one partner has stands for its code; any other is refused by the command, with those that it may mean.
    static string Code(string text) => !Known.IsPartner(text) && Known.Meant(text) is [var meant] ? meant : text;

    static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(t => (JsonNode)t)];

    static void Place(JsonObject body, string[] path, JsonNode value)
    {
        var at = body;
        foreach (var name in path[..^1]) at = (JsonObject)(at[name] ??= new JsonObject());
        at[path[^1]] = value;
    }

    // Members called by numbers are items of a list; those that were left empty leave no gap. Remembers where each field's value went.
    JsonNode Settled(JsonNode node, string name, string pointer)
    {
        if (name.Length > 0) fields[pointer] = name;
        if (node is not JsonObject members) return node;
        var list = name.Length > 0 && members.Count > 0 && members.All(m => m.Key.All(char.IsAsciiDigit));
        var inOrder = list ? members.OrderBy(m => int.Parse(m.Key, CultureInfo.InvariantCulture)) : members.AsEnumerable();
        var settled = inOrder.Select((m, i) => (m.Key, Value: Settled(m.Value!, name.Length == 0 ? m.Key : $"{name}.{m.Key}",
            list ? string.Create(CultureInfo.InvariantCulture, $"{pointer}/{i}") : $"{pointer}/{m.Key}"))).ToList();
        foreach (var (key, _) in settled) members.Remove(key);
        return list ? new JsonArray([.. settled.Select(s => s.Value)]) : new JsonObject(settled.Select(s => KeyValuePair.Create(s.Key, (JsonNode?)s.Value)));
    }
}
