using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityCoop.Register;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;

namespace SecurityCoop.Web.Pages.Forms;

/// <summary>The items of a record: its statements, acts, follow-ups, notes, offices and what else an event recorded and can be changed by itself.</summary>
static class RecordItems
{
    const int Longest = 60;

    // Lists that name events of items, and are none.
    static readonly HashSet<string> others = ["changedFields", "reports", "loweringsAsked", "markedParts", "partEvents", "holds"];

    /// <summary>What every item is called by its event, withdrawn ones too: the record's history speaks of them.</summary>
    public static IReadOnlyDictionary<Guid, string> Names(IServedKind kind, RecordState state, Language language) =>
        Of(kind, state, withdrawn: true).DistinctBy(i => i.Event).ToDictionary(i => i.Event, i => Say(i.List, i.Item, language));

    /// <summary>Every item that stands, with what it is called.</summary>
    static IEnumerable<(Guid Event, string List, JsonObject Item)> Of(IServedKind kind, RecordState state, bool withdrawn = false)
    {
        var document = (JsonObject)JsonSerializer.SerializeToNode(kind.Document(state), RegisterJson.Of<JsonElement>())!;
        foreach (var (list, value) in document.Where(m => !others.Contains(m.Key)))
            foreach (var item in (value as JsonArray ?? []).OfType<JsonObject>())
                if (item["event"] is { } e && e.GetValue<Guid>() is var id && (withdrawn || item["withdrawn"]?.GetValue<bool>() != true) && id != state.FirstEvent) yield return (id, list, item);
    }

    /// <summary>Leads to the same form about the record itself and about each of its items.</summary>
    public static IReadOnlyList<FormLink> Links(IServedKind kind, RecordState state, Guid? of, Language language, string address)
    {
        var items = Of(kind, state).Where(i => state.PartOf(i.Event) is not null).DistinctBy(i => i.Event).ToList();
        return items.Count == 0 ? []
            : [new(address, language.Say(FormWords.RecordItself), of is null), .. items.Select(i => new FormLink($"{address}?of={i.Event}", Say(i.List, i.Item, language), of == i.Event))];
    }

    /// <summary>What can be withdrawn by itself: items, names, and reports that the record does not follow.</summary>
    public static IReadOnlyDictionary<string, Label> ToWithdraw(IServedKind kind, RecordState state)
    {
        var choices = new Dictionary<string, Label>();
        foreach (var (id, list, item) in Of(kind, state).Where(i => state.PartOf(i.Event) is not null || i.List == "names"))
            choices[id.ToString()] = In(l => Say(list, item, l));
        foreach (var reported in state.Reports ?? [])
            foreach (var reading in reported.Readings.Where(r => !r.Withdrawn && r.Event != reported.Preferred && r.Event != (reported.Of ?? state.FirstEvent)))
                choices[reading.Event.ToString()] = In(l => l.Say(FormWords.OfField, l.Say(Words.Events["report_recorded"]), l.Say(FieldWords.Of(reported.Field))));
        return choices;
    }

    /// <summary>The parts that can be marked higher than their record: statements, notes and follow-ups.</summary>
    public static IReadOnlyDictionary<string, Label> Marked(RecordState state) =>
        Of(RecordKinds.Of(state), state).Where(i => i.List is "statements" or "notes" or "followUps").ToDictionary(i => i.Event.ToString(), i => In(l => Say(i.List, i.Item, l)));

    /// <summary>What an item is called; null where there is no such item.</summary>
    public static string? Name(IServedKind kind, RecordState state, Guid item, Language language) =>
        Of(kind, state).Where(i => i.Event == item).Select(i => Say(i.List, i.Item, language)).FirstOrDefault();

    static Label In(Func<Language, string> say) => new(say(Language.French), say(Language.English), say(Language.Arabic));

    static string Say(string list, JsonObject item, Language l)
    {
        var said = item["what"] as JsonObject ?? item["said"] as JsonObject ?? item["office"] as JsonObject ?? item;
        var parts = new List<string> { l.Say(FieldWords.Of(list)) + (said["number"] is { } number ? $" {l.Say(number.GetValue<int>())}" : "") };
        if (Code(list, said) is { } code) parts.Add(l.Say(code));
        if (((string?)(said["on"] ?? said["from"]) is { } on) && Edtf.TryParse(on, out var day, out _)) parts.Add(l.Say(day!));
        if ((string?)(said["text"] ?? said["note"] ?? said["title"]) is { } text) parts.Add(text.Length > Longest ? $"{text[..Longest]}…" : text);
        return string.Join(l.Comma, parts);
    }

    static Label? Code(string list, JsonObject said) => list switch
    {
        "acts" or "reportedActs" => Labels.InstrumentActs.GetValueOrDefault((string?)said["kind"] ?? ""),
        "statements" => Labels.Forces.GetValueOrDefault((string?)said["force"] ?? ""),
        "turns" or "deniedTurns" => CodeWords.Turns.GetValueOrDefault((string?)said["kind"] ?? ""),
        "outcomes" => CodeWords.Outcomes.GetValueOrDefault((string?)said["kind"] ?? ""),
        "changes" or "deniedChanges" => Labels.ActionStates.GetValueOrDefault((string?)said["to"] ?? ""),
        "terms" => CodeWords.TermKinds.GetValueOrDefault((string?)said["kind"] ?? ""),
        "focalPoints" => CodeWords.Sides.GetValueOrDefault((string?)said["side"] ?? ""),
        _ => null,
    };
}
