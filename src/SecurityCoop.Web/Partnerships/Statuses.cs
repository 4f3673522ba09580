using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using SecurityCoop.PrivateServer;
using SecurityCoop.Store;
using SecurityCoop.Register;
using SecurityCoop.Register.Markings;
using SecurityCoop.Register.Status;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Organisations;
using RegisterPartnership = SecurityCoop.Register.Partnerships.Partnership;

namespace SecurityCoop.Web.Partnerships;

/// <summary>A partner's facts with the status read from them.</summary>
/// <param name="Position">Everything up to this position was read.</param>
public sealed record PartnerStatus(Reading Reading, long Position)
{
    public PartnershipFacts Facts => Reading.Facts;
    public StatusAnswer Answer => Reading.Answer;

    /// <summary>What is shown with it, for the trace of readings: the partnership, marked as all together from which the status is read.</summary>
    public (string Stream, Marks Marks) Shown => (RegisterPartnership.StreamOf(Facts.Partner), Reading.Marks);
}

/// <summary>What facts say to one question, to somebody with these rights.</summary>
public sealed class Reading
{
    public Reading(PartnershipFacts facts, StatusQuestion question, ReaderRights rights, bool saysPartial)
    {
        var visible = facts.VisibleTo(rights);
        // Of a partner that is known by hidden records only, that there are any would tell whom the service meets.
        IsPartial = saysPartial && visible.IsOpened && !ReferenceEquals(visible, facts);
        Facts = visible.IsOpened ? visible : new PartnershipFacts(facts.Partner);
        (Question, Rights, Answer) = (question, rights, PartnershipStatus.Of(Facts, question));
    }

    public StatusQuestion Question { get; }
    public ReaderRights Rights { get; }

    /// <summary>Whether the status is read without something that the reader may not see, and says so.</summary>
    public bool IsPartial { get; }

    /// <summary>As the caller may know them. A partnership that is not opened, or hidden, has none.</summary>
    public PartnershipFacts Facts { get; }
    public StatusAnswer Answer { get; }

    /// <summary>How the records are marked together that it is read from.</summary>
    public Marks Marks => marks ??= ReadTrace.Together(Facts.Records.Values.Select(r => r.MarksWithParts));

    Marks? marks;

    /// <summary>What partners that stewards named are called in what is shown.</summary>
    internal IReadOnlyDictionary<string, Label> Names { get; } = PartnerDirectory.Given;

    /// <summary>The status as it is shown, but for the position, once it was shown.</summary>
    internal StatusBody? Shown { get; set; }

    /// <summary>What it asks for on the day, once it was asked.</summary>
    internal Work? Work { get; set; }

    /// <summary>The same as JSON, up to the member that tells what was known, once it was written.</summary>
    internal byte[]? Written { get; set; }
}

/// <summary>Answers where partnerships stand, now or as known at any time, for what the caller may see.</summary>
public sealed class Statuses(RegisterStore store, TwoClocks clocks, IConfiguration configuration)
{
    readonly bool saysPartial = configuration["Register:SayPartial"] is not { } said ? true : bool.TryParse(said, out var says) ? says
        : throw new StartRefused($"Register__SayPartial: {said} is neither true nor false.");

    // Callers with different rights, and pages beside programs, ask different things about the same day.
    const int Kept = 4;

    readonly ConcurrentDictionary<string, string> documents = [];

    // What was last read from the facts that the store keeps. These change with each commit that concerns their partner, and what was read from the old ones is found no longer.
    readonly ConditionalWeakTable<PartnershipFacts, Reading[]> readings = [];

    /// <summary>Where one partner stands. A known partner that was never opened has no record.</summary>
    public async Task<PartnerStatus> Of(string partner, Asking view, Caller caller, CancellationToken stop)
    {
        var (facts, position) = await FactsAt(partner, view.Position, stop);
        return new(Read(facts, view.Position is null, view, caller), position);
    }

    /// <summary>Where every opened partnership that the caller may see stands, by partner code, all at one position.</summary>
    public async Task<(IReadOnlyList<PartnerStatus> Statuses, long Position)> All(Asking view, Caller caller, CancellationToken stop)
    {
        for (var attempt = 0; ; attempt++)
        {
            // Partners are read one after the other. If something was recorded meanwhile, they are read again; under constant writing, as of the position where it began.
            var head = (await store.Head(stop)).Size;
            var at = view.Position ?? (attempt < 3 ? null : head);
            var partners = new List<string>();
            await foreach (var row in store.Rows(RecordKinds.Partnership, stop: stop)) partners.Add(((RegisterPartnership)row.Value!).Details!.Partner);
            var found = new List<PartnerStatus>();
            var moved = false;
            foreach (var partner in partners.Order(StringComparer.Ordinal))
            {
                var (facts, position) = await FactsAt(partner, at, stop);
                moved |= at is null && position != head;
                var status = new PartnerStatus(Read(facts, at is null, view, caller), at ?? position);
                if (status.Facts.IsOpened) found.Add(status);
            }
            if (!moved) return (found, at ?? head);
        }
    }

    /// <summary>Everything that was recorded of a partner up to a position, whoever may see it; markings are those of now.</summary>
    public async Task<PartnershipFacts> Facts(string partner, long position, CancellationToken stop) => (await FactsAt(partner, position, stop)).Item1;

    /// <summary>What of a partner's records, as known at a position, is hidden from the caller, as they are marked now.</summary>
    internal async Task<Hidden> HiddenOf(string partner, long position, Caller caller, CancellationToken stop)
    {
        var hidden = new Hidden(caller.Rights);
        foreach (var (stream, record) in (await Facts(partner, position, stop)).Records) hidden.Add(stream, record);
        return hidden;
    }

    /// <summary>References of the sources that the answers' reasons name, by stream id. A reference never changes, so what was found once is kept.</summary>
    public Task<IReadOnlyDictionary<string, string>> Documents(IReadOnlyList<PartnerStatus> statuses, CancellationToken stop) =>
        Documents(statuses.SelectMany(s => s.Answer.Because.Concat(s.Answer.Modifiers.SelectMany(m => m.Because)).Concat(Frames.Reasons(s))),
            statuses.Count == 0 ? new(Marking.Open) : statuses[0].Reading.Rights, stop);

    /// <summary>The same of the sources that these reasons name.</summary>
    /// <param name="rights">Of whoever is answered: sources that they do not cover are not named.</param>
    public async Task<IReadOnlyDictionary<string, string>> Documents(IEnumerable<Because> because, ReaderRights rights, CancellationToken stop)
    {
        var named = because.SelectMany(b => b.Sources ?? []).Select(l => l.Document).OfType<string>().Distinct().ToList();
        var missing = named.Where(d => !documents.ContainsKey(d)).ToList();
        if (missing.Count > 0)
            foreach (var (stream, reference) in await store.ReferencesOf(missing, stop)) documents[stream] = reference;
        var hidden = await store.HiddenOf(named, rights, stop);
        if (hidden.IsEmpty) return documents;
        return named.ToDictionary(d => d, d => hidden.Contains(d) ? Visibility.Hidden : documents.GetValueOrDefault(d, d));
    }

    Reading Read(PartnershipFacts facts, bool current, Asking view, Caller caller)
    {
        if (!current) return new(facts, view.Question, caller.Rights, saysPartial);
        var last = readings.TryGetValue(facts, out var some) ? some : [];
        if (last.FirstOrDefault(r => r.Question == view.Question && r.Rights.Equals(caller.Rights)
            && r.Names == PartnerDirectory.Given) is { } known) return known;
        var reading = new Reading(facts, view.Question, caller.Rights, saysPartial);
        readings.AddOrUpdate(facts, [reading, .. last.Take(Kept - 1)]); // Of two at once one is lost, and read again.
        return reading;
    }

    /// <summary>What the store keeps in memory of a partner: its facts.</summary>
    public static readonly PartnerFold OfPartner = new(RecordKinds.OfPartner, partner => new PartnershipFacts(partner),
        (facts, rows) => ((PartnershipFacts)facts).With(rows.Select(r => KeyValuePair.Create(r.Key, (RecordState)r.Value))));

    // The past is read backwards from now: only records to which something was added since are folded again.
    async Task<(PartnershipFacts, long)> FactsAt(string partner, long? through, CancellationToken stop)
    {
        var (position, fold) = await store.OfPartner(partner, stop);
        var facts = (PartnershipFacts)fold;
        if (through is not { } then || then >= position) return (facts, through ?? position);
        var (stood, changed) = facts.At(then);
        if (changed.Count == 0) return (stood, then);
        var past = await clocks.Folded(changed, then, stop);
        return (stood.With(past.Select(p => KeyValuePair.Create(p.Key, ((RecordState)p.Value.Value!).MarkedAs(facts.Records[p.Key])))), then);
    }
}
