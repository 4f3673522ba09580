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
