namespace SecurityCoop.Ledger;

/// <summary>
/// What withheld events account for: versions of streams that are missing, and erasures of values that are said to be erased. A withheld event is one event, so
/// it stands for one missing version or one erasure; for both only where the missing version is of the stream in which the erasure stands.
/// </summary>
internal sealed class UnopenedValues
{
    // Position and pointer of the first value, which is named; what counts is how many events were withheld before the last.
    private sealed record Waiting(long Position, string Pointer, long WithheldBefore, int Values, bool MayBeMissing);

    private readonly Dictionary<string, Waiting> waiting = new(StringComparer.Ordinal); // by subject
    private long withheld, missing;

    /// <summary>Events of which the leaf alone is known, so far.</summary>
    public long Withheld => withheld;

    /// <summary>Whether values are unopened whose erasure was not seen yet.</summary>
    public bool AwaitErasure => waiting.Count > 0;

    /// <summary>How many values wait for an erasure.</summary>
    public int Values => waiting.Values.Sum(w => w.Values);

    public void Withhold() => withheld++;

    /// <summary>The next event that is seen of a stream came so many versions later than the one before it.</summary>
    /// <returns>Whether so many events were withheld up to here.</returns>
    public bool Skip(HeaderText stream, long versions)
    {
        if (versions == 0) return true;
        missing += versions;
        if (waiting.Count > 0 && stream.ToString() is var subject && waiting.TryGetValue(subject, out var values) && withheld > values.WithheldBefore)
            waiting[subject] = values with { MayBeMissing = true };
        return missing <= withheld;
    }

    /// <summary>A value of a subject's that is said to be erased: its erasure comes later.</summary>
    public void Erased(string subject, long position, string pointer)
    {
        var before = waiting.GetValueOrDefault(subject) ?? new(position, pointer, 0, 0, false);
        waiting[subject] = before with { WithheldBefore = withheld, Values = before.Values + 1, MayBeMissing = false };
    }

    /// <summary>The erasure of a subject was seen.</summary>
    /// <returns>How many values it is of.</returns>
    public int Erase(string subject) => waiting.Remove(subject, out var values) ? values.Values : 0;

    /// <summary>
    /// Whether the withheld events suffice: for each subject one after its last value, and in all one for each missing version and each of these subjects. Since
    /// missing versions need theirs before, and erasures after, these two conditions and the one in <see cref="Skip"/> are all there is (Hall's theorem).
    /// </summary>
    /// <exception cref="HistoryFault">They do not.</exception>
    public void End()
    {
        var (needed, total) = (0, missing);
        foreach (var (subject, values) in waiting.OrderByDescending(w => w.Value.WithheldBefore))
        {
            needed++;
            if (!values.MayBeMissing) total++;
            if (withheld - values.WithheldBefore < needed || withheld < total)
                throw new HistoryFault(values.Position, $"the value at {values.Pointer} is neither opened nor withheld, and no erasure of {subject} follows");
        }
    }
}
