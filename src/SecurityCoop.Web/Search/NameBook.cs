namespace SecurityCoop.Web.Search;

/// <summary>People's names, in memory, to be looked through by how they sound. Not for several threads at once.</summary>
public sealed class NameBook
{
    /// <summary>
    /// How much worse than the best answer another may be. Spellings of one name differ by less; a namesake in part (Karim for Karam), a
    /// beginning or a slip by more, and is shown only where nobody answers better.
    /// </summary>
    public const double Margin = 0.2;

    readonly Dictionary<string, List<NameForm>> people = new(StringComparer.Ordinal);
    readonly Dictionary<string, NameUnit> units = new(StringComparer.Ordinal);
    readonly Dictionary<NameUnit, List<string>> bearers = [];

    public void Add(string person, long position, string name)
    {
        var form = NameForm.Of(position, name, units);
        if (!people.TryGetValue(person, out var forms)) people[person] = forms = [];
        forms.Add(form);
        foreach (var (_, unit) in form.Units)
        {
            if (!bearers.TryGetValue(unit, out var those)) bearers[unit] = those = [];
            if (those.Count == 0 || those[^1] != person) those.Add(person);
        }
    }

    /// <summary>Nothing of the person's names is left.</summary>
    public void Remove(string person)
    {
        if (!people.Remove(person, out var forms)) return;
        foreach (var unit in forms.SelectMany(f => f.Units).Select(u => u.Unit).Distinct())
            if (bearers.TryGetValue(unit, out var those) && those.RemoveAll(p => p == person) > 0 && those.Count == 0) bearers.Remove(unit);
        foreach (var (key, unit) in units)
            if (!bearers.ContainsKey(unit)) units.Remove(key);
    }

    public IReadOnlyList<NameForm> Of(string person) => people.TryGetValue(person, out var forms) ? forms : [];

    /// <summary>The people one of whose names has a word like one of those asked about, with all forms of their names.</summary>
    /// <param name="isSeen">Whether somebody is looked at.</param>
    public IReadOnlyDictionary<string, IReadOnlyList<NameForm>> Find(NameForm asked, Func<string, bool> isSeen) =>
        Like(asked, out _).Where(isSeen).ToDictionary(p => p, p => (IReadOnlyList<NameForm>)[.. people[p]], StringComparer.Ordinal);

    /// <summary>The people whom a question of nothing but a name means, the likeliest first.</summary>
    public IReadOnlyList<string> Meant(NameForm asked)
    {
        var found = new List<(string Who, double Least, double Sum)>();
        foreach (var person in Like(asked, out var answers))
        {
            var known = answers;
            var matches = people[person].Select(f => f.Match(asked, (unit, own) => known[unit].GetValueOrDefault(own)));
            var match = matches.MaxBy(m => (m.Min(), m.Sum()))!;
            if (match.Min() > 0) found.Add((person, match.Min(), match.Sum()));
        }
        var least = Math.Min(NameSound.Best, found.Select(p => p.Least).DefaultIfEmpty(0).Max()) - Margin;
        return [.. found.Where(p => p.Least >= least).OrderByDescending(p => p.Sum).Select(p => p.Who)];
    }

    // Each word is compared once, however many bear it.
    HashSet<string> Like(NameForm asked, out Dictionary<NameUnit, Dictionary<NameUnit, double>> answers)
    {
        answers = [];
        var like = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (_, unit) in asked.Units)
        {
            var found = answers[unit] = [];
            foreach (var (own, those) in bearers)
                if (own.Answer(unit, asked.Words.Count > 1) is > 0 and var quality)
                {
                    found[own] = quality;
                    like.UnionWith(those);
                }
        }
        return like;
    }
}
