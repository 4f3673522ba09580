using SecurityCoop.Intake.Lexicons;
using SecurityCoop.Intake.Text;
using SecurityCoop.Register.Vocabulary;

namespace SecurityCoop.Intake.Reading;

/// <summary>A partner that a sentence names.</summary>
/// <param name="IsAdjective">"danois", not "Danemark".</param>
/// <param name="IsPlace">"en Espagne": perhaps only where something is.</param>
readonly record struct PartnerMention(string Code, int Start, int End, bool IsAdjective, bool IsPlace);

/// <summary>A sentence with all that the lexicons find in it.</summary>
sealed class SentenceReading
{
    // A "sentence" longer than this is no sentence: its rest is not read, so that no text costs more than its length.
    const int MostWords = 600;
    const string HomeCode = Register.HomeCountry.Code;

    internal Sentence Sentence { get; }
    internal List<Token> Tokens { get; }
    internal List<Found> Found { get; }
    internal List<PartnerMention> Partners { get; } = [];
    internal List<Found> Home { get; } = [];
    internal int Index => Sentence.Index;

    readonly string text;

    internal SentenceReading(string text, Sentence sentence, List<Token> tokens, Lexicon lexicon, string language)
    {
        (this.text, Sentence) = (text, sentence);
        Tokens = tokens.Count > MostWords ? tokens[..MostWords] : tokens;
        Found = Tokens.Count == 0 ? [] : lexicon.Find(Tokens, language);
        if (Found.Count == 0) return;
        FindPartners();
        FindHome();
    }

    internal IEnumerable<Found> Of(string key) => Found.Where(f => f.Key == key);
    internal bool Has(string key) => Found.Exists(f => f.Key == key);
    internal IEnumerable<Found> Beginning(string prefix) => Found.Where(f => f.Begins(prefix));
    internal IEnumerable<PartnerMention> Foreign => Partners.Where(p => p.Code != HomeCode);

    internal TextSpan Span(int start, int end) => end <= start ? new(Sentence.Span.Start, Sentence.Span.Start)
        : new(Tokens[start].Span.Start, Tokens[end - 1].Span.End);
    internal TextSpan Span(Found found) => Span(found.Start, found.End);
    internal string Text(int start, int end) => Span(start, end).Of(text);
    internal string Source => text;

    /// <summary>Whether a mark that parts clauses stands between two tokens, before <paramref name="to"/>.</summary>
    internal bool MarkBetween(int from, int to)
    {
        for (var i = from + 1; i <= to && i < Tokens.Count; i++)
            if (Tokens[i].Mark is ',' or '،' or ';' or '؛' or ':' or '(' or ')' or '–' or '—' or '.') return true;
        return false;
    }

    void FindPartners()
    {
        var mentions = Beginning("partner.").OrderBy(f => f.Start).ThenByDescending(f => f.End).ToList();
        var not = Found.Where(f => f.Key is "notpartner").ToList();
        var occasions = Found.Where(f => f.Key is "occasion").ToList();
        var until = 0;
        foreach (var f in mentions)
        {
            if (f.Start < until) continue;
            until = f.End;
            if (occasions.Exists(o => o.Start <= f.Start && f.End <= o.End)) continue;
            if (not.Exists(n => n.End <= f.Start && f.Start - n.End <= 2 && !MarkBetween(n.End - 1, f.Start))) continue;
            var first = Tokens[f.Start];
            var adjective = !first.IsArabic && !first.IsCapital;
            var before = f.Start > 0 ? Tokens[f.Start - 1] : null;
            var beforeThat = f.Start > 1 ? Tokens[f.Start - 2] : null;
            var place = !adjective && (before?.Folded is "en" or "au" or "aux" or "in" or "to" or "a"
                || (before?.Folded is "le" or "la" or "les" or "l" or "the"
                    && beforeThat?.Folded is "vers" or "dans" or "in" or "a" or "to")
                || IsArabicPlace(f.Name, first));
            Partners.Add(new(f.Name, f.Start, f.End, adjective, place));
        }
    }

    // ب is written on to the name, unless the name begins with it.
    static bool IsArabicPlace(string code, Token first)
    {
        if (!first.IsArabic || first.Folded[0] != 'ب') return false;
        IEnumerable<string> names = Countries.All.TryGetValue(code, out var label) ? [label.Ar, .. PartnerCodes.Aliases(code)] : [];
        return !names.Any(n => n.StartsWith('ب') || n.StartsWith("الب", StringComparison.Ordinal));
    }

    void FindHome()
    {
        foreach (var f in Beginning("home.").Where(f => !f.Is("home.host")).OrderBy(f => f.Start).ThenByDescending(f => f.End))
        {
            if (Home.Exists(h => h.Start <= f.Start && f.End <= h.End)) continue;
            if (!IsForeign(f)) Home.Add(f);
        }
    }

    // "La Sûreté nationale sénégalaise": offices of several countries have the same names.
    bool IsForeign(Found f)
    {
        foreach (var p in Foreign)
        {
            if (p.Start >= f.Start && p.End <= f.End) return true;
            if (p.Start < f.End || p.Start - f.End > 3 || MarkBetween(f.End - 1, p.Start)) continue;
            var between = Tokens[f.End..p.Start];
            if (between.All(t => t.IsSmall && t.Folded is not ("et" or "and" or "a" or "avec" or "و" or "مع") && !t.Folded.StartsWith('و'))
                && !(Tokens[p.Start].IsArabic && Tokens[p.Start].Folded[0] is 'و')) return true;
        }
        return false;
    }

    /// <summary>"Le Maroc et l'Espagne ont tenu …", "la réunion tenue entre le Maroc et l'Espagne": the countries themselves meet.</summary>
    internal bool IsBetweenHomeAndPartner(Found meeting)
    {
        foreach (var home in Partners.Where(p => p is { Code: HomeCode, IsPlace: false }))
            foreach (var other in Foreign.Where(p => !p.IsPlace))
            {
                var (one, two) = home.Start < other.Start ? (home, other) : (other, home);
                if (two.Start - one.End > MostBetween || !AreJoined(one, two)) continue;
                if (one.Start < meeting.End) return true;
                var from = Tokens.FindIndex(meeting.End, t => t.Folded is "entre" or "between" or "بين");
                if (from >= 0 && from < one.Start && one.Start - from <= MostBetween && from - meeting.End <= MostBetween) return true;
            }
        return false;
    }

    const int MostBetween = 4;

    bool AreJoined(PartnerMention one, PartnerMention two) =>
        Tokens[one.End..(two.Start + 1)].Exists(t => t.Folded is "et" or "and" or "و" || (t.IsArabic && t.Folded[0] == 'و'))
        || (two.Start == one.End && Tokens[two.Start].Mark is '-' or '–');

    /// <summary>Of overlapping finds of one kind the longest, in order.</summary>
    internal static List<Found> Longest(IEnumerable<Found> found)
    {
        var (kept, until) = (new List<Found>(), 0);
        foreach (var f in found.OrderBy(f => f.Start).ThenByDescending(f => f.End))
            if (f.Start >= until)
            {
                kept.Add(f);
                until = f.End;
            }
        return kept;
    }
}
