using System.Text.Json;
using SecurityCoop.Register;

namespace SecurityCoop.Web;

/// <summary>A field of which several sources speak, as a record's answer shows it.</summary>
/// <param name="Of">Event id of the item of which it is a field; absent: the record itself.</param>
/// <param name="Disputed">True where a reading contradicts what the record says.</param>
/// <param name="Chosen">Who chose among the readings, and why; absent where nobody has, and the record says what it said first.</param>
public sealed record ReportedFieldBody(string Field, Guid? Of, bool? Disputed, IReadOnlyList<ReadingBody> Readings, ChoiceBody? Chosen)
{
    public static ReportedFieldBody From(RecordState record, ReportedField field)
    {
        var part = record.Named(field.Of);
        var others = field.Others(part).ToDictionary(o => o.Reading.Event, o => o.Agreement);
        var readings = field.Readings.Select(r => new ReadingBody(
            r.Event, r.Position, r.Event == field.Preferred ? part.Value(field.Field, "/field") : r.Value,
            r.Event == field.Preferred ? "preferred" : r.Withdrawn ? "withdrawn" : Slug.Of(others[r.Event]), r.Sources, r.Credibility, r.Reason)).ToList();
        return new(field.Field, field.Of, others.ContainsValue(Agreement.Competes) ? true : null, readings, field.Chosen is { } c ? new(c.Event, c.Position, c.Reason, c.Sources) : null);
    }
}

/// <param name="Value">What the source says; absent where it says nothing.</param>
/// <param name="Standing">preferred: the record says so; agrees, less-precise, more-precise: it can be true as well; competes: it cannot; withdrawn.</param>
public sealed record ReadingBody(Guid Event, long Position, JsonElement? Value, string Standing, IReadOnlyList<Locator>? Sources, int? Credibility, string? Reason);

public sealed record ChoiceBody(Guid Event, long Position, string? Reason, IReadOnlyList<Locator>? Sources);
