using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SecurityCoop.Ledger;
using SecurityCoop.Register;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Web.Tests.Description;

/// <summary>docs/events.md, from the events' types, their comments and their golden files.</summary>
sealed class EventsPage(string root)
{
    readonly StringBuilder page = new();
    readonly XmlComments comments = new(typeof(WireNameAttribute).Assembly, typeof(LedgerEvents).Assembly);
    readonly SortedDictionary<string, JsonTypeInfo> parts = new(StringComparer.Ordinal);

    public string Write()
    {
        page.Append(
            """
            # Events

            Written from the code by a test; `UPDATE_DOCS=1 ./test -namespace '*.Description'` writes it anew.

            Every fact in the register is one of these events; names and fields are stored for ever. A field with `?` may be absent. The example is the golden file that later
            versions of the program must still read. When an event happened in the world, who recorded it, why, from which source and under which marking stands in its header.


            """);
        var all = EventTypes.All.Select(e => (e.Name, e.Schema, Json: RegisterJson.Options.GetTypeInfo(e.Type)!)).Concat(LedgerEvents.All).OrderBy(e => e.Name, StringComparer.Ordinal).ToList();
        foreach (var stream in all.GroupBy(e => e.Name.Split('_')[0]))
        {
            Line($"## {stream.Key}\n");
            foreach (var (name, schema, json) in stream)
            {
                Line($"### {name}\n");
                if (comments.Of(json.Type) is { } said) Line($"{said}\n");
                if (schema > 1) Line($"Schema {schema}.\n");
                Fields(json);
                var golden = Directory.GetFiles(Path.Combine(root, "tests"), $"{name}.v*.json", SearchOption.AllDirectories).Where(f => f.Contains($"{Path.DirectorySeparatorChar}golden{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                    && !f.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
                if (golden.Count == 0) throw new FileNotFoundException($"{name} has no golden file.");
                foreach (var file in golden) Line($"```json\n{File.ReadAllText(file).Trim()}\n```\n");
            }
        }
        Line("## Parts of events\n");
        var shown = new HashSet<string>();
        while (parts.Keys.FirstOrDefault(k => !shown.Contains(k)) is { } next)
        {
            shown.Add(next);
            Line($"### {next}\n");
            if (comments.Of(parts[next].Type) is { } said) Line($"{said}\n");
            Fields(parts[next]);
        }
        return page.ToString().TrimEnd() + "\n";
    }

    void Fields(JsonTypeInfo json)
    {
        if (json.Properties.Count == 0)
        {
            Line("No fields.\n");
            return;
        }
        Line("| Field | Type | |\n|---|---|---|");
        foreach (var field in json.Properties)
        {
            var member = json.Type.GetProperty(char.ToUpperInvariant(field.Name[0]) + field.Name[1..])!;
            Line($"| `{field.Name}`{(field.IsGetNullable ? "?" : "")} | {TypeOf(field.PropertyType, json)} | {comments.Of(member) ?? ""} |");
        }
        Line("");
    }

    string TypeOf(Type type, JsonTypeInfo within)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return "text";
        if (type == typeof(Edtf)) return "date (EDTF)";
        if (type == typeof(DateOnly)) return "day";
        if (type == typeof(DateTime)) return "instant";
        if (type == typeof(Guid)) return "id";
        if (type == typeof(bool)) return "true or false";
        if (type == typeof(int) || type == typeof(long)) return "whole number";
        if (type.IsEnum) return string.Join(" ", Enum.GetValues(type).Cast<Enum>().Select(v => $"`{JsonNamingPolicy.KebabCaseLower.ConvertName($"{v}")}`"));
        var json = within.Options.GetTypeInfo(type);
        switch (json.Kind)
        {
            case JsonTypeInfoKind.Enumerable: return $"list of {TypeOf(json.ElementType!, within)}";
            case JsonTypeInfoKind.Dictionary: return $"object of {TypeOf(json.ElementType!, within)}";
            case JsonTypeInfoKind.Object:
                parts[type.Name] = json;
                return $"[{type.Name}](#{type.Name.ToLowerInvariant()})";
            case JsonTypeInfoKind.None: return "any";
            default: throw new InvalidOperationException($"{type} is of an unknown kind.");
        }
    }

    void Line(string text) => page.Append(text).Append('\n');
}
