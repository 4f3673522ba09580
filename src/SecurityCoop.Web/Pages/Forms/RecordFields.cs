using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Primitives;
using SecurityCoop.Register;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.Sources;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;

namespace SecurityCoop.Web.Pages.Forms;

/// <summary>The fields of a record, or of an item of it, as a form's: by their types, and by their names where a type says too little.</summary>
/// <param name="of">The item; null: the record itself.</param>
sealed class RecordFields(IServedKind kind, RecordState state, Guid? of)
{
    // So many more than there are can be added at once.
    const int Spare = 2;

    /// <summary>Every field that can be changed, below "fields".</summary>
    /// <param name="now">What they hold.</param>
    /// <param name="denied">Whether it can also be said that the item did not happen.</param>
    public IReadOnlyList<FormField> Of(Part part, JsonObject now, bool denied)
    {
        var fields = part.Fields.Where(f => f.Key != part.Protected).SelectMany(f => Flat($"fields.{f.Key}", f.Value, now[f.Key])).ToList();
        if (denied && CanBeDenied(part)) fields.Insert(0, new($"fields.{Part.Happened}", FieldKind.YesNo, FieldWords.Of(Part.Happened)) { Choices = CodeWords.YesNo, Usual = "true" });
        return fields;
    }

    /// <summary>The field as one, however many it has within.</summary>
    public FormField Whole(string name, Type type) => Leaf($"fields.{name}", type);

    static bool CanBeDenied(Part part)
    {
        try
        {
            return part.Value(Part.Happened, "") is not null;
        }
        catch (Refusal)
        {
            return false;
        }
    }

    IEnumerable<FormField> Flat(string path, Type type, JsonNode? now)
    {
        if (IsLeaf(type)) return [Leaf(path, type)];
        var json = RegisterJson.Options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
        switch (json.Kind)
        {
            case JsonTypeInfoKind.Dictionary:
                // Names by language.
                return ((string[])["fr", "en", "ar"]).Union((now as JsonObject)?.Select(n => n.Key) ?? []).Select(l => Leaf($"{path}.{l}", typeof(string))).In(path);
            case JsonTypeInfoKind.Enumerable:
                var count = (now as JsonArray)?.Count ?? 0;
                return Enumerable.Range(0, count + Spare).SelectMany(i => Inner($"{path}.{i}", json.ElementType!).In(path, i + 1));
            default:
                return Inner(path, type).In(path);
        }
    }

    IEnumerable<FormField> Inner(string path, Type type) =>
        RegisterJson.Options.GetTypeInfo(type).Properties.SelectMany(p => IsLeaf(p.PropertyType) ? [Leaf($"{path}.{p.Name}", p.PropertyType)] : Inner($"{path}.{p.Name}", p.PropertyType));

    static bool IsLeaf(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsEnum || type.IsPrimitive || type == typeof(string) || type == typeof(Edtf) || type == typeof(DateOnly) || type == typeof(IReadOnlyList<string>);
    }

    FormField Leaf(string path, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        var (name, label) = (path[(path.LastIndexOf('.') + 1)..], FieldWords.Of(path));
        if (type == typeof(IReadOnlyList<string>))
            return name switch
            {
                "topics" => Field.Topics(path),
                "partners" => new(path, FieldKind.Partners, label) { Hint = FormWords.PartnersHint },
                _ => new(path, FieldKind.Lines, label),
            };
        if (Choices(name, type) is { } choices) return new(path, FieldKind.Choice, label) { Choices = choices, InTheirOrder = type.IsEnum };
        return type == typeof(Edtf) || type == typeof(DateOnly) ? new(path, FieldKind.Date, label) { Hint = FormWords.UndatedHint }
            : type == typeof(int) ? new(path, FieldKind.Number, label)
            : type == typeof(bool) ? new(path, FieldKind.YesNo, label) { Choices = CodeWords.YesNo, InTheirOrder = true }
            : name is "partner" or "country" ? new(path, FieldKind.Partner, label) { Hint = FormWords.PartnerHint }
            : new(path, name is "what" or "text" or "note" or "description" ? FieldKind.LongText : FieldKind.Text, label);
    }

    IReadOnlyDictionary<string, Label>? Choices(string name, Type type) =>
        type == typeof(Force) ? Labels.Forces : type == typeof(ActKind) ? Labels.InstrumentActs : type == typeof(Binding) ? CodeWords.Bindings
        : type == typeof(EffectKind) ? CodeWords.Effects : type == typeof(TermKind) ? CodeWords.TermKinds : type == typeof(LinkKind) ? CodeWords.OpeningLinks
        : type == typeof(Side) ? CodeWords.Sides : type == typeof(OwedBy) ? CodeWords.OwedBy : type == typeof(Reliability) ? CodeWords.Reliabilities
        : type == typeof(ActionState) ? Labels.ActionStates : type == typeof(MeetingState) ? Labels.MeetingStates
        : type == typeof(TurnKind) ? CodeWords.Turns : type == typeof(OutcomeKind) ? CodeWords.Outcomes
        : type != typeof(string) ? null
        : name == "kind" && of is null ? (kind == RecordKinds.Meeting ? Vocabulary.Default.MeetingKinds : Vocabulary.Default.InstrumentKinds)
        : name == "speaker" || (name == "by" && kind != RecordKinds.Instrument && kind != RecordKinds.Action) ? CodeWords.Voices(kind.PartnersOf(state))
        : name == "party" && state is Instrument i ? CodeWords.Voices(i.Parties.Where(p => p != "home"), jointly: false)
        : null;

    /// <summary>What a field's input holds of a value.</summary>
    public static StringValues Texts(FormField field, JsonNode? value) => value switch
    {
        null => StringValues.Empty,
        JsonArray several when field.Kind == FieldKind.Several => new([.. several.Select(v => (string?)v)]),
        JsonArray several => string.Join('\n', several.Select(v => v is JsonValue t ? Text(t) : v?.ToJsonString())),
        JsonValue one => Text(one),
        _ => value.ToJsonString(),
    };

    static string Text(JsonValue value) => value.TryGetValue<string>(out var text) ? text : value.ToJsonString();

    /// <summary>A value in words.</summary>
    public static string Say(Language language, FormField field, JsonNode? value) => value switch
    {
        null => "",
        JsonArray several => string.Join(language.Comma, several.Select(v => Say(language, field, v))),
        JsonValue one => Say(language, field, Text(one)),
        JsonObject o => o["written"] is { } written ? (string?)written ?? "" : string.Join(language.Comma, o.Select(m => Say(language, field with { Choices = null, Kind = FieldKind.Text }, m.Value)).Where(t => t.Length > 0)),
        _ => "",
    };

    /// <summary>The value of what has several fields, in words: each of its own.</summary>
    public static string Say(Language language, IReadOnlyList<FormField> fields, string path, JsonNode? value) => value switch
    {
        JsonArray several => string.Join(" · ", several.Select((v, i) => Say(language, fields, $"{path}.{i.ToString(CultureInfo.InvariantCulture)}", v))),
        JsonObject o => string.Join(language.Comma, o.Select(m => Say(language, fields, $"{path}.{m.Key}", m.Value)).Where(t => t.Length > 0)),
        _ => fields.FirstOrDefault(f => f.Name == path) is { } field ? Say(language, field, value) : value is JsonValue v ? Text(v) : "",
    };

    static string Say(Language language, FormField field, string text) => field.Kind switch
    {
        FieldKind.Choice or FieldKind.YesNo or FieldKind.Several => language.Say(field.Choices ?? CodeWords.YesNo, text),
        FieldKind.Date => Edtf.TryParse(text, out var date, out _) ? language.Say(date!) : text,
        FieldKind.Partner or FieldKind.Partners => Known.IsPartner(text) ? language.Say(Known.PartnerName(text)) : text,
        _ => text,
    };
}
