using SecurityCoop.Store;
using System.Text.Json;
using System.Text.RegularExpressions;
using SecurityCoop.Register;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Occasions;
using SecurityCoop.Register.Organisations;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.People;
using SecurityCoop.Register.Sources;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;

namespace SecurityCoop.Web.Search;

/// <summary>A place of a record where words can be found.</summary>
/// <param name="Field">JSON pointer into the record as `GET /api/{kind}/{ref}` shows it.</param>
/// <param name="Texts">The text; of a code, what it is called in French, English and Arabic, and the code itself.</param>
/// <param name="Weight">How much a match here says, up to 1.</param>
/// <param name="Around">It belongs to the record around a statement: it narrows, and is no match by itself.</param>
public sealed record Place(string Field, IReadOnlyList<string> Texts, double Weight, bool Around = false);

/// <summary>Something that can be found: a record, or a statement of one.</summary>
/// <param name="Kind">The record's kind, or "statement".</param>
/// <param name="Number">The statement's.</param>
public sealed record Thing(string Stream, RecordState Record, string Kind, int? Number, string? Title, IReadOnlyList<string> Partners, IReadOnlyList<string> Topics, Edtf? On, IReadOnlyList<Place> Places)
{
    /// <summary>Records that were merged into it, with their streams: what they hold finds it.</summary>
    public IReadOnlyList<(string Stream, RecordState Record)> Absorbed { get; init; } = [];

    /// <summary>The same, found by what records merged into it hold, too.</summary>
    /// <param name="absorbed">Each with the number of the one in its own list of them through which it came.</param>
    public Thing With(IServedKind kind, IReadOnlyList<(int Number, string Stream, RecordState Record)> absorbed) => this with
    {
        Absorbed = [.. absorbed.Select(a => (a.Stream, a.Record))],
        Places = [.. Places, .. absorbed.SelectMany(a => RecordText.Of(kind, a.Stream, a.Record).First().Places.Select(p => p with { Field = $"/absorbed/{a.Number}" }))],
    };
}

/// <summary>
/// The texts of a record as it stands: everything that its own document holds in words, and the words for its codes. What was corrected away or withdrawn is not in
/// it, nor is a protected value: a document holds none.
/// </summary>
public static partial class RecordText
{
    public const string Statement = "statement";

    // Fields that hold a code, a date or an identifier of a record's own, not words.
    static readonly HashSet<string> silent = ["id", "event", "marking", "state", "sha256", "recordedAt", "language", "script", "readings", "classifiedBy", "owner", "speaker", "by", "side",
        "binding", "on", "date", "due", "reviewOn", "nextReview", "until", "from", "expected", "published", "sources", "firstEvent", "protectedFor", "owedBy", "effect", "changes", "statements"];

    static readonly Dictionary<string, double> weights = new() { ["reference"] = 1, ["what"] = 1, ["title"] = 1, ["names"] = 1, ["acronyms"] = 1, ["text"] = 0.9, ["topics"] = 0.8, ["note"] = 0.8 };

    static readonly IReadOnlyDictionary<string, Label> kinds =
        new Dictionary<string, Label>([.. Vocabulary.Default.MeetingKinds, .. Vocabulary.Default.InstrumentKinds.Where(k => !Vocabulary.Default.MeetingKinds.ContainsKey(k.Key)), .. Labels.Forces]);

    /// <summary>What each code that can stand in a record is called.</summary>
    public static IEnumerable<(string Code, Label Label)> Codes =>
        Vocabulary.Default.Topics.Concat(Countries.All).Concat(Vocabulary.Default.PartnerOrganisations).Concat(kinds).Concat(Labels.InstrumentActs).Select(c => (c.Key, c.Value));

    /// <summary>A record and its statements.</summary>
    public static IEnumerable<Thing> Of(IServedKind kind, string stream, RecordState record)
    {
        var (places, partners) = (new List<Place>(), ((RecordKind)kind).PartnersOf(record).Append(Country(record)).OfType<string>().Distinct().ToList());
        if (record.Reference is { } reference) places.Add(new("/reference", [reference], 1));
        var document = kind.Document(record);
        Collect(document, "", places);
        var (title, topics, on) = Shown(record);
        yield return new(stream, record, kind.Name, null, title, partners, topics ?? [], on, places);
        if (!document.TryGetProperty("statements", out var statements)) yield break;
        var around = places.Where(p => p.Weight < 0.8 || p.Field == "/reference").Select(p => p with { Around = true }).ToList();
        var said = record switch { Meeting m => m.Statements, Partnership p => p.Statements, _ => [] };
        foreach (var (s, i) in said.Select((s, i) => (s, i)))
        {
            if (s.Withdrawn) continue;
            var own = new List<Place>();
            Collect(statements[i], $"/statements/{i}", own);
            yield return new(stream, record, Statement, s.Said.Number, s.Said.Text, partners, s.Said.Topics ?? [], s.On ?? on, [.. own, .. around]);
        }
    }

    static string? Country(RecordState record) => record switch { Person p => p.Details?.Country, Organisation o => o.Details?.Country, _ => null };

    static (string? Title, IReadOnlyList<string>? Topics, Edtf? On) Shown(RecordState record) => record switch
    {
        AgreedAction { Details: { } d } => (d.What, d.Topics, d.On),
        Instrument { Details: { } d } i => (d.Title, d.Topics, i.Acts.LastOrDefault(a => !a.Withdrawn)?.On),
        Meeting { Details: { } d } => (null, null, d.Date),
        Source { Details: { } d } => (d.Title, null, d.Published),
        Occasion { Details: { } d } => (d.What, null, d.Date),
        Organisation { Details: { } d } => (d.Names.Values.First(), null, null),
        Person p => (p.Offices.LastOrDefault(o => !o.Withdrawn)?.Office.Title, null, null),
        _ => (null, null, null),
    };

    static void Collect(JsonElement json, string pointer, List<Place> places, string name = "")
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                if (pointer != "" && json.TryGetProperty("withdrawn", out var gone) && gone.ValueKind == JsonValueKind.True) break;
                foreach (var field in json.EnumerateObject())
                    if (!silent.Contains(field.Name) && !(pointer == "" && field.Name == "reference"))
                        // The description's fields stand beside the rest where a record is shown.
                        Collect(field.Value, pointer == "" && field.Name == "details" ? "" : $"{pointer}/{field.Name}", places, name is "names" or "acronyms" ? name : field.Name);
                break;
            case JsonValueKind.Array when name == "topics":
                // One place: the more of a record's topics a question names, the better the record answers it.
                var labels = json.EnumerateArray().Select(t => Vocabulary.Default.Topics.GetValueOrDefault(t.GetString()!)).OfType<Label>().ToList();
                if (labels.Count > 0) places.Add(new(pointer, [string.Join(", ", labels.Select(l => l.Fr)), string.Join(", ", labels.Select(l => l.En)), string.Join("، ", labels.Select(l => l.Ar)), string.Join(", ", json.EnumerateArray())], weights[name]));
                break;
            case JsonValueKind.Array:
                var i = 0;
                foreach (var item in json.EnumerateArray()) Collect(item, $"{pointer}/{i++}", places, name);
                break;
            case JsonValueKind.String when json.GetString() is { Length: > 0 } text && !IsIdentifier(text):
                if (Label(name, text) is { } label) places.Add(new(pointer, [label.Fr, label.En, label.Ar, text, .. OtherNames(name, text)], 0.5));
                else places.Add(new(pointer, [text], weights.GetValueOrDefault(name, 0.6)));
                break;
        }
    }

    static Label? Label(string field, string code) => field switch
    {
        "partner" or "partners" or "country" or "party" or "parties" => Known.IsPartner(code) ? Known.PartnerName(code) : null,
        "kind" or "force" => kinds.GetValueOrDefault(code) ?? Labels.InstrumentActs.GetValueOrDefault(code),
        _ => null,
    };

    // UK, Turkey: a partner is found by what else it is called.
    static IReadOnlyList<string> OtherNames(string field, string code) =>
        field is "partner" or "partners" or "country" or "party" or "parties" ? PartnerCodes.Aliases(code) : [];

    /// <summary>Whether a text is a stream id, an event's id or a digest: nothing that anybody reads.</summary>
    public static bool IsIdentifier(string text) => text.Length >= 36 && !text.Contains(' ', StringComparison.Ordinal) && Identifier().IsMatch(text);

    [GeneratedRegex(@"\A(([a-z]+-)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{64})\z")]
    private static partial Regex Identifier();
}
