using SecurityCoop.Register;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Web.Instruments;

/// <summary>The days of a term at the day asked about: computed from the clause, the entry into force, renewals and notices.</summary>
/// <param name="Event">Id of the event that set the term.</param>
/// <param name="EndsOn">The last day; of what is tacitly renewed, that of the period in which the day lies. Absent where nothing on record leads to it.</param>
/// <param name="NoticeBy">The last day on which the renewal after that period can be refused.</param>
/// <param name="RenewedOn">The first day of the last period that began in silence.</param>
public sealed record TermShown(Guid Event, TermKind Kind, Edtf? EndsOn, Edtf? NoticeBy, Edtf? RenewedOn, bool Computed = true)
{
    public static IReadOnlyList<TermShown>? Of(Instrument i, DateOnly asOf, string? partner)
    {
        var renewed = i.Computed(asOf, partner).Where(a => a is { ByTerm: true, Kind: ActKind.Renewed }).ToLookup(a => a.Event, a => a.On);
        var shown = i.TermDaysAt(asOf, partner).Select(t => new TermShown(t.Term.Event, t.Term.What.Kind, t.End(t.PeriodAt(asOf)),
            t.Term.What.Kind == TermKind.Tacit ? t.LastNotice(t.PeriodAt(asOf)) : null, renewed[t.Term.Event].FirstOrDefault())).ToList();
        return shown.Count == 0 ? null : shown;
    }
}

/// <summary>A party whose suspension stands.</summary>
/// <param name="ResumedPart">What it has taken up again, where the rest stays suspended.</param>
public sealed record SuspensionShown(string Party, Certainty Certainty, Edtf On, Edtf? Until, string? ResumedPart, Guid Event)
{
    public static IReadOnlyList<SuspensionShown>? Of(Instrument i, DateOnly asOf)
    {
        var shown = i.SuspendedBy(asOf).Select(s => new SuspensionShown(s.Party, s.Certainty, s.By.On, s.By.What.Until, s.ResumedPart, s.By.Event)).ToList();
        return shown.Count == 0 ? null : shown;
    }
}

/// <summary>An end that somebody has announced and that has not certainly come.</summary>
/// <param name="On">As the notice states it, or (Computed) as the term leads to it.</param>
public sealed record EndShown(Edtf On, string? Party, bool? Computed, Guid Event)
{
    public static IReadOnlyList<EndShown>? Of(Instrument i, DateOnly asOf, string? partner)
    {
        var shown = Announced(i, asOf, partner).Where(e => e.On.StartedBy(asOf) != Certainty.Certain).ToList();
        return shown.Count == 0 ? null : shown;
    }

    /// <summary>The same with those that have come.</summary>
    public static IEnumerable<EndShown> Announced(Instrument i, DateOnly asOf, string? partner)
    {
        var notices = i.Acts.Where(a => !a.Withdrawn && a.Kind == ActKind.TerminationNotified && a.On.StartedBy(asOf) != Certainty.No).ToDictionary(a => a.Event);
        return i.Computed(asOf, partner).Where(a => a is { Kind: ActKind.Terminated, ByTerm: false } && notices.ContainsKey(a.Event))
            .Select(a => new EndShown(a.On, a.What.Party, notices[a.Event].What.Expected is { IsUnknown: false } ? null : true, a.Event));
    }
}

/// <summary>An act that concerns a part only.</summary>
/// <param name="Kind">The kind of the act, or superseded-by.</param>
public sealed record PartShown(string Kind, string Part, string? Party, Edtf On, Guid Event)
{
    public static IReadOnlyList<PartShown>? Of(Instrument i, DateOnly asOf)
    {
        var shown = i.Acts.Where(a => !a.Withdrawn && a.What.Part is not null && a.On.StartedBy(asOf) != Certainty.No).Select(a => new PartShown(a.Name, a.What.Part!, a.What.Party, a.On, a.Event))
            .Concat(i.Supersessions.Where(s => !s.Withdrawn && s.Part is not null && s.Said.On.StartedBy(asOf) != Certainty.No).Select(s => new PartShown("superseded-by", s.Part!, null, s.Said.On, s.Event))).ToList();
        return shown.Count == 0 ? null : shown;
    }
}

/// <summary>What an instrument between many is in the relation of home with one of them.</summary>
public sealed record RelationShown(string Partner, IReadOnlyList<InstrumentState> States)
{
    public static IReadOnlyList<RelationShown>? Of(Instrument i, DateOnly asOf) => i.Parties.Count <= 2 ? null
        : [.. i.Details!.Partners.Select(p => new RelationShown(p, [.. i.Lives(asOf, p).Select(l => l.State).Distinct().Order()]))];
}

/// <summary>What an instrument is at a day, in short.</summary>
/// <param name="States">The states that are possible at the day asked about; one where it is certain.</param>
/// <param name="Assumed">True where taking effect on signature is assumed, since the instrument does not say.</param>
/// <param name="Unsupported">Kinds of acts on record that build on one that nobody has recorded.</param>
/// <param name="OriginWithdrawn">The statement or meeting behind it was withdrawn; it stays until somebody says what becomes of it.</param>
/// <param name="OriginForce">The force that the statement behind it has now, where it no longer plans an instrument.</param>
public sealed record InstrumentBrief(
    string? Reference, string Kind, string Title, Binding Binding, IReadOnlyList<InstrumentState> States, bool? Assumed, DateOnly? ReviewOn, IReadOnlyList<ActKind>? Unsupported,
    IReadOnlyList<TermShown>? TermDays, IReadOnlyList<SuspensionShown>? SuspendedBy, IReadOnlyList<EndShown>? AnnouncedEnds, IReadOnlyList<PartShown>? Parts, IReadOnlyList<RelationShown>? Relations,
    bool? OriginWithdrawn, Register.Meetings.Force? OriginForce)
{
    /// <param name="partner">The partner asked about; null: the instrument as a whole, with each relation beside it.</param>
    public static InstrumentBrief Of(Instrument i, DateOnly asOf, string? partner = null)
    {
        var d = i.Details!;
        var states = i.Lives(asOf, partner).Select(l => l.State).Distinct().Order().ToList();
        var unsupported = i.Unsupported().Where(a => a.On.StartedBy(asOf) != Certainty.No).Select(a => a.Kind).Distinct().ToList();
        return new(i.Reference, d.Kind, d.Title, d.Binding, states, i.EffectIsAssumed && states.Contains(InstrumentState.InForce) ? true : null, i.ReviewOn(asOf, partner), unsupported.Count == 0 ? null : unsupported,
            TermShown.Of(i, asOf, partner), SuspensionShown.Of(i, asOf), EndShown.Of(i, asOf, partner), PartShown.Of(i, asOf), partner is null ? RelationShown.Of(i, asOf) : null, i.OriginWithdrawn, i.OriginForce);
    }
}
