namespace SecurityCoop.Register.Time;

/// <summary>Why a written date is not taken. What is said of each, and the way out, stands in three languages with the host's
/// problems.</summary>
public enum WrittenFault
{
    /// <summary>No date in French, English or Arabic that the reader knows.</summary>
    Unreadable,
    /// <summary>It can mean two things; <see cref="DateFault.Readings"/> gives both.</summary>
    TwoReadings,
    /// <summary>Numbers are day first, and there is no such month; the reading that puts the month first stands in the hint.</summary>
    NotDayFirst,
    /// <summary>The month has no such day, or the year no such month.</summary>
    NoSuchDay,
    /// <summary>The weekday that stands beside the date is not that day's.</summary>
    OtherWeekday,
    /// <summary>A weekday, "yesterday" or a day without its year, and no document's day to count from.</summary>
    NeedsDocumentDate,
    /// <summary>The beginning, middle or end of a period: EDTF has no truthful form; the hint is the whole period.</summary>
    PartOfPeriod,
    /// <summary>A day before 1700; the hint is the reading as a Hijri date, where there is one.</summary>
    BeforeTheCalendar,
    /// <summary>A Hijri year outside the tables of Umm al-Qura, 1318 to 1500.</summary>
    OutsideHijriTables,
    /// <summary>A duration or a set that ends before it starts.</summary>
    EndsBeforeItStarts,
    /// <summary>Several days that do not follow each other: each is a date of its own.</summary>
    SeveralDays,
    /// <summary>A field that takes one day only, and a date that is not one.</summary>
    NotOneDay,
}

/// <param name="Text">What was written.</param>
/// <param name="Readings">Of two readings, both in EDTF, the earlier first.</param>
/// <param name="Hint">A date in EDTF that may have been meant; null where none suggests itself.</param>
public sealed record DateFault(WrittenFault Kind, string Text, IReadOnlyList<string> Readings, string? Hint = null)
{
    internal DateFault(WrittenFault kind, string text, string? hint = null) : this(kind, text, [], hint) { }

    /// <summary>The refusal of a field that was given this.</summary>
    public Refusal At(string pointer) => Kind switch
    {
        WrittenFault.Unreadable => Refusal.OfField(pointer, "date-unreadable", Text),
        WrittenFault.TwoReadings => Refusal.OfField(pointer, "date-two-readings", Text, Readings[0], Readings[1]),
        WrittenFault.NotDayFirst => Refusal.OfField(pointer, "date-not-day-first", Text, Hint!),
        WrittenFault.NoSuchDay => Refusal.OfField(pointer, "date-no-such-day", Text),
        WrittenFault.OtherWeekday => Refusal.OfField(pointer, "date-other-weekday", Text, Hint ?? ""),
        WrittenFault.NeedsDocumentDate => Refusal.OfField(pointer, "date-needs-document-date", Text),
        WrittenFault.PartOfPeriod => Refusal.OfField(pointer, "date-part-of-period", Text, Hint!),
        WrittenFault.BeforeTheCalendar when Hint is null => Refusal.OfField(pointer, "date-too-early", Text),
        WrittenFault.BeforeTheCalendar => Refusal.OfField(pointer, "date-perhaps-hijri", Text, Hint!),
        WrittenFault.OutsideHijriTables => Refusal.OfField(pointer, "date-outside-hijri-tables", Text),
        WrittenFault.EndsBeforeItStarts => Refusal.OfField(pointer, "date-ends-before-start", Text),
        WrittenFault.SeveralDays => Refusal.OfField(pointer, "date-several-days", Text),
        WrittenFault.NotOneDay => Refusal.OfField(pointer, "date-not-one-day", Text, Hint ?? ""),
    };
}

/// <summary>
/// A date as people write it, in French, English or Arabic, and what the register understands by it (model.md, "Written dates"). The text
/// is kept beside the date,
/// and nothing is guessed: what has two readings is refused with both.
/// </summary>
/// <remarks>
/// Numbers are day first. Names of months are French, English, Moroccan, Egyptian, Levantine, Algerian or Tunisian. "du 24 au 27" is a
/// duration, "entre le 24 et le 27"
/// one day of these; a bare "24–27" is refused with both. Hijri dates are the Umm al-Qura day or the next (the tables of <see
/// cref="System.Globalization.UmAlQuraCalendar"/>).
/// No culture's data take part, so every machine reads alike.
/// </remarks>
public sealed record WrittenDate
{
    /// <summary>Days before this year are refused on input: they are Hijri dates, or slips.</summary>
    public const int FirstYear = 1700;

    WrittenDate(string text, Edtf? date, DateFault? fault) => (Text, Date, Fault) = (text, date, fault);

    /// <summary>What was written, as it was written.</summary>
    public string Text { get; }
    /// <summary>What is understood; <see cref="Edtf.Unknown"/> where the text says that no date is set; null where it is refused.</summary>
    public Edtf? Date { get; }
    public DateFault? Fault { get; }

    /// <summary>"prochainement" and its like: the text says that there is no date yet.</summary>
    public bool IsUndated => Date is { IsUnknown: true };

    /// <summary>Reads a date. Never throws, whatever the text.</summary>
    /// <param name="documentDay">The day of the document in which it is written; without it weekdays and "yesterday" are refused.</param>
    public static WrittenDate Read(string text, DateOnly? documentDay = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (date, fault) = Understand(text, documentDay);
        fault ??= date is null ? null : TooEarly(text, date);
        return new(text, fault is null ? date : null, fault);
    }

    /// <summary>A date that lies, or may lie, in a year before <see cref="FirstYear"/>; null for any other.</summary>
    public static DateFault? TooEarly(string text, Edtf date)
    {
        var bounds = ((DateOnly?[])[date.StartBounds.Earliest, date.StartBounds.Latest, date.EndBounds.Earliest,
            date.EndBounds.Latest]).OfType<DateOnly>().ToList();
        if (bounds.Count == 0 || bounds.Min().Year >= FirstYear) return null;
        return new(WrittenFault.BeforeTheCalendar, text, HijriDates.Hint(date.Text));
    }

    static (Edtf? Date, DateFault? Fault) Understand(string text, DateOnly? documentDay)
    {
        if (Edtf.TryParse(text, out var given, out _)) return (given, null);
        var tidy = WrittenText.Tidy(text);
        if (tidy.Length > 0 && Edtf.TryParse(tidy, out given, out _)) return (given, null);
        var read = new WrittenReader(text, documentDay).Read(WrittenText.Signs(tidy));
        if (read.Fault is not null) return (null, read.Fault);
        // What the reader makes is EDTF but for a duration that ends before it starts.
        return Edtf.TryParse(read.Text!, out given, out _) ? (given, null) : (null, new(WrittenFault.EndsBeforeItStarts, text));
    }
}
