namespace SecurityCoop.Register.Time;

/// <summary>Something that happened in the world on a day known more or less well.</summary>
public interface IDated
{
    Edtf On { get; }
    /// <summary>Which comes first of two kinds on one day.</summary>
    int Rank { get; }
    string Party { get; }
    Guid Event { get; }
}

/// <summary>
/// The order in which what happened is folded: earliest day, latest day, rank of the kind, party, event id. Never the order of recording, so
/// that the same facts recorded in any order give the same state (model.md, "Instruments").
/// </summary>
public static class WorldOrder
{
    /// <summary>So many months on (or, negative, back), at the calendar's end where they would leave it.</summary>
    public static DateOnly MonthsOn(this DateOnly day, int months)
    {
        var month = (day.Year - 1) * 12 + day.Month - 1 + months;
        return month < 0 ? DateOnly.MinValue : month >= 9999 * 12 ? DateOnly.MaxValue : day.AddMonths(months);
    }

    public static IEnumerable<T> InWorldOrder<T>(this IEnumerable<T> dated) where T : IDated =>
        dated.OrderBy(d => d.On.Earliest ?? DateOnly.MinValue).ThenBy(d => d.On.Latest ?? DateOnly.MaxValue)
            .ThenBy(d => d.Rank).ThenBy(d => d.Party, StringComparer.Ordinal).ThenBy(d => d.Event);

    /// <summary>
    /// Every state that is possible at <paramref name="asOf"/>: what certainly happened by then is folded, what possibly happened is folded
    /// and left out, what had not is left out.
    /// </summary>
    public static IReadOnlySet<TState> PossibleStates<T, TState>(this IEnumerable<T> dated, TState initial, DateOnly asOf, Func<TState, T, TState> fold) where T : IDated
    {
        var states = new HashSet<TState> { initial };
        foreach (var d in dated.InWorldOrder())
        {
            var happened = d.On.StartedBy(asOf);
            if (happened == Certainty.No) continue;
            var after = states.Select(s => fold(s, d)).ToHashSet();
            if (happened == Certainty.Possible) after.UnionWith(states);
            states = after;
        }
        return states;
    }
}
