using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Instruments;

/// <summary>A term clause as recorded.</summary>
public sealed record RecordedTerm(Term What, Guid Event, long Position, Marking Marking = Marking.Restricted, IReadOnlyList<Locator>? Sources = null, bool Withdrawn = false) : IDated
{
    // What was the instrument's from the beginning held on every day.
    static readonly Edtf always = Edtf.By(DateOnly.MinValue);

    Edtf IDated.On => What.AgreedOn ?? always;
    int IDated.Rank => 0;
    string IDated.Party => "";
}

/// <summary>
/// The days that follow from a term clause, as far as they can be known at a day: ends of periods, last days for a notice. Computed from the
/// clause, the entry into force, the renewals and the notices; where the entry is not on record, or the days lead out of the calendar, there
/// are none.
/// <para>A period of so many years ends on the date on which it began, or the month's last day where there is none, and the instrument still runs
/// on that day (European Convention on the Calculation of Time-Limits, 1972, articles 3 and 4): what entered into force on 5 February 2011 for
/// ten years ends on 5 February 2021 and has expired on the 6th.</para>
/// <para>Every end is counted in one step from the day that the clause, or a renewal, starts from: what entered into force on 29 February 2024 and is
/// renewed by the year ends on 28 February 2025, and on 29 February again in 2028 (model.md, "Settled in November 2026", Terms).</para>
/// </summary>
/// <param name="Term">The clause.</param>
/// <param name="From">The day from which periods are counted: the entry into force, or an end that was named; null: nothing on record says.</param>
/// <param name="Periods">How many periods after that day the term, or the first of its periods, ends.</param>
public sealed record TermDays(RecordedTerm Term, Edtf? From, int Periods)
{
    /// <summary>The last day of the term, or of the first of its periods; null: it cannot be computed.</summary>
    public Edtf? FirstEnd { get; } = EndOf(Term.What, From, Periods);

    /// <summary>Between these many months and the last day for a notice, or the end, an instrument is expiring.</summary>
    public const int WarningMonths = 3;

    Term Clause => Term.What;
    bool Tacit => Clause.Kind == TermKind.Tacit;

    /// <param name="entry">When it entered into force; null: nothing on record says.</param>
    /// <param name="renewals">Renewals of the whole, by somebody's act, in the world's order.</param>
    public static TermDays Of(RecordedTerm term, Edtf? entry, IEnumerable<RecordedAct> renewals, DateOnly asOf)
    {
        var clause = term.What;
        if (clause.Kind == TermKind.Open) return new(term, null, 0);
        var (from, periods) = clause.On is { } named ? (named, 0) : clause.Years is null ? (null, 0) : (entry, 1);
        foreach (var renewal in renewals.Where(r => clause.AgreedOn is null || r.On.IsBefore(clause.AgreedOn) != Certainty.Certain))
        {
            var happened = renewal.On.StartedBy(asOf);
            if (happened == Certainty.No || (clause.Kind == TermKind.Tacit && renewal.What.Until is null)) continue;
            var longer = renewal.What.Until is { } until ? (From: until, Periods: 0) : (From: from, Periods: Prolonged(clause, from, periods, renewal.On));
            // Renewed, perhaps, or until a day that nobody said: that it ended on its day is no longer sure.
            if (happened == Certainty.Certain && EndOf(clause, longer.From, longer.Periods) is not null) (from, periods) = longer;
            else from = from is null ? null : Doubted(from);
        }
        return new(term, from, periods);
    }

    // So many periods more that what was renewed runs on the day of its renewal.
    static int Prolonged(Term clause, Edtf? from, int periods, Edtf renewed)
    {
        do periods++;
        while (EndOf(clause, from, periods) is { Latest: { } last } && last < renewed.Earliest);
        return periods;
    }

    static Edtf? EndOf(Term clause, Edtf? from, long periods) =>
        from is null || periods == 0 ? from : clause.Years is { } years && periods * years <= 9999 ? YearsOn(from, (int)(periods * years)) : null;

    /// <summary>The last day of a period, counted from 0.</summary>
    public Edtf? End(int period) => period == 0 ? FirstEnd : FirstEnd is null || Clause.Years is null ? null : EndOf(Clause, From, (long)Periods + period);

    /// <summary>The last day on which the renewal after a period can be refused.</summary>
    public Edtf? LastNotice(int period) => End(period) is { } end ? MonthsOn(end, -(Clause.NoticeMonths ?? 0)) : null;

    /// <summary>The period in which the day lies, or the first that is possible.</summary>
    public int PeriodAt(DateOnly asOf)
    {
        var period = 0;
        while (Tacit && End(period) is { Latest: { } last } && last < asOf && End(period + 1) is not null) period++;
        return period;
    }

    /// <summary>The day after the last one, on which the instrument has expired; null for what does not end by itself.</summary>
    public Edtf? Expiry => Clause.Kind == TermKind.Ends && FirstEnd is { } end ? DayAfter(end) : null;

    /// <summary>The day after the last period that certainly, or possibly, ended by then in silence; null where none did.</summary>
    public Edtf? RenewedOn(DateOnly asOf, int? stopped)
    {
        Edtf? renewed = null;
        for (var period = 0; Tacit && (stopped is null || period < stopped) && End(period) is { } end && DayAfter(end) is { } next && next.StartedBy(asOf) != Certainty.No; period++)
        {
            renewed = next;
            if (end.Latest is null) break;
        }
        return renewed;
    }

    /// <summary>
    /// The period after which a notice stops the renewal: the first whose last day for it had not passed. Where that is not certain, also the
    /// last one that is possible; null where none can be named.
    /// </summary>
    public (int First, int? Last)? StoppedBy(Edtf notice)
    {
        int? first = null;
        for (var period = 0; Tacit && LastNotice(period) is { } last; period++)
        {
            var late = last.IsBefore(notice);
            if (late == Certainty.Certain) continue;
            first ??= period;
            if (late == Certainty.No) return (first.Value, period);
            // Without a bound there is no period after which it must have come.
            if (last.Latest is null || notice.Latest is null) return (first.Value, null);
        }
        return first is { } f ? (f, null) : null;
    }

    /// <summary>The day from which a notice has ended the instrument, in time for one of these periods.</summary>
    public Edtf? EndAfter((int First, int? Last) stop)
    {
        if (End(stop.First) is not { } first || DayAfter(first) is not { } from) return null;
        if (stop.Last == stop.First) return from;
        var through = stop.Last is { } l && End(l) is { } last ? DayAfter(last)?.Latest : null;
        if (from.Earliest is null && through is null) return Edtf.Unknown;
        var either = Edtf.Parse(FormattableString.Invariant($"[{from.Earliest:yyyy-MM-dd}..{through:yyyy-MM-dd}]"));
        return from.IsUncertain ? Doubted(either) : either;
    }

    /// <summary>Whether the last day for a notice, or the end, is at most three months away and has not passed.</summary>
    /// <param name="stopped">The period after which it ends, since somebody gave notice in time.</param>
    public Certainty Expiring(DateOnly asOf, int? stopped)
    {
        if (!Tacit) return Clause.Kind == TermKind.Ends && FirstEnd is { } end ? Nears(end, asOf) : Certainty.No;
        if (stopped is { } s) return End(s) is { } last ? Nears(last, asOf) : Certainty.No;
        var most = Certainty.No;
        for (var period = 0; LastNotice(period) is { } notice && (notice.Earliest is null || notice.Earliest.Value.MonthsOn(-WarningMonths) <= asOf); period++)
        {
            if (Nears(notice, asOf) is var near && near > most) most = near;
            if (notice.Latest is null) break;
        }
        return most;
    }

    static Certainty Nears(Edtf day, DateOnly asOf)
    {
        if (day.Latest < asOf || day.Earliest?.MonthsOn(-WarningMonths) > asOf) return Certainty.No;
        return day is { Earliest: { } first, Latest: { } last, IsUncertain: false } && asOf <= first && last.MonthsOn(-WarningMonths) <= asOf ? Certainty.Certain : Certainty.Possible;
    }

    static Edtf? DayAfter(Edtf day) => (day.Latest ?? day.Earliest ?? default) == DateOnly.MaxValue ? null : day.PlusDays(1);

    static Edtf? YearsOn(Edtf day, int years) => MonthsOn(day, years * 12);

    // Where the months lead out of the calendar there is no such day.
    static Edtf? MonthsOn(Edtf day, int months)
    {
        var (first, last) = (day.Earliest ?? day.Latest, day.Latest ?? day.Earliest);
        return first is null || (Month(first.Value) + months >= 12 && Month(last!.Value) + months < 10_000 * 12) ? day.PlusMonths(months) : null;
    }

    static int Month(DateOnly day) => day.Year * 12 + day.Month - 1;

    // Of a duration or an open day its bounds are kept, and the doubt said of them.
    static Edtf Doubted(Edtf day) => day.IsUncertain || day.IsUnknown ? day
        : day is { Earliest: null, Latest: null } ? Edtf.Unknown
        : day.Earliest == day.Latest ? Edtf.Parse(FormattableString.Invariant($"{day.Earliest:yyyy-MM-dd}?"))
        : Edtf.Parse(FormattableString.Invariant($"[{Bound(day.Earliest)}..{Bound(day.Latest)}]"));

    static string Bound(DateOnly? day) => day is null ? "" : FormattableString.Invariant($"{day:yyyy-MM-dd}?");
}
