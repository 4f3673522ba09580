using System.Text.Json.Nodes;

namespace SecurityCoop.Web.Search;

/// <summary>A word of the question: by what it is found, and the codes whose names have it.</summary>
/// <param name="Lexemes">Itself and its stems; empty for a word of grammar.</param>
/// <param name="Codes">As the index has them.</param>
public sealed record Term(string Word, IReadOnlyList<string> Lexemes, IReadOnlyList<string> Codes)
{
    const int ShortestBeginning = 3;

    /// <summary>The question to PostgreSQL's index: the word, what begins with it, its stems, the codes.</summary>
    public string Question => string.Join(" | ", Lexemes.Concat(Codes).Select(l => $"'{l}'").Concat(Word.Length < ShortestBeginning ? [] : [$"'{Word}':*"]));

    /// <summary>How well a word of a text answers it: 1 the same, less for another form of it, less for a word that begins with it; 0 not at all.</summary>
    public double Match(string word, IReadOnlyList<string> lexemes) =>
        word == Word ? 1
        : lexemes.Any(Lexemes.Contains) ? 0.9
        : Word.Length >= ShortestBeginning && (word.StartsWith(Word, StringComparison.Ordinal) || lexemes.Any(l => l.StartsWith(Word, StringComparison.Ordinal))) ? 0.7
        : 0;
}

/// <summary>A place where the question was found.</summary>
/// <param name="Text">The text, or of a code the name that answered.</param>
/// <param name="Words">The words of the text that answered.</param>
public sealed record Hit(Place Place, string Text, IReadOnlyList<Word> Words, double Share)
{
    const int Before = 60, Longest = 200;

    /// <summary>The text around the first match, in parts, those that answered marked; an ellipsis where it was cut.</summary>
    public JsonArray Snippet()
    {
        var from = Words[0].Start <= Before ? 0 : Text.LastIndexOf(' ', Words[0].Start - Before / 2) + 1;
        if (Words[0].Start - from > Before) from = Words[0].Start;
        var to = Math.Min(Text.Length, from + Longest);
        if (to < Text.Length && Text.LastIndexOf(' ', to - 1, to - from) is var space && space > Words[0].Start + Words[0].Length) to = space;
        if (to < Text.Length && char.IsLowSurrogate(Text[to])) to--;
        if (from > 0 && char.IsLowSurrogate(Text[from])) from++;
        var (parts, at) = (new JsonArray(), from);
        void Add(string text, bool match = false)
        {
            if (text.Length == 0) return;
            var part = new JsonObject { ["text"] = text };
            if (match) part["match"] = true;
            parts.Add(part);
        }
        if (from > 0) Add("… ");
        foreach (var word in Words.Where(w => w.Start >= from && w.Start + w.Length <= to))
        {
            Add(Text[at..word.Start]);
            Add(Text.Substring(word.Start, word.Length), match: true);
            at = word.Start + word.Length;
        }
        Add(Text[at..to]);
        if (to < Text.Length) Add(" …");
        return parts;
    }
}

/// <summary>Something found, with the places that answered, the best first.</summary>
/// <param name="Names">Positions of the events whose names answered.</param>
/// <param name="Sure">How well names answer what nothing else of it does, at the word where they do so least; 1 where nothing rests on
/// them.</param>
public sealed record Found(Thing Thing, double Score, IReadOnlyList<Hit> Matches, IReadOnlyList<long> Names, double Sure = 1);

/// <summary>
/// Ranks: how well each word of the question is answered in the place that answers it best, on average; and half again by how much of a place the question makes
/// up. Every word must be answered, at least one of them by the thing itself.
/// </summary>
static class Ranking
{
    const double OfShare = 0.5, Around = 0.5;

    /// <param name="lexemes">Of every word that stands in the thing.</param>
    /// <param name="names">The person's names, for whom may see them.</param>
    public static Found? Rank(Thing thing, IReadOnlyList<Term> terms, IReadOnlyDictionary<string, string[]> lexemes, NameForm asked, IReadOnlyList<NameForm> names)
    {
        var (best, share, own) = (new double[terms.Count], 0.0, false);
        var named = new double[terms.Count];
        var (matches, answered) = (new List<(Hit Match, double Score)>(), new List<(long Position, double Score)>());
        foreach (var place in thing.Places)
        {
            var (quality, match) = place.Texts.Select(text => In(place, text, terms, lexemes)).MaxBy(m => (m.Quality.Sum(), m.Match?.Share));
            if (match is null) continue;
            var weight = place.Weight * (place.Around ? Around : 1);
            for (var i = 0; i < terms.Count; i++) best[i] = Math.Max(best[i], quality[i] * weight);
            if (place.Around) continue;
            own = true;
            share = Math.Max(share, match.Share * place.Weight);
            matches.Add((match, quality.Sum() * weight + match.Share));
        }
        foreach (var name in names)
        {
            var like = name.Match(asked);
            if (like.All(q => q == 0)) continue;
            // The question's words are the terms: none of a name is a word of grammar.
            for (var i = 0; i < terms.Count; i++) named[i] = Math.Max(named[i], asked.Words.Select((w, j) => w == terms[i].Word ? like[j] : 0).DefaultIfEmpty(0).Max());
            own = true;
            share = Math.Max(share, Math.Min(1, like.Sum() / name.Words.Count));
            answered.Add((name.Position, like.Sum()));
        }
        var sure = 1.0;
        for (var i = 0; i < terms.Count; i++)
        {
            if (best[i] == 0) sure = Math.Min(sure, named[i]);
            best[i] = Math.Max(best[i], named[i]);
        }
        if (!own || sure == 0) return null;
        return new(thing, best.Average() + OfShare * share, [.. matches.OrderByDescending(m => m.Score).Select(m => m.Match)], [.. answered.OrderByDescending(a => a.Score).Select(a => a.Position)], sure);
    }

    static (double[] Quality, Hit? Match) In(Place place, string text, IReadOnlyList<Term> terms, IReadOnlyDictionary<string, string[]> lexemes)
    {
        var (quality, hits, counted) = (new double[terms.Count], new List<Word>(), 0);
        foreach (var word in TextWords.Of(text))
        {
            var found = lexemes[word.Folded];
            if (found.Length > 0) counted++;
            var hit = false;
            for (var i = 0; i < terms.Count; i++)
            {
                var q = terms[i].Match(word.Folded, found);
                hit |= q > 0;
                quality[i] = Math.Max(quality[i], q);
            }
            if (hit) hits.Add(word);
        }
        return (quality, hits.Count == 0 ? null : new(place, text, hits, Math.Min(1, hits.Count / (double)Math.Max(1, counted))));
    }
}
