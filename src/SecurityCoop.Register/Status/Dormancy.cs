using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Status;

/// <summary>
/// Whether a partnership sleeps: no contact within the review period. Where there is no contact on file, the period counts from the earliest day of any
/// record of the partner, so that nobody is dormant on the day of a first signature (model.md, "Settled in November 2026", Dormant).
/// </summary>
static class Dormancy
{
    /// <summary>The days of everything that is on record, and may have happened by the day asked about, beside meetings; each with the event that says so.</summary>
    public static IReadOnlyList<(Edtf On, Because Because)> FirstDays(IReadOnlyList<AgreedAction> actions, IReadOnlyList<Instrument> instruments, Partnership partnership, StatusQuestion q)
    {
        bool Counts(string? home) => !q.ServiceOnly || home is null;
        var days = actions.Select(a => (a.Details!.On, Because: Voices.Reasons(a, Certainty.Certain)[0]))
            .Concat(instruments.SelectMany(i => i.Acts.Where(a => !a.Withdrawn).Select(a => (a.On, Because: Voices.Reason(i, a, Certainty.Certain)))))
            .Concat(partnership.Turns.Where(t => !t.Withdrawn && Counts(t.HomeOrganisation))
                .Select(t => (t.On, Because: new Because(t.Event, t.Position, partnership.Reference, t.Kind == TurnKind.Suspended ? "suspension" : "partnership", Certainty.Certain, t.Sources, Home: t.HomeOrganisation))))
            .Concat(partnership.Statements.Where(s => !s.Withdrawn && Counts(s.HomeOrganisation))
                .Select(s => (s.On!, Because: new Because(s.Event, s.Position, partnership.Reference, "statement", Certainty.Certain, s.Sources, Home: s.HomeOrganisation))));
        return [.. days.Where(d => d.Item1.StartedBy(q.AsOf) != Certainty.No).OrderBy(d => d.Item1.Earliest ?? DateOnly.MinValue).ThenBy(d => d.Item1.Latest ?? DateOnly.MaxValue).ThenBy(d => d.Because.Event)];
    }

    /// <summary>No contact dated within the review period. Contact whose day is unknown, or may lie in it, leaves this possible at most.</summary>
    public static Certainty Of(IReadOnlyList<Meeting> meetings, IReadOnlyList<(Edtf On, Because)> first, int months, DateOnly asOf)
    {
        var from = asOf.MonthsOn(-months);
        var dates = meetings.Select(m => m.Details!.Date).Where(d => d.StartedBy(asOf) != Certainty.No).ToList();
        var within = dates.Select(d => Modifiers.Both(d.StartedBy(asOf), d.Within(from, asOf))).DefaultIfEmpty(Certainty.No).Max();
        var silent = within switch { Certainty.No => Certainty.Certain, Certainty.Possible => Certainty.Possible, Certainty.Certain => Certainty.No };
        if (dates.Any(d => d.StartedBy(asOf) == Certainty.Certain)) return silent;
        var since = SinceFirst(first, from);
        if (dates.Count == 0) return since;
        // Perhaps none of them has taken place yet; those that have may all lie within the period.
        if (since == Certainty.No && dates.All(d => !d.IsUncertain && d.Earliest >= from)) return Certainty.No;
        return silent == Certainty.Certain && since == Certainty.Certain ? Certainty.Certain : Certainty.Possible;
    }

    // The earliest of several days is before the period where any of them is.
    static Certainty SinceFirst(IReadOnlyList<(Edtf On, Because)> first, DateOnly from) =>
        first.Count == 0 ? Certainty.Possible : from == DateOnly.MinValue ? Certainty.No : first.Max(d => d.On.StartedBy(from.AddDays(-1)));

    /// <summary>The last dated contact; without one the meetings that nobody has dated; without any, the first that is on record.</summary>
    public static IEnumerable<Because> Silence(
        IReadOnlyList<Meeting> meetings, LastContact? contact, IReadOnlyList<(Edtf On, Because Because)> first, Partnership partnership, DateOnly asOf, Certainty certainty)
    {
        var last = meetings.Where(m => contact is null ? m.Details!.Date.StartedBy(asOf) != Certainty.No : m.Reference == contact.Record).ToList();
        return last.Count > 0 ? last.SelectMany(m => Voices.Reasons(m, certainty))
            : first.Count > 0 ? [first[0].Because with { Certainty = certainty }]
            : [new Because(partnership.FirstEvent, partnership.FirstPosition, partnership.Reference, "partnership", certainty, partnership.Sources)];
    }
}
