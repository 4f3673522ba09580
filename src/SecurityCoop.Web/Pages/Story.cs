using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Audit;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web.Pages;

/// <summary>A piece of a sentence: the page's own words, or what was put into a place of it.</summary>
/// <param name="IsValue">Whether it is what somebody recorded, which keeps a direction of its own.</param>
public sealed record StoryPart(string Text, bool IsValue);

/// <summary>A record's history in sentences: "On 3 February A. corrected the date: 20 January becomes 27 January. Reason: …".</summary>
static partial class Story
{
    /// <summary>What an event did, as one or more sentences; of a correction one for each field.</summary>
    /// <param name="items">By event, what the record's items are called; a correction says which of them it is of.</param>
    public static IReadOnlyList<IReadOnlyList<StoryPart>> Of(
        EventBody e, Language l, RegisterClock clock, LinkedRecords linked, IReadOnlyDictionary<Guid, string> items)
    {
        var day = l.Say(clock.DayOf(e.RecordedAt!.Value));
        if (e.Withheld == true) return [Fill(l.Say(StoryWords.Withheld), new() { ["day"] = day })];
        var (kind, name) = (e.Type![..e.Type!.IndexOf('_', StringComparison.Ordinal)], e.Type[(e.Type.IndexOf('_', StringComparison.Ordinal) + 1)..]);
        var told = new List<IReadOnlyList<StoryPart>>();
        var item = Guid.TryParse((string?)e.Body?["of"], out var of) ? items.GetValueOrDefault(of) : null;
        var places = new Dictionary<string, string?> { ["day"] = day, ["actor"] = e.Actor, ["event"] = l.Say(Words.Events, name) };
        if (e.Explained is { } changes)
        {
            var sentence = name == "corrected" ? StoryWords.Corrected : name == "refined" ? StoryWords.Refined : StoryWords.Preferred;
            foreach (var c in changes) told.Add(Fill(l.Say(sentence), Field(c.Field, c.Was, c.Is)));
        }
        else if (name == "report_recorded" && e.Body?["fields"] is JsonArray fields)
        {
            foreach (var f in fields.OfType<JsonObject>()) told.Add(Fill(l.Say(StoryWords.Reported), Field((string)f["field"]!, null, f["value"])));
        }
        else
        {
            foreach (var (field, value) in e.Body ?? []) places.TryAdd(field, IsNothing(value) ? null : FieldValues.Say(field, value, kind, l, linked));
            places["of"] = item;
            told.Add(Fill(l.Say(StoryWords.Events.GetValueOrDefault(name) ?? StoryWords.Anything), places));
        }
        if (e.OnBehalfOf is { } other) told.Add(Fill(l.Say(StoryWords.OnBehalfOf), new() { ["other"] = other }));
        if (e.Reason is { } reason) told.Add(Fill(l.Say(StoryWords.Reason), new() { ["reason"] = reason.TrimEnd('.') }));
        return told;

        Dictionary<string, string?> Field(string field, JsonNode? was, JsonNode? becomes) => new(places)
        {
            ["field"] = FieldValues.Name(field, l) + (item is null ? "" : $" ({item})"), ["was"] = FieldValues.Say(field, was, kind, l, linked), ["is"] = FieldValues.Say(field, becomes, kind, l, linked),
        };
    }

    // An empty text is an unknown date, which is something to say.
    static bool IsNothing(JsonNode? value) => value is null or JsonArray { Count: 0 };

    /// <summary>Puts values into the places of a sentence; a bracket with an empty place is left out.</summary>
    internal static IReadOnlyList<StoryPart> Fill(string sentence, Dictionary<string, string?> places)
    {
        var kept = Bracket().Replace(sentence, m => Place().Matches(m.Value).All(p => places.GetValueOrDefault(p.Groups[1].Value) is not null) ? m.Groups[1].Value : "");
        var (parts, at) = (new List<StoryPart>(), 0);
        foreach (Match place in Place().Matches(kept))
        {
            if (place.Index > at) parts.Add(new(kept[at..place.Index], false));
            var name = place.Groups[1].Value;
            parts.Add(new(places.GetValueOrDefault(name) ?? "…", name != "day"));
            at = place.Index + place.Length;
        }
        if (at < kept.Length) parts.Add(new(kept[at..], false));
        return parts;
    }

    [GeneratedRegex(@"\[([^\]]*)\]")]
    private static partial Regex Bracket();

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Place();
}
