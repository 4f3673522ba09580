using System.Collections.Concurrent;
using SecurityCoop.EventStore;
using SecurityCoop.Register;
using SecurityCoop.Register.Status;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using RegisterPartnership = SecurityCoop.Register.Partnerships.Partnership;

namespace SecurityCoop.Web.Partnerships;

/// <summary>At what a status query looks: a prefix of the log, a day of the world, and whose records count.</summary>
/// <param name="Position">Everything up to this position is known; null: everything.</param>
/// <param name="KnownAt">As asked, for the answer.</param>
/// <param name="Provisional">The instant lies after the newest event: what is recorded before it may still come.</param>
public sealed record Asking(StatusQuestion Question, long? Position, string? KnownAt, bool Provisional);

/// <summary>A partner's facts with the status read from them.</summary>
public sealed record PartnerStatus(PartnershipFacts Facts, StatusAnswer Answer, long Position);

/// <summary>Answers where partnerships stand, now or as known at any time, for what the caller may see.</summary>
public sealed class Statuses(EventStore.EventStore store, RegisterClock clock)
{
    readonly ConcurrentDictionary<string, string> documents = [];

    /// <exception cref="Refusal">invalid-value at ?home, invalid-date at ?asOf, invalid-known-at or unknown-position at ?knownAt.</exception>
    public async Task<Asking> Ask(string? home, string? asOf, string? knownAt, CancellationToken stop)
    {
        var serviceOnly = home switch
        {
            null or "any" => false,
            "service" => true,
            _ => throw Refusal.OfField("?home", "only-for", "any", "service"),
        };
        var day = clock.Day(asOf);
        var question = new StatusQuestion(day, serviceOnly);
        if (knownAt is null) return new(question, null, null, false);
        if (knownAt.StartsWith('@'))
        {
            var head = (await store.Head(stop)).Size;
            if (!long.TryParse(knownAt.AsSpan(1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var position)) throw Refusal.OfField("?knownAt", "invalid-known-at", knownAt);
            if (position > head) throw Refusal.OfField("?knownAt", "unknown-position", knownAt, $"@{head}");
            return new(question, position, knownAt, false);
        }
        // A plus that was not escaped arrives as a space.
        if (!knownAt.Contains('T', StringComparison.OrdinalIgnoreCase) || !DateTimeOffset.TryParse(knownAt.Replace(' ', '+'), System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var instant))
            throw Refusal.OfField("?knownAt", "invalid-known-at", knownAt);
        var resolved = await store.PositionAt(instant.UtcDateTime, stop);
        return new(question, resolved.Position, knownAt, resolved.Provisional);
    }

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
    public async Task<IReadOnlyDictionary<string, string>> Documents(IReadOnlyList<PartnerStatus> statuses, CancellationToken stop)
    {
        var missing = statuses.SelectMany(s => s.Answer.Because.Concat(s.Answer.Modifiers.SelectMany(m => m.Because))).SelectMany(b => b.Sources ?? [])
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
        var past = new Dictionary<string, object>();
        await foreach (var e in store.ReadStreams(changed, then, stop)) past[e.Stream] = RecordViews.OfStream(e.Stream)!.Evolve(past.GetValueOrDefault(e.Stream), e);
        return (stood.With(past.Select(p => KeyValuePair.Create(p.Key, (RecordState)p.Value))), then);
    }
}
