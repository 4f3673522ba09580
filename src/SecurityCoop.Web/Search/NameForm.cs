namespace SecurityCoop.Web.Search;

/// <summary>One form of somebody's name, cut into words.</summary>
public sealed class NameForm
{
    /// <summary>From here up a match is the same name in another spelling or with a slip; below it is an initial or less.</summary>
    public const double Likely = 0.6;

    const int Together = 3, MostWords = 24;

    NameForm(long position, IReadOnlyList<NameWord> words, IReadOnlyList<(int First, NameUnit Unit)> units) =>
        (Position, Words, Units) = (position, [.. words.Select(w => w.Folded)], units);

    /// <summary>
    /// Of the event that holds it, by which the person's record tells whether it still stands and what kind of form it is.
    /// </summary>
    public long Position { get; }

    /// <summary>Folded, without articles.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>Its words, and those beside each other that may be one.</summary>
    internal IReadOnlyList<(int First, NameUnit Unit)> Units { get; }

    public static NameForm Of(long position, string name) => Of(position, name, []);

    /// <param name="known">Units of other names: the same ones are taken again, since many names have the same words.</param>
    internal static NameForm Of(long position, string name, Dictionary<string, NameUnit> known)
    {
        var all = TextWords.Of(name).Take(MostWords + 1).ToList();
        List<string> folded = [.. all.Select(w => w.Folded)];
        var passport = NameLetters.FromPassport(folded);
        var words = new List<NameWord>();
        for (var i = 0; i < Math.Min(all.Count, MostWords); i++)
        {
            if (IsArticle(i)) continue;
            var isArabic = passport is not null || NameForms.IsArabic(folded[i]);
            var letters = passport?[i] ?? (isArabic ? NameLetters.Arabic(Written(i)) : NameLetters.Latin(folded[i]));
            words.Add(new(folded[i], letters, isArabic, i > 0 && IsArticle(i - 1), IsContinued(i)));
        }
        return new(position, words, [.. UnitsOf(words, known)]);

        bool IsArticle(int i) => NameForms.IsArticle(folded[i], i + 1 < all.Count ? folded[i + 1] : null);
        string Written(int i) => name.Substring(all[i].Start, all[i].Length);
        bool IsContinued(int i) => i + 1 < all.Count && all[i].Start + all[i].Length is var end && all[i + 1].Start == end + 1
            && name[end] is '\'' or '’' or '‘' or '`' or '´';
    }

    static IEnumerable<(int, NameUnit)> UnitsOf(List<NameWord> words, Dictionary<string, NameUnit> known)
    {
        var sounds = new IReadOnlyList<NameSound>[words.Count];
        for (var i = words.Count - 1; i >= 0; i--)
        {
            var part = i + 1 < words.Count && NameParts.IsServant(words[i]) ? NamePart.Servant
                : i > 0 && NameParts.IsServant(words[i - 1]) ? NamePart.Named : NamePart.None;
            var one = Unit(i, 1, part);
            sounds[i] = one.Sounds;
            // Half of a word that has an apostrophe is no name.
            if (words[i].Folded.Length > 2 || !(words[i].IsContinued || (i > 0 && words[i - 1].IsContinued))) yield return (i, one);
            for (var length = 2; part != NamePart.Named && length <= Together && i + length <= words.Count; length++)
                if (Unit(i, length, NamePart.None) is { Sounds.Count: > 0 } joined) yield return (i, joined);
        }

        NameUnit Unit(int first, int length, NamePart part)
        {
            var of = words.GetRange(first, length);
            var key = $"{part} {string.Join(' ', of.Select(w => $"{w.Folded}/{w.Letters}/{w.HasArticle}/{w.IsContinued}"))}";
            if (known.TryGetValue(key, out var unit)) return unit;
            var said = length == 1 ? NameParts.Sounds(of[0]) : NameParts.Joined(of, sounds[first..(first + length)]);
            return known[key] = new(of, said, part);
        }
    }

    /// <summary>
    /// How well each word of a question is one of the name, each by a word of its own: 1 the same, from 0.6 up the same in another
    /// spelling, in either script, a beginning, or with a slip of one letter; less for an initial or a long form of it; 0 not at all.
    /// </summary>
    public double[] Match(NameForm asked) => Match(asked, (unit, own) => own.Answer(unit, asked.Words.Count > 1));

    /// <param name="answer">How well the second unit is the first, which was asked.</param>
    internal double[] Match(NameForm asked, Func<NameUnit, NameUnit, double> answer)
    {
        var pairs = new List<Pair>?[asked.Words.Count];
        var found = new Assignment(asked.Words.Count);
        foreach (var (first, unit) in asked.Units)
            foreach (var (at, own) in Units)
                if (answer(unit, own) is > 0 and var quality)
                    (pairs[first] ??= []).Add(new(unit.Length, ((1u << own.Length) - 1) << at, quality));
        if (pairs.Any(p => p is not null)) Assign(pairs, 0, 0, found);
        return found.Best;
    }

    // What answers at a word of the question: how many words of it, by which words of the name, and how well.
    readonly record struct Pair(int Length, uint Own, double Quality);

    // Each word of the question by words of the name that nothing else uses, as well as it can be on the whole.
    static void Assign(List<Pair>?[] pairs, int word, uint used, Assignment found)
    {
        if (word == pairs.Length)
        {
            found.Keep();
            return;
        }
        foreach (var (length, own, quality) in pairs[word] ?? [])
        {
            if ((used & own) != 0) continue;
            found.Now.AsSpan(word, length).Fill(quality);
            Assign(pairs, word + length, used | own, found);
            found.Now.AsSpan(word, length).Clear();
        }
        Assign(pairs, word + 1, used, found);
    }

    sealed class Assignment(int words)
    {
        double best;

        public double[] Now { get; } = new double[words];
        public double[] Best { get; } = new double[words];

        public void Keep()
        {
            if (Now.Sum() <= best) return;
            best = Now.Sum();
            Now.CopyTo(Best, 0);
        }
    }
}
