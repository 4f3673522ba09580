using SecurityCoop.Register;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Status;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Calendar;

namespace SecurityCoop.Web.Partnerships;

/// <summary>Something of a partner that asks for somebody's attention on a day.</summary>
/// <param name="Kind">overdue, to-verify, review-due, undated-commitment, coming, dormant.</param>
/// <param name="Reference">The record; null of the partnership itself.</param>
/// <param name="What">In the words of the record; of a meeting the slug of its kind; null of the partnership itself.</param>
/// <param name="On">The day that it is about.</param>
/// <param name="Computed">Whether the day follows from a clause.</param>
public sealed record WorkItem(
    string Kind, string Partner, string? Reference, string? What, OwedBy? OwedBy, Edtf? On, Certainty Certainty, bool Computed = false)
{
    /// <summary>How many days late it is at least; null: it is not, or nobody can say.</summary>
    public int? DaysLate(DateOnly asOf) => Kind == "overdue" && On?.Latest is { } last && last < asOf ? asOf.DayNumber - last.DayNumber : null;
}

/// <summary>What a partner asks for on a day, and its next date, as somebody may see them: read from the facts once, and kept with the reading.</summary>
/// <param name="Next">Its next date; null: there is none.</param>
public sealed record Work(IReadOnlyList<WorkItem> Items, Entry? Next)
{
    /// <summary>What comes within so many days is near.</summary>
    public const int NearDays = 30;

    /// <summary>The kinds, the most pressing first.</summary>
    public static readonly string[] Kinds = ["overdue", "to-verify", "review-due", "undated-commitment", "coming", "dormant"];

    public static Work Of(PartnerStatus status) => status.Reading.Work ??= Read(status.Facts, status.Answer, status.Reading.Question);

    static Work Read(PartnershipFacts facts, StatusAnswer answer, StatusQuestion question)
    {
        var (asOf, items, dates) = (question.AsOf, new List<WorkItem>(), new List<Entry>());
        bool Counts(string? home) => !question.ServiceOnly || home is null;
        foreach (var a in facts.Actions.Where(a => Counts(a.Details!.HomeOrganisation) && a.Details!.On.StartedBy(asOf) != Certainty.No))
        {
            var (marks, d) = (ActionMarks.Of(a, asOf), a.Details!);
            Add("overdue", marks.Overdue, a, d.What, d.OwedBy, d.Due);
            Add("to-verify", marks.ToVerify, a, d.What, d.OwedBy, a.Changes.LastOrDefault(c => !c.Withdrawn && c.To == ActionState.ReportedDone)?.On);
            Add("review-due", marks.ReviewDue, a, d.What, d.OwedBy, a.ReviewDay);
            Add("undated-commitment", marks.Undated, a, d.What, d.OwedBy, d.On);
        }
        foreach (var i in facts.Instruments.Where(i => Counts(i.Details!.HomeOrganisation)))
        {
            var (marks, d) = (InstrumentMarks.Of(i, asOf), i.Details!);
            Add("overdue", marks.Overdue, i, d.Title, null, marks.Expected.Count > 0 ? marks.Expected[0] : null);
            Add("review-due", marks.ReviewDue, i, d.Title, null, i.ReviewDays(asOf).Select(r => r.Day).FirstOrDefault());
            Add("undated-commitment", marks.Undated, i, d.Title, null, i.Acts.Where(x => !x.Withdrawn).Select(x => x.On).FirstOrDefault());
        }
        foreach (var record in facts.Actions.Where(a => Counts(a.Details!.HomeOrganisation)).Cast<RecordState>()
            .Concat(facts.Instruments.Where(i => Counts(i.Details!.HomeOrganisation))).Concat(facts.Meetings.Where(m => Counts(m.Details!.HomeOrganisation))))
            foreach (var entry in CalendarEntries.Of(record, asOf, asOf).Where(e => !e.Cancelled))
            {
                dates.Add(entry);
                if (First(entry) is { } first && first.DayNumber <= asOf.DayNumber + NearDays && entry.Date.IsPast(asOf) == Certainty.No)
                    items.Add(new(
                        "coming", facts.Partner, record.Reference, entry.Text, (record as AgreedAction)?.Details!.OwedBy, entry.Date, entry.Certainty, entry.Computed));
            }
        if (answer.Modifiers.FirstOrDefault(m => m.Code == "dormant") is { } dormant)
            items.Add(new("dormant", facts.Partner, null, null, null, answer.LastContact?.Date, dormant.Certainty));
        return new(items, dates.OrderBy(e => First(e) ?? DateOnly.MaxValue).FirstOrDefault());

        void Add(string kind, Certainty certainty, RecordState record, string what, OwedBy? by, Edtf? on)
        {
            if (certainty != Certainty.No) items.Add(new(kind, facts.Partner, record.Reference, what, by, on, certainty));
        }
    }

    /// <summary>The first day that an entry may stand on.</summary>
    public static DateOnly? First(Entry entry) => entry.Date.Earliest is { } first && first > DateOnly.MinValue ? first : entry.Date.Latest;

    /// <summary>The most pressing things, each record once, by what presses most.</summary>
    public static IEnumerable<WorkItem> MostPressing(IEnumerable<WorkItem> items) => InOrder(items).DistinctBy(i => i.Reference ?? i.Partner);

    /// <summary>The most pressing first: by kind, then the longest waiting.</summary>
    public static IEnumerable<WorkItem> InOrder(IEnumerable<WorkItem> items) => items
        .OrderBy(i => Array.IndexOf(Kinds, i.Kind)).ThenBy(i => i.Certainty == Certainty.Certain ? 0 : 1)
        .ThenBy(i => i.On?.Latest ?? i.On?.Earliest ?? DateOnly.MaxValue).ThenBy(i => i.Reference ?? i.Partner, StringComparer.Ordinal);
}
