using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityCoop.Register;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Audit;
using SecurityCoop.Web.Search;

namespace SecurityCoop.Web.Pages;

/// <summary>Values of records' fields, as people read them.</summary>
static class FieldValues
{
    static readonly HashSet<string> dates = ["date", "on", "due", "expected", "until", "from", "published", "reviewOn", "nextReview", "agreedOn"];

    static readonly Label yes = new("oui", "yes", "نعم"), no = new("non", "no", "لا");

    /// <summary>What a field is called within a sentence.</summary>
    public static string Name(string field, Language l) =>
        FieldWords.Has(field) ? ChangeCase(l.Say(FieldWords.Of(field)), l)
        : SearchWords.Fields.GetValueOrDefault(field) is { } label ? ChangeCase(l.Say(label), l) : field;

    /// <summary>A value in words: dates, codes and other records as the page says them.</summary>
    /// <param name="kind">The kind of record that it stands in, by its wire name.</param>
    public static string Say(string field, JsonNode? value, string kind, Language l, LinkedRecords linked) => value switch
    {
        null => l.Say(Words.Empty),
        JsonArray { Count: 0 } => l.Say(Words.Empty),
        JsonArray list => string.Join(l.Comma, list.Select(v => Say(field, v, kind, l, linked))),
        JsonObject o => string.Join(l.Comma, o.Where(p => p.Value is not null).Select(p => Member(p.Key, p.Value, kind, l, linked))),
        JsonValue v when v.GetValueKind() is JsonValueKind.True => l.Say(yes),
        JsonValue v when v.GetValueKind() is JsonValueKind.False => l.Say(no),
        JsonValue v when v.GetValueKind() == JsonValueKind.String => Text(field, v.GetValue<string>(), kind, l, linked),
        _ => value.ToJsonString(),
    };

    // What is called a kind: of a meeting and of what became of it; of an instrument, of its acts, terms, links and effect, and of what happened to a partnership.
    static readonly IReadOnlyList<IReadOnlyList<IReadOnlyDictionary<string, Label>>> kinds =
    [
        [Vocabulary.Default.MeetingKinds, CodeWords.Outcomes],
        [Labels.InstrumentActs, Vocabulary.Default.InstrumentKinds, CodeWords.Effects, CodeWords.TermKinds, CodeWords.Links, CodeWords.Turns],
    ];

    // Of what is nested, a text that says itself what it is needs no name.
    static string Member(string name, JsonNode? value, string kind, Language l, LinkedRecords linked) =>
        name is "title" or "description" or "person" or "organisation" or "kind" or "instrument" || name.Length == 2
            ? Say(name, value, kind, l, linked) : l.Say(colon, Name(name, l), Say(name, value, kind, l, linked));

    static readonly Label colon = new("{0} : {1}", "{0}: {1}", "{0}: {1}");

    static string Text(string field, string text, string kind, Language l, LinkedRecords linked)
    {
        if (text == Visibility.Hidden) return text;
        if (linked.Find(text) is { } record) return record.Name is { } name && record.IsShown ? $"{name} ({record.Reference})" : record.Reference;
        if (dates.Contains(field)) return Edtf.TryParse(text, out var date, out _) ? l.Say(date) : text;
        return field switch
        {
            "force" => l.Say(Labels.Forces, text),
            "kind" => kinds[kind == "meeting" ? 0 : 1].FirstOrDefault(k => k.ContainsKey(text)) is { } words ? l.Say(words, text) : text,
            "state" or "to" => l.Say(kind == "action" ? Labels.ActionStates : Labels.MeetingStates, text),
            "change" => l.Say(CodeWords.OriginChanges, text),
            "reliability" => l.Say(CodeWords.Reliabilities, text),
            "language" => Language.All.FirstOrDefault(x => x.Code == text)?.Name ?? text,
            "topics" => l.Say(Vocabulary.Default.Topics, text),
            "partner" or "partners" or "country" => l.Say(Known.PartnerName(text)),
            "speaker" or "by" or "party" or "parties" or "side" => Party(text, l),
            "owedBy" when Slug.TryParse<Register.Actions.OwedBy>(text, out var by) => l.Say(Words.Of(by)),
            "binding" when Slug.TryParse<Register.Instruments.Binding>(text, out var binding) => l.Say(Words.Of(binding)),
            "marking" => l.Say(Labels.Markings, text),
            _ => text,
        };
    }

    /// <summary>Who acts or speaks.</summary>
    public static string Party(string party, Language l) => party switch
    {
        Statements.Home => l.Say(Words.OurSide),
        Statements.Joint => l.Say(RecordWords.Joint),
        "partner" => l.Say(RecordWords.PartnerSide),
        _ => Known.IsPartner(party) ? l.Say(Known.PartnerName(party)) : party,
    };

    static string ChangeCase(string text, Language l) => text.Length == 0 ? text : char.ToLower(text[0], l.Culture) + text[1..];
}
