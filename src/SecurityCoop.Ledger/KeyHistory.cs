using System.Globalization;

namespace SecurityCoop.Ledger;

/// <summary>
/// Which keys a history makes trusted, beyond the one that the auditor was given, and which checkpoints it left behind. An event of the ledger's own ties keys
/// only where a checkpoint covers it that fits the tree and is signed by a key trusted already: whoever writes a history can write such events into it, but
/// cannot sign over them with a key that they do not have.
/// </summary>
/// <param name="given">The key that the auditor was given.</param>
internal sealed class KeyHistory(VerifierKey given)
{
    private readonly record struct Rotation(VerifierKey From, VerifierKey To, long Position);

    private readonly record struct Origin(string Name, VerifierKey Key, long AgreesTo, VerifierKey? Before, long Position);

    private readonly List<Rotation> rotations = [];
    private readonly List<Origin> origins = [];

    /// <summary>Takes an event of the ledger's own stream; others than those that tie keys say nothing here.</summary>
    /// <exception cref="HistoryFault">Its body is not that of its type.</exception>
    public void Add(ExaminedEvent e, long position)
    {
        switch (e.Type.ToString())
        {
            case LedgerKeyRotated.Name:
                var (from, to) = LedgerEvents.Rotation(e.Body, position);
                rotations.Add(new(from, to, position));
                break;
            case LedgerOriginOpened.Name:
                var (origin, key, agreesTo, before) = LedgerEvents.NewOrigin(e.Body, position);
                origins.Add(new(origin, key, agreesTo, before, position));
                break;
        }
    }

    /// <summary>Where the log went on under a new origin, in words.</summary>
    public IReadOnlyList<string> Breaks => [.. origins.Select(o => string.Create(CultureInfo.InvariantCulture,
        $"at position {o.Position} the log went on as {o.Name}; it is known to agree with what was signed before up to {o.AgreesTo} events"))];

    /// <summary>The checkpoint that vouches for the history: the newest of its current origin.</summary>
    /// <param name="checkpoints">All of them, smallest first.</param>
    /// <param name="fits">Whether one is of this tree.</param>
    /// <param name="size">Events of the history.</param>
    /// <param name="mustCover">Whether it must cover all of them. A live log has newer ones, and what they say of keys does not count yet.</param>
    /// <param name="kept">A checkpoint that the auditor kept.</param>
    /// <exception cref="HistoryFault">No such checkpoint is trusted, or one is there that is neither of this tree nor left behind.</exception>
    public VerifiedCheckpoint Judge(IReadOnlyList<VerifiedCheckpoint> checkpoints, Predicate<VerifiedCheckpoint> fits, long size, bool mustCover, VerifiedCheckpoint? kept)
    {
        var fitting = checkpoints.Where(c => fits(c)).ToList();
        var (trusted, covered) = Trusted(fitting);
        var opened = origins.Where(o => mustCover || o.Position <= covered).ToList();
        var current = opened.Count > 0 ? opened[^1].Name : checkpoints[^1].Checkpoint.Origin;
        foreach (var c in kept is null ? checkpoints : [.. checkpoints, kept])
            if (!c.Signers.Any(trusted.Contains)) throw NotTied(c.Checkpoint);
        foreach (var c in checkpoints)
            if (!fits(c) && !IsLeftBehind(c.Checkpoint, opened)) throw DoesNotFit(c.Checkpoint, size);
        var newest = fitting.LastOrDefault(c => c.Checkpoint.Origin == current) ?? throw new HistoryFault(0, $"no checkpoint of {current} is there");
        if (mustCover && newest.Checkpoint.Size != size) throw new HistoryFault(newest.Checkpoint.Size + 1, "events follow that no checkpoint covers", Number(newest.Checkpoint.Size), Number(size));
        if (!newest.Signers.Any(k => trusted.Contains(k) && Vouches(k, newest, fitting)))
            throw new HistoryFault(0, $"the newest checkpoint, of {Number(newest.Checkpoint.Size)} events ({current}), is signed only by a key that the log has replaced");
        return newest;
    }

    // The keys that are trusted, and how many events checkpoints of theirs cover.
    private (HashSet<VerifierKey> Keys, long Covered) Trusted(List<VerifiedCheckpoint> fitting)
    {
        var keys = new HashSet<VerifierKey> { given };
        while (true)
        {
            var vouching = fitting.Where(c => c.Signers.Any(k => keys.Contains(k) && Vouches(k, c, fitting)));
            var (before, covered) = (keys.Count, vouching.Select(c => c.Checkpoint.Size).DefaultIfEmpty(0).Max());
            foreach (var r in rotations.Where(r => r.Position <= covered))
            {
                if (keys.Contains(r.To)) keys.Add(r.From);
                else if (keys.Contains(r.From)) keys.Add(r.To);
            }
            // Never the other way round: the key of a new origin is for the operator to give.
            foreach (var o in origins.Where(o => o.Position <= covered && o.Before is not null && keys.Contains(o.Key))) keys.Add(o.Before!);
            if (keys.Count == before) return (keys, covered);
        }
    }

    // A key that was replaced may have become known. It vouches up to the first checkpoint that covers its replacement, which both keys sign, and no further.
    private bool Vouches(VerifierKey key, VerifiedCheckpoint checkpoint, List<VerifiedCheckpoint> fitting)
    {
        var replaced = rotations.Where(r => r.From == key).Select(r => r.Position).Concat(origins.Where(o => o.Before == key).Select(o => o.Position)).DefaultIfEmpty(long.MaxValue).Min();
        return fitting.FirstOrDefault(c => c.Checkpoint.Size >= replaced) is not { } first || checkpoint.Checkpoint.Size <= first.Checkpoint.Size;
    }

    // Checkpoints of an origin that was left, beyond what both agree on, are those that the next one does not continue.
    private static bool IsLeftBehind(Checkpoint c, List<Origin> opened)
    {
        var next = opened.FindLastIndex(o => o.Name == c.Origin) + 1;
        return next < opened.Count && c.Size > opened[next].AgreesTo;
    }

    private static HistoryFault DoesNotFit(Checkpoint c, long size) => c.Size > size
        ? new(size + 1, "the events end before a checkpoint", $"{Number(c.Size)} events", Number(size))
        : new(c.Size, $"the tree of {Number(c.Size)} events is not the one of its checkpoint ({c.Origin})");

    private HistoryFault NotTied(Checkpoint c)
    {
        var what = $"the checkpoint of {Number(c.Size)} events ({c.Origin}) is signed by a key that nothing ties to the one given";
        return origins.Count > 0 && origins[^1].Key != given && c.Origin == origins[^1].Name
            ? new(origins[^1].Position, $"{what}: the log went on under a new origin here, and its operator must give the new key") : new(0, what);
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
