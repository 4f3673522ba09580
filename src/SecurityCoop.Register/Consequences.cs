using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register;

/// <summary>What a command gives for what a raised statement opens, where the statement has not the words.</summary>
public sealed record RaisedFields(OpenedAction? Action = null, OpenedInstrument? Instrument = null);

/// <summary>
/// Everything that a decision upon one record means for others, in the same command: a partner that a record gains is on file; partners that a meeting
/// exchanges are exchanged in what it opened; what a statement opened learns that it reads otherwise, and what it opens by rising is opened; a follow-up
/// that is given a state brings that change (model.md, "Settled in November 2026"). One place for every kind of record and every command.
/// </summary>
public static class Consequences
{
    /// <summary>The streams whose records must be at hand for <see cref="Of"/>, beside the one that is decided upon; some may not exist.</summary>
    public static IReadOnlyList<string> Reads(RecordState before, IReadOnlyList<Fact> facts)
    {
        if (facts.Count == 0) return [];
        var after = Applied(before, facts);
        return [.. Origins.Of(before).Concat(Origins.Of(after)).SelectMany(o => o.Opens).Distinct(), .. Gained(before, after).Concat(CarriedPartners(before, after)).Distinct().Select(Partnership.StreamOf)];
    }

    /// <summary>Whether the decision is about all records of a partner: they must be at hand.</summary>
    public static bool NeedsRecords(IReadOnlyList<Fact> facts) => facts.Any(f => f.Event is PartnershipWithdrawn { Of: null });

    /// <summary>The decision as a whole: the record's own facts, and those of the other streams.</summary>
    /// <param name="load">The record of a stream that <see cref="Reads"/> names; null where there is none.</param>
    /// <param name="onFile">Where <see cref="NeedsRecords"/> says so: references of the records for which the partner is on file.</param>
    /// <exception cref="Refusal">partnership-has-records, naming them; what is in the future (<see cref="Outcomes"/>); not-carried, naming the record that would keep the old partner; what-or-text, title-or-text.</exception>
    public static IReadOnlyList<StreamFacts> Of(string stream, RecordState before, IReadOnlyList<Fact> facts, Func<string, RecordState?> load, Asked asked, RaisedFields? given = null, IReadOnlyList<string>? onFile = null)
    {
        if (facts.Count == 0) return [new(stream, facts)];
        // A partnership that has records is not withdrawn; its records are, and with the last of them the partnership can be.
        if (NeedsRecords(facts) && onFile is { Count: > 0 }) throw Refusal.Because("partnership-has-records", before.Reference ?? "", string.Join(", ", onFile.Take(10)) + (onFile.Count > 10 ? ", …" : ""));
        Outcomes.Check(before, facts, asked.Today);
        var decided = new Decided(stream, facts, load);
        if (before is Meeting m) Carrying.Decide(m, (Meeting)Applied(before, facts), decided);
        Origins.Follow(before, Applied(before, facts), decided);
        foreach (var raised in Raising.Of(stream, before, Applied(before, facts)))
            decided.AddRange(raised.Decide(facts[^1], given?.Action, given?.Instrument, decided.State, asked));
        if (before is AgreedAction action && StateGiven(action, facts) is { Count: > 0 } change) decided.Add(new(stream, change));
        decided.OpenPartners(Gained(before, Applied(before, decided.Of(stream))));
        return decided.All;
    }

    // A follow-up without a change of state is given a state: the change comes with it.
    static IReadOnlyList<Fact> StateGiven(AgreedAction before, IReadOnlyList<Fact> facts)
    {
        var after = (AgreedAction)Applied(before, facts);
        var given = after.FollowUps.FirstOrDefault(f => f is { Withdrawn: false, State: not null } && before.FollowUps.FirstOrDefault(x => x.Event == f.Event) is { } was && was.State != f.State);
        return given is null || after.Changes.Concat(after.DeniedChanges).Any(c => c.FollowUp == given.Event) ? [] : after.Become(given.State!.Value, given.On);
    }

    internal static RecordState Applied(RecordState before, IEnumerable<Fact> facts) => facts.Aggregate(before, (state, f) => state.After(f.Event));

    /// <summary>The partners that a record has after a decision and had not before.</summary>
    public static IReadOnlyList<string> Gained(RecordState before, RecordState after) => [.. PartnersOf(after).Except(PartnersOf(before))];

    // What a meeting opened may gain the partner too: it is on file with it already.
    static IReadOnlyList<string> CarriedPartners(RecordState before, RecordState after) => before is Meeting ? Gained(before, after) : [];

    internal static IReadOnlyList<string> PartnersOf(RecordState state) => state switch
    {
        Meeting { Details: { } d } => d.Partners,
        AgreedAction { Details: { } d } => [d.Partner],
        Instrument { Details: { } d } => d.Partners,
        _ => [],
    };
}

/// <summary>The facts of one decision, stream by stream, in the order in which they were decided.</summary>
sealed class Decided(string main, IReadOnlyList<Fact> facts, Func<string, RecordState?> load)
{
    readonly List<StreamFacts> all = [new(main, facts)];

    public IReadOnlyList<StreamFacts> All => all;

    public IReadOnlyList<Fact> Of(string stream) => all.FirstOrDefault(s => s.Stream == stream)?.Facts ?? [];

    /// <summary>A record as the decision leaves it so far; null where there is none.</summary>
    public RecordState? State(string stream) => load(stream) is { Exists: true } state ? Consequences.Applied(state, Of(stream)) : null;

    public void Add(StreamFacts more)
    {
        if (more.Facts.Count == 0) return;
        var known = all.FindIndex(s => s.Stream == more.Stream);
        if (known < 0) all.Add(more);
        else all[known] = all[known] with { Facts = [.. all[known].Facts, .. more.Facts] };
    }

    public void AddRange(IEnumerable<StreamFacts> more)
    {
        foreach (var s in more) Add(s);
    }

    public void OpenPartners(IEnumerable<string> partners)
    {
        foreach (var partner in partners) Add((load(Partnership.StreamOf(partner)) as Partnership ?? Partnership.Initial).OnFile(partner));
    }
}
