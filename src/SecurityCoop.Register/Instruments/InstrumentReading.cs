using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.Instruments;

/// <summary>What follows from an instrument's acts and clauses at a day of the world. Nothing of it is stored.</summary>
public sealed partial record Instrument
{
    /// <summary>
    /// Every life that is possible at a day: acts as far as they happened by then, and what clauses and notices make of them.
    /// </summary>
    /// <param name="partner">
    /// Of an instrument between many, the partner whose relation with home is asked about: what another party does for itself alone does not
    /// concern it. Null, or no party: the instrument as a whole.
    /// </param>
    public IReadOnlySet<InstrumentLife> Lives(DateOnly asOf, string? partner = null)
    {
        var parties = Parties;
        var relation = IsRelation(partner);
        // Nobody said when it takes effect: what does not bind is taken to do so on signature, anything else waits for an act.
        var none = new InstrumentLife(parties.Count, EntersOnSignature, parties.Count <= 2 || relation, EffectIsAssumed);
        var concerning = Concerning(partner).ToList();
        var lives = new HashSet<InstrumentLife>();
        foreach (var term in TermsAt(asOf))
            lives.UnionWith(concerning.Concat(Computed(term, asOf, partner)).PossibleStates(none, asOf, (life, act) => life.After(act, Bits(act.What.Party, parties))));
        foreach (var s in Supersessions.Where(s => !s.Withdrawn))
        {
            var happened = s.Said.On.StartedBy(asOf);
            if (happened == Certainty.No) continue;
            var after = lives.Select(l => s.Part is null ? l with { Superseded = true } : l with { SupersededInPart = true });
            lives = (happened == Certainty.Certain ? after : after.Concat(lives)).ToHashSet();
        }
        return lives;
    }

    /// <summary>Whether taking effect on signature is only assumed, since the instrument does not say.</summary>
    public bool EffectIsAssumed => Details is { Binding: Binding.NonBinding } && (Details.Effect?.Kind ?? EffectKind.NotStated) == EffectKind.NotStated;

    bool EntersOnSignature => Details!.Effect?.Kind == EffectKind.OnSignature || EffectIsAssumed;

    /// <summary>Acts on record that build on one that nobody has recorded: accepted, and shown as such.</summary>
    public IEnumerable<RecordedAct> Unsupported()
    {
        IReadOnlyList<RecordedAct> held = [.. Valid, .. Computed(null, DateOnly.MaxValue, null)];
        return Valid.Where(a => Instruments.Acts.IsUnsupported(a, held));
    }

    bool IsRelation(string? partner) => partner is not null && Parties.Count > 2 && Parties.Contains(partner);

    /// <summary>The acts on record that concern the relation with a partner (<see cref="Lives"/>).</summary>
    public IEnumerable<RecordedAct> ActsFor(string partner) => Concerning(partner);

    // What a party does for itself alone, between many: to it and home, or to home and everybody, it matters; to a third it does not.
    IEnumerable<RecordedAct> Concerning(string? partner) => !IsRelation(partner) ? Valid
        : Valid.Where(a => a.What.Party is null or Meetings.Statements.Home || a.What.Party == partner || a.Kind < ActKind.ProvisionallyApplied);

    static int Bits(string? party, IReadOnlyList<string> parties)
    {
        for (var i = 0; i < parties.Count; i++)
            if (parties[i] == party) return 1 << i;
        return (1 << parties.Count) - 1;
    }

    /// <summary>Whose suspension stands at a day, and how surely; with the act that says so, and the part that is taken up again, if any.</summary>
    public IEnumerable<(string Party, Certainty Certainty, RecordedAct By, string? ResumedPart)> SuspendedBy(DateOnly asOf)
    {
        var (parties, lives) = (Parties, Lives(asOf));
        for (var i = 0; i < parties.Count; i++)
        {
            var standing = lives.Count(l => (l.SuspendedBy >> i & 1) == 1);
            var acts = Valid.Where(a => (a.What.Party is null || a.What.Party == parties[i]) && a.On.StartedBy(asOf) != Certainty.No).InWorldOrder().ToList();
            if (standing == 0 || acts.LastOrDefault(a => a is { Kind: ActKind.Suspended, What.Part: null }) is not { } by) continue;
            var part = acts.SkipWhile(a => a != by).LastOrDefault(a => a is { Kind: ActKind.Resumed, What.Part: not null })?.What.Part;
            yield return (parties[i], standing == lives.Count ? Certainty.Certain : Certainty.Possible, by, part);
        }
    }

    // Terms and their days

    /// <summary>The terms that may hold at a day; null among them: none is stated.</summary>
    public IReadOnlySet<RecordedTerm?> TermsAt(DateOnly asOf) =>
        Terms.Where(t => !t.Withdrawn).PossibleStates<RecordedTerm, RecordedTerm?>(null, asOf, (_, term) => term);

    /// <summary>The days of the term that holds at a day; where several may, of each.</summary>
    public IReadOnlyList<TermDays> TermDaysAt(DateOnly asOf, string? partner = null) => [.. TermsAt(asOf).OfType<RecordedTerm>().Select(t => DaysOf(t, asOf, partner))];

    TermDays DaysOf(RecordedTerm term, DateOnly asOf, string? partner) =>
        TermDays.Of(term, EntryIntoForce(partner), Concerning(partner).Where(a => a is { Kind: ActKind.Renewed, What.Part: null }).InWorldOrder(), asOf);

    /// <summary>The notices that stop the tacit renewal for the whole, each with the period after which it does.</summary>
    IEnumerable<(RecordedAct Notice, (int First, int? Last) Stop)> Stops(TermDays days, string? partner)
    {
        foreach (var notice in Concerning(partner).Where(a => a is { Kind: ActKind.TerminationNotified, What: { Part: null, Expected: null or { IsUnknown: true } } }))
            if (days.StoppedBy(notice.On) is { } stop && days.EndAfter(stop) is { } end && !Overtaken(notice, end, notice.What.Party, ActKind.Renewed))
                yield return (notice, stop);
    }

    // Between many, one party's notice stops the renewal for that party only.
    int? StoppedAfter(TermDays days, string? partner) => Stops(days, partner)
        .Where(s => s.Notice.What.Party is null || Parties.Count <= 2 || IsRelation(partner)).Select(s => (int?)s.Stop.First).Min();

    /// <summary>Whether the last day for a notice, or the end, is near: with the term that says so.</summary>
    public IEnumerable<(RecordedTerm Term, Certainty Certainty)> Expiring(DateOnly asOf, string? partner = null)
    {
        var lives = Lives(asOf, partner);
        var runs = lives.All(l => l.Runs) ? Certainty.Certain : lives.Any(l => l.Runs) ? Certainty.Possible : Certainty.No;
        var all = TermsAt(asOf);
        foreach (var days in all.OfType<RecordedTerm>().Select(t => DaysOf(t, asOf, partner)))
        {
            var near = days.Expiring(asOf, StoppedAfter(days, partner));
            if (all.Count > 1 && near == Certainty.Certain) near = Certainty.Possible;
            if ((near < runs ? near : runs) is var certainty && certainty != Certainty.No) yield return (days.Term, certainty);
        }
    }

    // What nobody did, but what follows

    /// <summary>
    /// What follows without anybody's act: the effect clause's day, a notice's announced end, the end of a limited suspension, the running out of
    /// a term and its renewal in silence.
    /// </summary>
    public IReadOnlyList<RecordedAct> Computed(DateOnly asOf, string? partner = null) => [.. TermsAt(asOf).SelectMany(t => Computed(t, asOf, partner)).Distinct()];

    IEnumerable<RecordedAct> Computed(RecordedTerm? term, DateOnly asOf, string? partner)
    {
        if (EffectDay() is { } effect) yield return Clause(ActKind.EnteredIntoForce, effect);
        var concerning = Concerning(partner).ToList();
        foreach (var a in concerning)
        {
            if (a.Kind == ActKind.TerminationNotified && a.What.Expected is { IsUnknown: false } end && !Overtaken(a, end, a.What.Party, ActKind.TerminationNotified, ActKind.Renewed))
                yield return Clause(ActKind.Terminated, end, a, a.What.Party);
            if (a.Kind != ActKind.Suspended || a.What.Until is not { IsUnknown: false } until) continue;
            var resumes = until.PlusDays(1);
            IReadOnlyList<string> parties = a.What.Party is { } p ? [p] : Parties;
            var lifted = parties.Where(p => !Overtaken(a, resumes, p, ActKind.Suspended)).ToList();
            if (lifted.Count == parties.Count) yield return Clause(ActKind.Resumed, resumes, a, a.What.Party);
            else foreach (var party in lifted) yield return Clause(ActKind.Resumed, resumes, a, party);
        }
        if (term is null) yield break;
        var days = DaysOf(term, asOf, partner);
        foreach (var (notice, stop) in Stops(days, partner)) yield return Clause(ActKind.Terminated, days.EndAfter(stop)!, notice, notice.What.Party);
        if (days.Expiry is { } expiry) yield return OfTerm(ActKind.Terminated, expiry, term);
        if (days.RenewedOn(asOf, StoppedAfter(days, partner)) is { } renewed) yield return OfTerm(ActKind.Renewed, renewed, term);
    }

    /// <summary>The day that the effect clause leads to; null where it leads to none.</summary>
    public Edtf? EffectDay()
    {
        if (Details?.Effect is { Kind: EffectKind.OnDay, On: { } day }) return Edtf.On(day);
        if (Details?.Effect is not { Kind: EffectKind.OnLastNotification } clause || LastOfAll(ActKind.Notified) is not { } last) return null;
        // Where the days to wait lead out of the calendar, there is no day on which it takes effect.
        return (last.Latest ?? last.Earliest ?? default).DayNumber <= DateOnly.MaxValue.DayNumber - (clause.Days ?? 0) ? last.PlusDays(clause.Days ?? 0) : null;
    }

    /// <summary>When it entered into force or took effect, from what is on record; null where nothing says.</summary>
    public Edtf? EntryIntoForce(string? partner = null)
    {
        if (Concerning(partner).Where(a => a is { Kind: ActKind.EnteredIntoForce, What.Part: null }).InWorldOrder().FirstOrDefault() is { } act) return act.On;
        var signed = LastOfAll(ActKind.Signed);
        if (EffectDay() is { } effect) return signed is null ? effect : LastOf([signed, effect]);
        return EntersOnSignature ? signed : null;
    }

    /// <summary>The day by which the last of the parties had done it; null where some has not.</summary>
    Edtf? LastOfAll(ActKind kind)
    {
        var each = Parties.Select(p => Valid.Where(a => a.Kind == kind && (a.What.Party is null || a.What.Party == p)).InWorldOrder().FirstOrDefault()).ToList();
        return each.All(a => a is not null) ? LastOf([.. each.Select(a => a!.On)]) : null;
    }

    // A suspension prolonged before it ran out does not end on its first date; a notice followed by another, or by a renewal, ends nothing.
    bool Overtaken(RecordedAct a, Edtf end, string? party, params ActKind[] by) => Valid.InWorldOrder().SkipWhile(b => b != a).Skip(1)
        .Any(b => by.Contains(b.Kind) && b.What.Part == a.What.Part && (b.What.Party is null || b.What.Party == party) && end.IsBefore(b.On) != Certainty.Certain);

    // The last of several days lies between the latest of their earliest and the latest of their latest days.
    static Edtf LastOf(IReadOnlyList<Edtf> days)
    {
        var from = days.Max(d => d.Earliest);
        var to = days.Any(d => d.Latest is null) ? null : days.Max(d => d.Latest);
        if (from is null && to is null) return Edtf.Unknown;
        var (doubt, ends) = (days.Any(d => d.IsUncertain) ? "?" : "", FormattableString.Invariant($"{to:yyyy-MM-dd}"));
        return Edtf.Parse(FormattableString.Invariant($"[{from:yyyy-MM-dd}{(from is null ? "" : doubt)}..{ends}{(to is null ? "" : doubt)}]"));
    }

    static RecordedAct Clause(ActKind kind, Edtf on, RecordedAct? from = null, string? party = null) =>
        new(new Act { Kind = kind, On = on, Party = party, Part = from?.What.Part }, from?.Event ?? Guid.Empty, 0);

    static RecordedAct OfTerm(ActKind kind, Edtf on, RecordedTerm term) => new(new Act { Kind = kind, On = on }, term.Event, 0) { ByTerm = true };
}
