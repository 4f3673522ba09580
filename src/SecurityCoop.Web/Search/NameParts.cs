namespace SecurityCoop.Web.Search;

/// <summary>A word of a name: as it is compared by its letters, and as it is read.</summary>
/// <param name="Letters">Folded Latin ones; Arabic ones as they were written.</param>
/// <param name="IsContinued">Whether only an apostrophe stands between it and the next (Sa‘id).</param>
/// <param name="HasArticle">Whether an article stood before it as a word of its own.</param>
internal sealed record NameWord(string Folded, string Letters, bool IsArabic, bool HasArticle, bool IsContinued = false);

/// <summary>
/// What Arabic names are made of, and how a word with such a part may be read: the article, which is written or left out, joined or apart,
/// and changes its l (Errachidi); servant of (Abdelkrim, Abd al-Karim, عبد الكريم); of the religion (Noureddine, Nur al-Din); son of and
/// father of (Ben, Bin, Ibn; Bou, Abu).
/// </summary>
internal static class NameParts
{
    const int Most = 24;

    static readonly HashSet<string> servants =
        ["abd", "ebd", "abde", "abdel", "abdul", "abdal", "abdol", "abdil", "abdou", "abdoul", "abdu", "عبد"];

    static readonly HashSet<string> sonOf = ["ibn", "bin", "ben", "bel", "bnou", "bnu", "bn", "بن", "ابن", "إبن", "أبن"];
    static readonly HashSet<string> fatherOf = ["bou", "bu", "bo", "boo", "abou", "abu", "abo", "aboo", "بو", "ابو", "أبو", "ابي", "أبي"];

    static readonly NameSound servant = new("@", ["", ""], false);
    static readonly NameSound[] son = [new("bn", ["", "?", ""], false)];
    static readonly NameSound[] father = [new("b", ["", "u"], false)], fatherArabic = [new("ب", ["", "U"], true)];
    static readonly NameSound[] religion = [new("dn", ["?", "i", ""], false)], religionArabic = [new("دن", ["?", "I", ""], true)];

    /// <summary>Whether it begins a name that the next word ends.</summary>
    public static bool IsServant(NameWord word) => ServantOf(word) is not null;

    // Also a son of one: بنعبد الله.
    static NameSound? ServantOf(NameWord word) =>
        servants.Contains(word.Letters) ? servant
        : (word.Letters.StartsWith("بن", StringComparison.Ordinal) && servants.Contains(word.Letters[2..]))
            || (word.Letters.StartsWith("ben", StringComparison.Ordinal) && servants.Contains(word.Letters[3..])) ? son[0].Then(servant)
        : null;

    /// <summary>Every way to say a word by itself.</summary>
    public static IReadOnlyList<NameSound> Sounds(NameWord word) => [.. Ways(word).DistinctBy(Key).Take(Most)];

    /// <summary>Every way to say words that stand beside each other as one.</summary>
    public static IReadOnlyList<NameSound> Joined(IReadOnlyList<NameWord> words, IReadOnlyList<IReadOnlyList<NameSound>> sounds)
    {
        if (words.Any(w => w.IsArabic != words[0].IsArabic)) return [];
        // A whole name and another are two: only the last may be servant of somebody, and three are one only so (Ben Abd el-Krim).
        for (var i = 0; i < words.Count - 1; i++)
            if (IsServant(words[i]) ? i != words.Count - 2 : sounds[i].Any(s => s.IsServantOf)) return [];
        if (words.Count > 2 && !IsServant(words[^2]) && !words.SkipLast(1).All(w => w.IsContinued)) return [];
        if (words.SkipLast(1).All(w => w.IsContinued))
            return Sounds(words[0] with { Letters = string.Concat(words.Select(w => w.Letters)) });
        IEnumerable<NameSound> said = sounds[^1];
        for (var i = words.Count - 2; i >= 0; i--)
        {
            var whose = ServantOf(words[i]);
            var first = whose is null ? sounds[i] : [whose];
            if (whose is not null) said = said.Where(s => !s.HoldsArticle);
            said = [.. said.SelectMany(after => first.Where(s => s.Consonants.Length > 0).Select(s => s.Then(after)))];
        }
        return [.. said.DistinctBy(Key).Take(Most)];
    }

    static string Key(NameSound s) => $"{s.Consonants}/{string.Join(',', s.Vowels)}";

    static IEnumerable<NameSound> Ways(NameWord word) =>
        sonOf.Contains(word.Letters) ? son
        : fatherOf.Contains(word.Letters) ? word.IsArabic ? fatherArabic : father
        : (word.IsArabic ? Arabic(word.Letters) : Latin(word.Letters, word.HasArticle).Concat(Passport(word.Letters)))
            .Where(s => s.Consonants.Length > 0);

    // xe and xi stand in other names, too (Alexis), and so may be read either way.
    static IEnumerable<NameSound> Passport(string word) =>
        word.Contains('x', StringComparison.Ordinal) && NameLetters.FromPassport(word) is { } letters ? Arabic(letters) : [];

    static IEnumerable<NameSound> Arabic(string letters)
    {
        if (letters is "الله" or "اللّه") return NameLetters.OfArabic("لاه");
        var bare = letters.Length > 3 && letters.StartsWith("ال", StringComparison.Ordinal) ? letters[2..] : letters;
        var ways = bare == letters ? [] : Bare(bare);
        // ال may begin the word itself (أليكس); and Larbi is العربي with its article's l.
        return ways.Concat(Bare(letters).Select(s => bare == letters ? s : s with { Doubt = s.Doubt + 0.1, HoldsArticle = true }));

        static IEnumerable<NameSound> Bare(string word)
        {
            if (word.Length > 5 && word.StartsWith("عبد", StringComparison.Ordinal))
                return Arabic(word[3..]).Where(s => !s.HoldsArticle).Select(servant.Then);
            if (word.Length > 6 && word.EndsWith("الدين", StringComparison.Ordinal)) return Then(Bare(word[..^5]), religionArabic);
            if (word.Length > 5 && word.EndsWith("الله", StringComparison.Ordinal))
                return Then(Bare(word[..^4]), NameLetters.OfArabic("لاه"));
            if (word.Length > 5 && word[0] is 'ا' or 'أ' && word.AsSpan(1).StartsWith("بو")) word = word[1..];
            if (word == "عمرو") word = "عمر"; // Its و is not said.
            var plain = NameLetters.OfArabic(word);
            if (word.EndsWith("اة", StringComparison.Ordinal)) plain = plain.Concat(NameLetters.OfArabic($"{word[..^1]}ت")); // Hayat
            return word.Length < 5 || !word.StartsWith("بل", StringComparison.Ordinal) ? plain
                : plain.Concat(Contracted(NameLetters.OfArabic(word[2..]), fatherArabic));
        }
    }

    static IEnumerable<NameSound> Latin(string word, bool hasArticle)
    {
        var length = ArticleLength(word);
        foreach (var way in Bare(word)) yield return way with { HoldsArticle = length > 0 };
        var doubt = word.Length > 5 ? 0.05 : 0.15;
        foreach (var way in length > 0 ? Bare(word[length..]) : []) yield return way with { Doubt = way.Doubt + doubt };
        if (hasArticle)
            foreach (var way in NameLetters.OfLatin("l" + word)) yield return way with { Doubt = 0.1, HoldsArticle = true };

        static IEnumerable<NameSound> Bare(string word)
        {
            if (word is "allah" or "ullah") return NameLetters.OfLatin("lah");
            var after = word.StartsWith("abd", StringComparison.Ordinal) || word.StartsWith("ebd", StringComparison.Ordinal) ? 3 : -1;
            if (after > 0 && Named(word[after..]) is { Count: > 0 } named) return named.SelectMany(n => Arabised(n)).Select(servant.Then);
            foreach (var prefix in (string[])["ben", "bin", "ibn", "bou", "bu"])
                if (word.StartsWith($"{prefix}abd", StringComparison.Ordinal) && Named(word[(prefix.Length + 3)..]) is { Count: > 0 } whose)
                    return Then(sonOf.Contains(prefix) ? son : father, whose.SelectMany(n => Arabised(n)).Select(servant.Then));
            if (Stem(word) is { } stem) return Then(NameLetters.OfLatin(stem), religion);
            if (word.Length > 5 && word[0] == 'a' && (word.AsSpan(1) is ['b', 'o', 'u', ..] or ['b', 'u', ..])) word = word[1..];
            var plain = NameLetters.OfLatin(word);
            return word.Length < 6 || !word.StartsWith("bel", StringComparison.Ordinal) ? plain
                : plain.Concat(Contracted(NameLetters.OfLatin(word[3..]), father));
        }

        static IEnumerable<NameSound> Arabised(string named) => NameLetters.OfLatin(named is "allah" or "llah" ? "lah" : named);
    }

    static IEnumerable<NameSound> Then(IEnumerable<NameSound> first, IEnumerable<NameSound> next) =>
        [.. first.Where(s => s.Consonants.Length > 0).SelectMany(s => next.Where(n => n.Consonants.Length > 0).Select(s.Then))];

    // Belhadj is Ben el Hadj, Belkacem also Abu al-Qasim.
    static IEnumerable<NameSound> Contracted(IEnumerable<NameSound> rest, NameSound[] father) =>
        Then(son, rest).Concat(Then(father, rest)).Select(s => s with { Doubt = s.Doubt + 0.1 });

    // An article that hangs on the word: Elghazaoui, Alghazawi, Lhoussaine, and before some letters Errachidi, Ettayeb, Echchebbi.
    static int ArticleLength(string word) =>
        word is "allah" or "ullah" ? 0
        : word.Length > 4 && word[0] == 'l' && !"aeiouylw".Contains(word[1], StringComparison.Ordinal) ? 1
        : word.Length < 5 || word[0] is not ('a' or 'e' or 'u') ? 0
        : word[1] == 'l' && (word.Length > 5 || !"aeiouyw".Contains(word[2], StringComparison.Ordinal)) ? 2
        : word.Length < 6 ? 0
        : word[1] == word[2] && "rsdtznlj".Contains(word[1], StringComparison.Ordinal) ? 2
        : word.Length > 6 && word[2] == 'h' && string.CompareOrdinal(word, 1, word, 3, 2) == 0 ? 3
        : 0;

    // Whose servant: what follows the article, which ends in l, in the letter that the name begins with, or is left out. An l may belong
    // to either (Abdelatif).
    static List<string> Named(string after)
    {
        var vowels = 0;
        while (vowels < after.Length && vowels < 2 && after[vowels] is 'a' or 'e' or 'o' or 'u' or 'i') vowels++;
        var rest = after[vowels..];
        if (rest.Length < 2 || rest[0] == 'h' && rest.Length < 3) return [];
        if (vowels == 0 || rest[0] != 'l') return [rest];
        return [.. ((string[])[rest[1..], rest]).Where(r => r.Length > 1)];
    }

    // Noureddine, Nuruddin, Nuraldin, Nourdine: the name before; null for another word.
    static string? Stem(string word)
    {
        var end = word.EndsWith('e') ? word.Length - 1 : word.Length;
        if (end < 6 || word[end - 1] != 'n') return null;
        var at = end - 1;
        while (at > 0 && word[at - 1] is 'i' or 'e') at--;
        if (at == end - 1 || at < 4) return null;
        var d = at;
        if (word[d - 1] == 'h') d--;
        if (word[d - 1] != 'd') return null;
        d--;
        if (word[d - 1] is 'd' or 'l') d--;
        while (d > 2 && word[d - 1] is 'a' or 'e' or 'i' or 'o' or 'u') d--;
        return d < 2 ? null : word[..d];
    }
}
