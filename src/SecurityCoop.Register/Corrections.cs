using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register;

/// <summary>One field put right or narrowed: what it said and what it says now. An absent value is a field without one.</summary>
public sealed record FieldChange(string Field, JsonElement? Old = null, JsonElement? New = null);

/// <summary>Asks for fields of a record, or of the item recorded by event <paramref name="Of"/>, to be put right. A null value clears the field.</summary>
public sealed record Correct(IReadOnlyDictionary<string, JsonElement> Fields, Guid? Of = null);

/// <summary>Corrections and refinements, alike on every kind of record: what can be changed are the fields that the record was described with.</summary>
public static class Corrections
{
    /// <summary>Puts fields right, with what they said before.</summary>
    /// <exception cref="Refusal">no-such-item, at /of; unknown-field, invalid-value and the rules of a new description, at the field.</exception>
    public static IReadOnlyList<Fact> Correct(this RecordState record, Correct asked)
    {
        var part = record.Standing("record").Named(asked.Of);
        var changes = Differences(part, asked.Fields);
        return changes.Count == 0 ? [] : [new(record.Events.Corrected(changes, asked.Of), part.Check(changes, whole: true), Corrects: part.First.Event)];
    }

    /// <summary>Narrows what was imprecise: a month to a day, an officer to a person, nothing known to something. No error, and not shown as one.</summary>
    /// <exception cref="Refusal">refinement-outside, with what the field said and what it was to say.</exception>
    public static IReadOnlyList<Fact> Refine(this RecordState record, Correct asked)
    {
        var part = record.Standing("record").Named(asked.Of);
        var changes = Differences(part, asked.Fields);
        part.With(changes); // Whether each value is one of its field's at all comes before whether it says more.
        foreach (var change in changes)
            // What the new source prints stands beside the value that it was read as.
            if (!(change.Field.EndsWith("AsGiven", StringComparison.Ordinal) && changes.Any(c => c.Field == change.Field[..^"AsGiven".Length]))
                && !Precision.Narrows(change.Old, change.New, part.Fields[change.Field], change.Field))
                throw Refusal.OfField($"/fields/{change.Field}", "refinement-outside", change.Field, Text(change.Old), Text(change.New));
        return changes.Count == 0 ? [] : [new(record.Events.Refined(changes, asked.Of), part.Check(changes, whole: true))];
    }

    // The changes that really change something.
    static List<FieldChange> Differences(Part part, IReadOnlyDictionary<string, JsonElement> fields)
    {
        var changes = new List<FieldChange>();
        foreach (var (field, value) in WrittenDates.Taken(part, fields).OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            if (field == Part.Happened || !part.Fields.ContainsKey(field)) throw Refusal.OfField($"/fields/{field}", "unknown-field", field, string.Join(", ", part.Fields.Keys.Order(StringComparer.Ordinal)));
            JsonElement? to = value.ValueKind == JsonValueKind.Null ? null : value.Clone();
            if (!Precision.Same(part.Value(field, $"/fields/{field}"), to)) changes.Add(new(field, part.Value(field, $"/fields/{field}"), to));
        }
        return changes;
    }

    static string Text(JsonElement? value) => value is not { } v ? "" : v.ValueKind == JsonValueKind.String ? v.GetString()! : v.GetRawText();
}
