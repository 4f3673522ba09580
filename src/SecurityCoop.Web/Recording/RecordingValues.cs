using Microsoft.Extensions.Primitives;
using SecurityCoop.Register;
using SecurityCoop.Web.Pages.Forms;

namespace SecurityCoop.Web.Recording;

/// <summary>What the fields of the form hold, by their names; buttons add and remove items of its lists.</summary>
public sealed class RecordingValues
{
    readonly Dictionary<string, StringValues> values;

    RecordingValues(Dictionary<string, StringValues> values) => this.values = values;

    /// <summary>What was sent.</summary>
    public static RecordingValues Sent(IFormCollection sent) => new(sent.ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal));

    /// <summary>What a page begins with, and one empty item of each list that has none.</summary>
    public static RecordingValues Begun(IEnumerable<KeyValuePair<string, StringValues>> given)
    {
        var begun = new RecordingValues(new(given.Where(g => g.Key.Length > 0), StringComparer.Ordinal));
        foreach (var (list, count) in RecordingFields.Lists)
            for (var i = begun.Items(list).Count; i < count; i++) begun.Add(list);
        return begun;
    }

    public IReadOnlyList<string> this[string field] => values.TryGetValue(field, out var held) ? [.. held.OfType<string>()] : [];

    /// <summary>The first value of a field, without the spaces around it; empty: none.</summary>
    public string Text(string field) => this[field] is [var text, ..] ? text.Trim() : "";

    public IReadOnlyList<int> Items(string list) => RecordingFields.Items(values.Keys, list);

    /// <summary>The names of a list's items, such as "home.0".</summary>
    public IReadOnlyList<string> Names(string list) => [.. Items(list).Select(i => $"{list}.{RecordingFields.Number(i)}")];

    public void Set(string field, string value) => values[field] = value;

    /// <summary>As forms are read.</summary>
    public IFormCollection Form() => new FormCollection(values);

    /// <summary>What was chosen for the text that a field holds; null: nothing, or for another text.</summary>
    public string? Choice(string field) =>
        Text(Pick.OfferedFor(field)) is { Length: > 0 } offered && offered == Text(field) && Text(Pick.ChoiceOf(field)) is { Length: > 0 } chosen ? chosen : null;

    /// <summary>Whether something was found for the text that a field holds, and shown.</summary>
    public bool WasOffered(string field) => Text(Pick.OfferedFor(field)) is { Length: > 0 } offered && offered == Text(field);

    /// <summary>Adds an empty item; null where there may be no more.</summary>
    public string? Add(string list)
    {
        var items = Items(list);
        var name = list[(list.LastIndexOf('.') + 1)..];
        if (items.Count >= Limits.OfList(name)) return null;
        var item = $"{list}.{RecordingFields.Number(items.Count == 0 ? 0 : items[^1] + 1)}";
        // Its presence is what counts.
        values[name switch { "partners" => item, "statements" => $"{item}.text", "source" => $"{item}.paragraph", _ => $"{item}.person" }] = "";
        return item;
    }

    public void Remove(string item)
    {
        foreach (var field in values.Keys.Where(k => k == item || k.StartsWith($"{item}.", StringComparison.Ordinal) || k.StartsWith($"{item}~", StringComparison.Ordinal)).ToList())
            values.Remove(field);
    }
}
