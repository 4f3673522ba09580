using SecurityCoop.Register.Time;

namespace SecurityCoop.Register;

/// <summary>An event on which the present value of a field rests, after the one that first recorded it.</summary>
/// <param name="Of">The item of which it is a field; absent: the record itself.</param>
/// <param name="Kind">What the event did: refined, corrected, report (the reading that is followed), preferred (the choice of it), reclassified, or set.</param>
public sealed record ChangedField(string Field, Guid? Of, string Kind, Guid Event, long Position, IReadOnlyList<Locator>? Sources = null, string? Reason = null);

/// <summary>
/// On which events a record's present values rest, so that a reason can cite all of them (model.md, "Settled in November 2026", Reasons). Of each
/// field the last change counts: what it said in between, nothing rests on any longer.
/// </summary>
public static class ChangedFieldList
{
    public const string Refined = "refined", Corrected = "corrected", Report = "report", Preferred = "preferred", Reclassified = "reclassified", Given = "set";

    // A status rests on none of these, whatever they say.
    static readonly HashSet<string> decidesNothing =
    [
        "place", "note", "title", "what", "topics", "region", "text", "classifiedBy", "occasions", "links", "home", "partnerSide", "owner", "owedBy", "meeting", "statement", "partOf", "person", "office",
        "dateAsGiven", "onAsGiven", "dueAsGiven", "expectedAsGiven",
    ];

    /// <summary>The record, whose field now rests on these events instead of those that changed it before.</summary>
    internal static T RestsOn<T>(this T record, string field, Guid? of, params ReadOnlySpan<ChangedField> on) where T : RecordState
    {
        if (decidesNothing.Contains(field)) return record;
        List<ChangedField> kept = [.. (record.ChangedFields ?? []).Where(c => c.Field != field || c.Of != of), .. on];
        return record with { ChangedFields = kept.Count == 0 ? null : kept };
    }

    internal static T Set<T>(this T record, string field, At at, Guid? of = null, string kind = Given) where T : RecordState =>
        record.RestsOn(field, of, new ChangedField(field, of, kind, at.Event, at.Position, at.Sources, at.Reason));

    /// <summary>The record, said anew as a whole: nothing of its own description rests on what was changed before.</summary>
    internal static T SaidAnew<T>(this T record) where T : RecordState =>
        record.ChangedFields is { } changed && changed.Where(c => c.Of is not null).ToList() is var kept ? record with { ChangedFields = kept.Count == 0 ? null : kept } : record;

    /// <summary>The events on which fields of the record, or of its item, rest beside the first recording, each once and in the order of the log.</summary>
    public static IEnumerable<ChangedField> RestingOn(this RecordState record, Guid? of, Func<string, bool>? field = null) =>
        (record.ChangedFields ?? []).Where(c => c.Of == of && (field is null || field(c.Field))).GroupBy(c => c.Event).Select(g => g.First()).OrderBy(c => c.Position);
}
