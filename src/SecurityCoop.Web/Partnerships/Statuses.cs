using System.Collections.Concurrent;
using SecurityCoop.EventStore;
using SecurityCoop.Register;
using SecurityCoop.Register.Status;
using SecurityCoop.Web.Access;
using RegisterPartnership = SecurityCoop.Register.Partnerships.Partnership;

namespace SecurityCoop.Web.Partnerships;

/// <summary>A partner's facts with the status read from them.</summary>
public sealed record PartnerStatus(PartnershipFacts Facts, StatusAnswer Answer, long Position);

/// <summary>Answers where partnerships stand, now or as known at any time, for what the caller may see.</summary>
public sealed class Statuses(EventStore.EventStore store, TwoClocks clocks)
{
    readonly ConcurrentDictionary<string, string> documents = [];

    /// <summary>Where one partner stands. A known partner that was never opened has no record.</summary>
    public async Task<PartnerStatus> Of(string partner, Asking view, Caller caller, CancellationToken stop)
    {
        var (facts, position) = await Facts(partner, view.Position, stop);
        return Read(facts, position, view, caller);
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
            await foreach (var row in store.Rows(RecordViews.Partnership, null, stop)) partners.Add(((RegisterPartnership)row.Value!).Details!.Partner);
            var found = new List<PartnerStatus>();
            var moved = false;
            foreach (var partner in partners.Order(StringComparer.Ordinal))
            {
                var (facts, position) = await Facts(partner, at, stop);
                moved |= at is null && position != head;
                var status = Read(facts, at ?? position, view, caller);
                if (status.Facts.IsOpened) found.Add(status);
            }
            if (!moved) return (found, at ?? head);
        }
    }

    /// <summary>References of the sources that the answers' reasons name, by stream id. A reference never changes, so what was found once is kept.</summary>
    public Task<IReadOnlyDictionary<string, string>> Documents(IReadOnlyList<PartnerStatus> statuses, CancellationToken stop) =>
        Documents(statuses.SelectMany(s => s.Answer.Because.Concat(s.Answer.Modifiers.SelectMany(m => m.Because))), stop);

    /// <summary>The same of the sources that these reasons name.</summary>
    public async Task<IReadOnlyDictionary<string, string>> Documents(IEnumerable<Because> because, CancellationToken stop)
    {
        var missing = because.SelectMany(b => b.Sources ?? [])
            .Select(l => l.Document).OfType<string>().Where(d => !documents.ContainsKey(d)).Distinct().ToList();
        if (missing.Count > 0)
            foreach (var (stream, reference) in await store.ReferencesOf(missing, stop)) documents[stream] = reference;
        return documents;
    }

    static PartnerStatus Read(PartnershipFacts facts, long position, Asking view, Caller caller)
    {
        var visible = facts.VisibleTo(caller.Clearance);
        if (!visible.IsOpened) visible = new PartnershipFacts(facts.Partner);
        return new(visible, PartnershipStatus.Of(visible, view.Question), position);
    }

    /// <summary>What the store keeps in memory of a partner: its facts.</summary>
    public static readonly PartnerFold OfPartner = new(RecordViews.OfPartner, partner => new PartnershipFacts(partner),
        (facts, rows) => ((PartnershipFacts)facts).With(rows.Select(r => KeyValuePair.Create(r.Key, (RecordState)r.Value))));

    // The past is read backwards from now: only records to which something was added since are folded again.
    async Task<(PartnershipFacts, long)> Facts(string partner, long? through, CancellationToken stop)
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
