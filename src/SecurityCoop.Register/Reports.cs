using System.Text.Json;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register;

/// <summary>What a source says of one field; without a value it says nothing of it.</summary>
public sealed record FieldReport(string Field, JsonElement? Value = null);

/// <summary>Events that speak of fields of a record, or of its item <see cref="Of"/>: alike in every stream, folded in one place.</summary>
public interface IAboutFields { Guid? Of { get; } }

/// <summary>Fields corrected or refined.</summary>
public interface IFieldsChanged : IAboutFields { IReadOnlyList<FieldChange> Fields { get; } }

/// <summary>Fields narrowed, and not put right.</summary>
public interface IFieldsRefined : IFieldsChanged;

/// <summary>What a source says, beside what the record says. It moves nothing.</summary>
public interface IReportRecorded : IAboutFields { IReadOnlyList<FieldReport> Fields { get; } }

/// <summary>From here on the record says what event <see cref="Report"/> said.</summary>
public interface IReportPreferred : IAboutFields
{
    string Field { get; }
    Guid Report { get; }
    JsonElement? Old { get; }
    JsonElement? New { get; }
}

/// <summary>A record, or its item or report <see cref="Of"/>, should never have been.</summary>
public interface IWithdrawn { Guid? Of { get; } }

/// <summary>How a stream writes the events that every stream has.</summary>
public sealed record FieldEvents(
    Func<IReadOnlyList<FieldReport>, Guid?, object> Reported, Func<string, Guid, JsonElement?, JsonElement?, Guid?, object> Preferred,
    Func<IReadOnlyList<FieldChange>, Guid?, object> Refined, Func<IReadOnlyList<FieldChange>, Guid?, object> Corrected);

/// <summary>One source's reading of a field.</summary>
/// <param name="Value">Of the preferred reading: what it said when it was recorded or last preferred; since then the record itself says it.</param>
public sealed record Report(
    Guid Event, long Position, DateTime RecordedAt, JsonElement? Value, IReadOnlyList<Locator>? Sources = null, int? Credibility = null, string? Reason = null, string? Actor = null, bool Withdrawn = false);

/// <summary>The event that chose among the readings, and why.</summary>
public sealed record Choice(Guid Event, long Position, string? Reason, IReadOnlyList<Locator>? Sources);

/// <summary>
/// A field of which several sources speak. The record's own description always says what the preferred reading says, whichever event changed it
/// last: so nothing else in the model need know of reports.
/// </summary>
/// <param name="Of">The item of which it is a field; absent: the record itself.</param>
/// <param name="Preferred">The event whose reading the record follows: a report's, or the one that first said it.</param>
public sealed record ReportedField(string Field, Guid? Of, Guid Preferred, IReadOnlyList<Report> Readings, Choice? Chosen = null);

/// <summary>Competing reports: recording them, preferring one, and what the others would make of the record.</summary>
public static class Reports
{
    /// <summary>The part that is named, which must exist.</summary>
    /// <exception cref="Refusal">no-such-item, at /of.</exception>
    public static Part Named(this RecordState record, Guid? of) => record.PartOf(of) ?? throw Refusal.OfField("/of", "no-such-item", record.Reference ?? "", $"{of}");

    /// <summary>Records what a source says of fields. Whatever it says, the record stays as it is until somebody prefers it.</summary>
    /// <exception cref="Refusal">required, at /source: a report is what somebody says; unknown-field, invalid-value, invalid-date at the field.</exception>
    public static IReadOnlyList<Fact> Report(this RecordState record, IReadOnlyDictionary<string, JsonElement> fields, Guid? of, IReadOnlyList<Locator>? sources)
    {
        var part = record.Standing("record").Named(of);
        if (sources is null or { Count: 0 }) throw Refusal.OfField("/source", "required");
        var said = WrittenDates.Taken(part, fields).OrderBy(f => f.Key, StringComparer.Ordinal)
            .Select(f => new FieldChange(f.Key, part.Value(f.Key, $"/fields/{f.Key}"), f.Value.ValueKind == JsonValueKind.Null ? null : f.Value.Clone())).ToList();
        var day = part.Check(said, whole: false);
        return [new(record.Events.Reported([.. said.Select(s => new FieldReport(s.Field, s.New))], of), day, sources)];
    }

    /// <summary>Lets the record say what one of the reports of a field says; already so, it changes nothing.</summary>
    /// <exception cref="Refusal">not-reported, at /field; no-such-report, at /report; the rules of a new description.</exception>
    public static IReadOnlyList<Fact> Prefer(this RecordState record, string field, Guid report, Guid? of)
    {
        var part = record.Standing("record").Named(of);
        var now = part.Value(field, "/field");
        var reported = record.Reports?.FirstOrDefault(r => r.Field == field && r.Of == record.OwnerOf(of, field)) ?? throw Refusal.OfField("/field", "not-reported", field);
        var reading = reported.Readings.FirstOrDefault(r => r.Event == report && !r.Withdrawn)
            ?? throw Refusal.OfField("/report", "no-such-report", field, string.Join(", ", reported.Readings.Where(r => !r.Withdrawn).Select(r => r.Event)));
        if (reported.Preferred == report) return [];
        return [new(record.Events.Preferred(field, report, now, reading.Value, of), part.Check([new(field, now, reading.Value)], whole: true))];
    }

    /// <summary>Whether event <paramref name="of"/> is a report, and if so, whether it is withdrawn already.</summary>
    /// <exception cref="Refusal">report-preferred: what the record follows is not withdrawn before another is preferred.</exception>
    public static bool? IsWithdrawn(this RecordState record, Guid? of)
    {
        var about = (record.Reports ?? []).Where(r => r.Readings.Any(x => x.Event == of && x.Event != (r.Of ?? record.FirstEvent))).ToList();
        if (about.FirstOrDefault(r => r.Preferred == of) is { } followed) throw Refusal.Because("report-preferred", record.Reference ?? "", followed.Field);
        return about.Count == 0 ? null : about.All(r => r.Readings.Any(x => x.Event == of && x.Withdrawn));
    }

    /// <summary>How each reading stands to what the record says. The preferred one is the record's own.</summary>
    public static IEnumerable<(Report Reading, Agreement Agreement)> Others(this ReportedField field, Part part)
    {
        var now = part.Value(field.Field, "/field");
        var type = part.Fields.GetValueOrDefault(field.Field, typeof(bool));
        return field.Readings.Where(r => r.Event != field.Preferred && !r.Withdrawn).Select(r => (r, Precision.Of(now, r.Value, type, field.Field)));
    }

    /// <summary>The record after an event about its fields.</summary>
    public static RecordState AfterFields(this RecordState record, IAboutFields e, At at) => e switch
    {
        IFieldsChanged x => x.Fields.Aggregate(record.Named(x.Of).With(x.Fields), (r, f) => r.RestsOn(f.Field, r.OwnerOf(x.Of, f.Field),
            new ChangedField(f.Field, r.OwnerOf(x.Of, f.Field), x is IFieldsRefined ? ChangedFieldList.Refined : ChangedFieldList.Corrected, at.Event, at.Position, at.Sources, at.Reason))),
        IReportRecorded x => x.Fields.Aggregate(record, (r, f) => r.Reported(f, r.OwnerOf(x.Of, f.Field), new(at.Event, at.Position, at.RecordedAt, f.Value, at.Sources, at.Credibility, at.Reason, at.Actor))),
        IReportPreferred x => record.Named(x.Of).With([new(x.Field, x.Old, x.New)]).Chose(x, at),
        _ => throw new UnknownEvent(e),
    };

    /// <summary>The record with one more reading of a field. The first report of a field also keeps what the record said before.</summary>
    /// <param name="before">What the record said before, where no event of the part said it.</param>
    public static RecordState Reported(this RecordState record, FieldReport said, Guid? of, Report report, Report? before = null)
    {
        var known = record.Reports ?? [];
        if (known.Any(r => r.Field == said.Field && r.Of == of))
            return record with { Reports = [.. known.Select(r => r.Field == said.Field && r.Of == of ? r with { Readings = [.. r.Readings, report] } : r)] };
        var part = record.Named(of);
        before ??= new Report(part.First.Event, part.First.Position, default, part.Value(said.Field, "/field"), part.First.Sources);
        return record with { Reports = [.. known, new(said.Field, of, before.Event, [before, report])] };
    }

    /// <summary>The record with an item that a source reports; before, the record, by its first event, did not hold it.</summary>
    public static RecordState ReportedToHappen(this RecordState record, At at, FirstSaid before) => record.Reported(new(Part.Happened, Part.True), at.Event,
        new(at.Event, at.Position, at.RecordedAt, Part.True, at.Sources, at.Credibility, at.Reason, at.Actor), new(before.Event, before.Position, default, Part.False, before.Sources));

    static RecordState Chose(this RecordState record, IReportPreferred x, At at)
    {
        var of = record.OwnerOf(x.Of, x.Field);
        var field = record.Reports?.FirstOrDefault(r => r.Field == x.Field && r.Of == of);
        var reading = field?.Readings.FirstOrDefault(r => r.Event == x.Report);
        var choice = new ChangedField(x.Field, of, ChangedFieldList.Preferred, at.Event, at.Position, at.Sources, at.Reason);
        // Back to what was said first, the value rests on no report.
        var chosen = record with
        {
            Reports = [.. (record.Reports ?? []).Select(r => r.Field != x.Field || r.Of != of ? r : r with
            {
                // What the record said until now may have been corrected or refined since it was first said.
                Readings = [.. r.Readings.Select(y => y.Event == r.Preferred ? y with { Value = x.Old } : y)],
                Preferred = x.Report,
                Chosen = new(at.Event, at.Position, at.Reason, at.Sources),
            })],
        };
        return reading is null || reading.Event == field!.Readings[0].Event ? chosen.RestsOn(x.Field, of, choice)
            : chosen.RestsOn(x.Field, of, new ChangedField(x.Field, of, ChangedFieldList.Report, reading.Event, reading.Position, reading.Sources, reading.Reason), choice);
    }

    internal static IReadOnlyList<ReportedField>? Without(this IReadOnlyList<ReportedField>? reports, Guid? withdrawn) => withdrawn is null || reports is null ? reports
        : [.. reports.Select(r => r with { Readings = [.. r.Readings.Select(x => x.Event == withdrawn && x.Event != r.Preferred ? x with { Withdrawn = true } : x)] })];
}
