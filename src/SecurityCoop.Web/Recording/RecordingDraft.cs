using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Pages.Forms;

namespace SecurityCoop.Web.Recording;

/// <summary>A fault that the form names: at a field, or at none.</summary>
public sealed record FormFault(string? Field, string Text);

/// <summary>A person whom the form records with the meeting.</summary>
/// <param name="Field">Where the name was typed.</param>
public sealed record NewPerson(string Field, JsonObject Body);

/// <summary>The form as it was read: what each name and date means, what is at fault, and the commands that it comes to.</summary>
public sealed record RecordingDraft(RecordingValues Values, Language Language) : IFieldValues
{
    public Dictionary<string, Pick> Picks { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, string> Readings { get; } = new(StringComparer.Ordinal);
    public List<FormFault> Faults { get; } = [];

    /// <summary>The meeting's values, each with its place in the body; what comes from the document is without it.</summary>
    public List<(string Place, JsonNode Value)> Meeting { get; } = [];

    /// <summary>The document on file; null: there is none, or it is new.</summary>
    public string? Document { get; set; }

    /// <summary>The command's body for a new document; null: there is none.</summary>
    public JsonObject? NewSource { get; set; }

    public List<NewPerson> NewPeople { get; } = [];

    /// <summary>Codes of the partners.</summary>
    public List<string> Partners { get; } = [];

    Func<string, IReadOnlyList<string>> IFieldValues.Values => f => Values[f];

    public string? FaultOf(string field) => Faults.FirstOrDefault(f => f.Field == field)?.Text;
    public string? ReadingOf(string field) => Readings.GetValueOrDefault(field);
    public Pick? PickOf(string field) => Picks.GetValueOrDefault(field);

    public void Add(string field, string fault)
    {
        if (FaultOf(field) is null) Faults.Add(new(field, fault));
    }

    public void Add(string field, Label fault, params object[] args) => Add(field, Language.Say(fault, args));

    /// <summary>The body of the meeting's command.</summary>
    /// <param name="document">The document's reference; null: places in it are left out, since it is not on file yet.</param>
    /// <param name="people">References of the people whom the form records, by the field of their names; the others are described.</param>
    public SentForm Body(string? document, IReadOnlyDictionary<string, string> people)
    {
        var values = Meeting.Where(v => document is not null || !IsOfSource(v.Place)).ToList();
        if (document is not null)
            foreach (var place in values.Select(v => v.Place).Where(IsOfSource).Select(p => p[..p.LastIndexOf('.')]).Append("source.0").Distinct().ToList())
                values.Add(($"{place}.document", document));
        foreach (var person in NewPeople)
        {
            var item = person.Field[..person.Field.LastIndexOf('.')];
            if (people.TryGetValue(person.Field, out var reference)) values.Add((person.Field, reference));
            else if (!values.Any(v => v.Place.StartsWith($"{item}.office.", StringComparison.Ordinal) || v.Place == $"{item}.description"))
                values.Add(($"{item}.description", "…"));
        }
        return SentForm.Of(values.Select(v => (v.Place, v.Value.DeepClone())));
    }

    /// <summary>Stands for all that would be recorded, so that nothing is recorded that was not checked.</summary>
    public string Digest()
    {
        var all = new JsonObject
        {
            ["source"] = NewSource?.DeepClone(), ["people"] = new JsonArray([.. NewPeople.Select(p => p.Body.DeepClone())]),
            ["document"] = Document, ["meeting"] = Body(Document ?? "new", NewPeople.ToDictionary(p => p.Field, p => p.Field)).Body,
        };
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(all)));
    }

    /// <summary>The field at which a fault of the meeting's command is shown.</summary>
    public string? FieldAt(SentForm body, string pointer, IReadOnlyList<FormField> fields)
    {
        if (pointer.Length == 0) return null;
        var place = body.FieldAt(pointer) ?? pointer.TrimStart('/').Replace('/', '.');
        return fields.FirstOrDefault(f => f.Name == place)?.Name
            ?? (place.EndsWith(".document", StringComparison.Ordinal) ? RecordingFields.Document
            : place.EndsWith(".reviewOn", StringComparison.Ordinal) ? RecordingFields.ReviewOn.Name
            : place == "partners" ? fields.FirstOrDefault(f => f.Name.StartsWith("partners.", StringComparison.Ordinal))?.Name
            : fields.FirstOrDefault(f => f.Name.StartsWith($"{place}.", StringComparison.Ordinal))?.Name);
    }

    static bool IsOfSource(string place) => place.StartsWith("source.", StringComparison.Ordinal) || place.Contains(".source.", StringComparison.Ordinal);
}
