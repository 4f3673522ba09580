namespace SecurityCoop.Benchmarks.Names;

/// <summary>Who writes a name, and so by which table.</summary>
public enum Writer { Arabic, Passport, Bgn, French, English }

/// <summary>A consonant of a vocalised spelling with the vowel after it: a, i, u, long A, I, U, or none.</summary>
internal readonly record struct Syllable(char Letter, bool Doubled, char Vowel);

/// <summary>A word of a name as it is vocalised, without its article.</summary>
internal sealed record VocalisedWord(bool HasArticle, string Letters, Syllable[] Syllables)
{
    private const string Signs = "\u064B\u064C\u064D\u064E\u064F\u0650\u0651\u0652";

    public static string Bare(string vocalised) => string.Concat(vocalised.Where(c => !Signs.Contains(c, StringComparison.Ordinal)));

    /// <param name="linked">Whether a word of the same name follows: the ending that links them is not heard in a name.</param>
    public static VocalisedWord Of(string vocalised, bool linked)
    {
        var bare = Bare(vocalised);
        var hasArticle = bare.Length > 3 && bare.StartsWith("ال", StringComparison.Ordinal);
        if (bare == "الله") return new(false, bare, [new('ء', false, 'a'), new('ل', true, 'A'), new('ه', false, '\0')]);
        var syllables = new List<Syllable>();
        var begun = hasArticle ? vocalised.IndexOf('ل', StringComparison.Ordinal) + 1 : 0;
        while (begun > 0 && Signs.Contains(vocalised[begun], StringComparison.Ordinal)) begun++;
        for (var i = begun; i < vocalised.Length;)
        {
            var letter = vocalised[i++];
            var (doubled, vowel, still) = (false, '\0', false);
            for (; i < vocalised.Length && Signs.Contains(vocalised[i], StringComparison.Ordinal); i++)
                if (vocalised[i] == '\u0651') doubled = true;
                else if (vocalised[i] == '\u0652') still = true;
                else vowel = vocalised[i] switch { '\u064E' => 'a', '\u0650' => 'i', '\u064F' => 'u', _ => vowel };
            var before = syllables.Count > 0 ? syllables[^1].Vowel : '\0';
            if (vowel == '\0' && !still && (letter, before) is ('ا' or 'ى', 'a') or ('ي', 'i') or ('و', 'u'))
                // With shadda it is the ending of a family's name.
                syllables[^1] = syllables[^1] with { Vowel = char.ToUpperInvariant(before) };
            else syllables.Add(new(letter is 'أ' or 'إ' or 'ئ' or 'ؤ' or 'ا' ? 'ء' : letter, doubled, vowel));
        }
        if (hasArticle) syllables[0] = syllables[0] with { Doubled = false }; // The article's own l, said as that letter.
        if (linked && syllables[^1].Vowel is 'u' or 'i') syllables[^1] = syllables[^1] with { Vowel = '\0' };
        return new(hasArticle, hasArticle ? bare[2..] : bare, [.. syllables]);
    }
}

/// <summary>
/// Writes Arabic names, given by their vocalised spelling, as others would: by the table of Arabic in ICAO Doc 9303 part 3, section 6
/// (machine-readable zones), by BGN/PCGN 1956, by the French usage of the Maghreb, and as the English press does. It holds the tables as
/// data and knows nothing of how names are matched.
/// </summary>
internal sealed class Romanisation(Random random)
{
    private const string Sun = "تثدذرزسشصضطظلن";

    // Letter: ICAO, BGN/PCGN with its marks, French usage, English usage. What stands earlier is more usual.
    private static readonly Dictionary<char, (string Icao, string Bgn, string[] French, string[] English)> table = new()
    {
['ء'] = ("XE", "’", [""], [""]), ['ب'] = ("B", "b", ["b"], ["b"]), ['ت'] = ("T", "t", ["t"], ["t"]),
        ['ث'] = ("XTH", "th", ["t", "th"], ["th"]), ['ج'] = ("J", "j", ["j", "dj"], ["j"]), ['ح'] = ("XH", "ḩ", ["h"], ["h"]),
        ['خ'] = ("XKH", "kh", ["kh"], ["kh"]), ['د'] = ("D", "d", ["d"], ["d"]), ['ذ'] = ("XDH", "dh", ["d", "dh"], ["dh", "d"]),
        ['ر'] = ("R", "r", ["r"], ["r"]), ['ز'] = ("Z", "z", ["z"], ["z"]), ['س'] = ("S", "s", ["s"], ["s"]),
        ['ش'] = ("XSH", "sh", ["ch"], ["sh"]), ['ص'] = ("XSS", "ş", ["s"], ["s"]), ['ض'] = ("XDZ", "ḑ", ["d", "dh"], ["d", "dh"]),
        ['ط'] = ("XTT", "ţ", ["t"], ["t"]), ['ظ'] = ("XZZ", "z̧", ["d", "dh", "z"], ["z", "dh"]), ['ع'] = ("E", "‘", [""], [""]),
        ['غ'] = ("G", "gh", ["gh"], ["gh"]), ['ف'] = ("F", "f", ["f"], ["f"]), ['ق'] = ("Q", "q", ["k", "q"], ["q", "k"]),
        ['ك'] = ("K", "k", ["k"], ["k"]), ['گ'] = ("XG", "g", ["g"], ["g"]), ['ل'] = ("L", "l", ["l"], ["l"]),
        ['م'] = ("M", "m", ["m"], ["m"]), ['ن'] = ("N", "n", ["n"], ["n"]), ['ه'] = ("H", "h", ["h"], ["h"]),
        ['ة'] = ("XTA", "h", [""], ["", "h"]), ['و'] = ("W", "w", ["ou", "w"], ["w"]), ['ي'] = ("Y", "y", ["y"], ["y"]),
    };

    // Only in passports: letters that are no consonants of their own.
    private static readonly Dictionary<char, string> passportOnly =
        new() { ['ا'] = "A", ['أ'] = "XAE", ['إ'] = "I", ['آ'] = "XAA", ['ؤ'] = "U", ['ئ'] = "XI", ['ى'] = "XAY" };

    public string Write(string vocalised, Writer writer)
    {
        var words = vocalised.Split(' ');
        if (writer == Writer.Arabic) return Arabic(VocalisedWord.Bare(vocalised));
        if (writer == Writer.Passport)
            return string.Concat(
                VocalisedWord.Bare(vocalised).Select(c => c == ' ' ? " " : passportOnly.GetValueOrDefault(c) ?? table[c].Icao));
        VocalisedWord[] parts = [.. words.Select((w, i) => VocalisedWord.Of(w, i + 1 < words.Length))];
        // Marks are written by those who follow the table, and left out by those who type.
        if (writer == Writer.Bgn && random.Next(2) == 0) return Unmarked(Compound(parts, writer));
        return Compound(parts, writer);
    }

    /// <summary>By BGN/PCGN 1956 without its marks.</summary>
    public string Typed(string vocalised) => Unmarked(string.Join(' ', vocalised.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(w => VocalisedWord.Of(w, linked: false)).Select(w => Letters(w, Writer.Bgn))));

    public string TypedArabic(string vocalised) => VocalisedWord.Bare(vocalised).Replace('أ', 'ا').Replace('إ', 'ا').Replace('ى', 'ي');

    // Arabic as it is typed: hamza and the dots of ة left out by some, servant-of and of-the-religion written together by some, g in the
    // letters that the Maghreb has for it.
    private string Arabic(string bare)
    {
        if (random.Next(4) == 0) bare = bare.Replace('أ', 'ا').Replace('إ', 'ا');
        if (random.Next(6) == 0) bare = bare.Replace('ة', 'ه');
        if (random.Next(4) == 0)
            bare = bare.Replace("عبد ال", "عبدال", StringComparison.Ordinal).Replace(" الدين", "الدين", StringComparison.Ordinal);
        if (random.Next(5) == 0 && bare.StartsWith("بن ", StringComparison.Ordinal)) bare = "بن" + bare[3..];
        return bare.Replace('گ', "گڭكق"[random.Next(4)]);
    }

    private static string Unmarked(string text) => string.Concat(text.Normalize(System.Text.NormalizationForm.FormD)
        .Where(c => c is not ('‘' or '’') && char.GetUnicodeCategory(c) != System.Globalization.UnicodeCategory.NonSpacingMark));

    private string Compound(VocalisedWord[] parts, Writer writer)
    {
        string[] said = [.. parts.Select(p => Letters(p, writer))];
        if (parts.Length == 1) return Articled(parts[0], said[0], writer);
        var (first, second) = (parts[0].Letters, said[1]);
        if (first == "عبد")
        {
            if (parts[1].Letters == "الله")
                return Of(writer, ["‘Abd Allāh"], ["Abdellah", "Abdallah"], ["Abdullah", "Abdallah"]);
            var sun = Sun.Contains(parts[1].Syllables[0].Letter, StringComparison.Ordinal);
            var doubled = sun ? $"Abde{Begin(second)}{second}" : $"Abdel{second}";
            return Of(writer, [$"‘Abd {Article(parts[1], second, 'a')}-{Capital(second)}"],
                [doubled, doubled, $"Abdel {Capital(second)}", $"Abd {(sun ? $"e{Begin(second)}" : "el")}-{Capital(second)}"],
                [$"Abdul {Capital(second)}", $"Abdel {Capital(second)}", $"Abdul{second}",
                    $"Abd {Article(parts[1], second, 'a')}-{Capital(second)}"]);
        }
        if (parts[1].Letters == "دين")
            return Of(writer, [$"{Capital(said[0])} {Article(parts[1], second, 'a')}-{Capital(second)}"],
                [$"{Capital(said[0])}eddine", $"{Capital(said[0])} Eddine", $"{Capital(said[0])}-Eddine"],
                [$"{Capital(said[0])} al-Din", $"{Capital(said[0])}uddin", $"{Capital(said[0])} ad-Din", $"{Capital(said[0])}eddin"]);
        if (parts[1].Letters == "الله")
            return Of(writer, [$"{Capital(said[0])} Allāh"], [$"{Capital(said[0])}allah"], [$"{Capital(said[0])}allah"]);
        second = parts.Length > 2 ? Compound(parts[1..], writer) : Articled(parts[1], second, writer);
        return first switch
        {
            "بن" => Of(writer, [$"Bin {second}"], [$"Ben{second.ToLowerInvariant()}", $"Ben {second}"],
                [$"Bin {second}", $"Ben {second}", $"Ibn {second}"]),
            "أبو" => Of(writer, [$"Abū {second}"], [$"Abou {second}", $"Bou {second}", $"Abou{second.ToLowerInvariant()}"],
                [$"Abu {second}"]),
            "ولد" => Of(writer, [$"Wuld {second}"], [$"Ould {second}"], [$"Ould {second}"]),
            _ => $"{Capital(said[0])} {second}",
        };
    }

    private string Of(Writer writer, string[] bgn, string[] french, string[] english) =>
        random.GetItems(writer switch { Writer.Bgn => bgn, Writer.French => french, _ => english }, 1)[0];

    private string Articled(VocalisedWord word, string said, Writer writer)
    {
        if (!word.HasArticle) return Capital(said);
        var (own, sun) = (Capital(said), Sun.Contains(word.Syllables[0].Letter, StringComparison.Ordinal));
        return Of(writer, [$"{Capital(Article(word, said, 'a'))}-{own}"],
            [$"El {own}", $"El {own}", own, own, $"El{said}", sun ? $"E{Begin(said)}-{own}" : $"El-{own}"],
            [$"al-{own}", $"Al {own}", $"El {own}", own]);
    }

    private static string Article(VocalisedWord word, string said, char vowel) =>
        Sun.Contains(word.Syllables[0].Letter, StringComparison.Ordinal) ? $"{vowel}{Begin(said)}" : $"{vowel}l";

    // The letters of the first consonant: sh of Shams.
    private static string Begin(string said) => said.Length > 1 && said[1] == 'h' ? said[..2] : said[..1];

    private string Letters(VocalisedWord word, Writer writer)
    {
        var text = new System.Text.StringBuilder();
        var habit = random.Next(100);
        for (var i = 0; i < word.Syllables.Length; i++)
        {
            var (letter, doubled, vowel) = word.Syllables[i];
            var own = Consonant(word.Syllables, i, writer, habit);
            text.Append(own);
            if (doubled && own.Length > 0 && (writer == Writer.Bgn || (own.Length == 1 && habit % 3 > 0))) text.Append(own);
            if (writer == Writer.French && habit % 5 == 0 && i == 0 && IsDropped(word.Syllables)) continue;
            if (writer == Writer.French && letter == 'گ' && vowel == 'a') text.Append('e');
            else text.Append(Vowel(vowel, writer, habit, word.Syllables, i));
            // Yassine
            if (writer == Writer.French && i > 0 && i == word.Syllables.Length - 1 && letter == 'ن' && vowel == '\0'
                && word.Syllables[i - 1].Vowel is 'A' or 'I' && habit % 2 == 0) text.Append('e');
        }
        return text.ToString();
    }

    private static string Consonant(Syllable[] word, int i, Writer writer, int habit)
    {
        var (letter, doubled, vowel) = word[i];
        if (writer == Writer.Bgn) return i == 0 && letter == 'ء' ? "" : table[letter].Bgn;
        var (before, isFrench) = (i > 0 ? word[i - 1].Vowel : '\0', writer == Writer.French);
        var choices = isFrench ? table[letter].French : table[letter].English;
        return letter switch
        {
            // A diphthong.
            'ي' when vowel == '\0' && !doubled && i > 0 =>
                isFrench ? i == word.Length - 1 || habit % 3 == 0 ? "y" : "i" : habit % 2 == 0 ? "i" : "y",
            'و' when vowel == '\0' && !doubled && i > 0 => isFrench ? habit % 2 == 0 ? "ou" : "w" : habit % 3 == 0 ? "u" : "w",
            'ع' when vowel == '\0' && before == 'a' && habit % 2 == 0 => "a", // Saad
            'س' when isFrench && before != '\0' && vowel != '\0' && habit % 3 > 0 => "ss",
            'گ' when isFrench && vowel is 'a' or 'i' or 'I' => "gu",
            _ => choices[habit % choices.Length],
        };
    }

    // Krim, Slimane: a first short vowel before a long one.
    private static bool IsDropped(Syllable[] word) =>
        word is [{ Vowel: 'a' or 'i' or 'u' } first, { Doubled: false, Vowel: 'A' or 'I' or 'U' } second, ..]
        && !"ءعيو".Contains(first.Letter, StringComparison.Ordinal) && !"ءعيو".Contains(second.Letter, StringComparison.Ordinal);

    // Short vowels before a last consonant are the least stable; a is e in French usage beside letters that are not emphatic.
    private static string Vowel(char vowel, Writer writer, int habit, Syllable[] word, int i)
    {
        var closing = i == word.Length - 2 && word[^1].Vowel == '\0' && word[^1].Letter != 'ة';
        var soft = !"صضطظقغخحعرء".Contains(word[i].Letter, StringComparison.Ordinal)
            && (i + 1 >= word.Length || !"صضطظقغخحعءيوة".Contains(word[i + 1].Letter, StringComparison.Ordinal));
        return (writer, vowel) switch
        {
            (_, '\0') => "",
            (Writer.Bgn, 'A') => "ā", (Writer.Bgn, 'I') => "ī", (Writer.Bgn, 'U') => "ū", (Writer.Bgn, _) => $"{vowel}",
            (Writer.French, 'a') => soft && habit % 3 == 0 ? "e" : "a",
            (Writer.French, 'A') => soft && closing && habit % 4 == 0 ? "e" : "a",
            (Writer.French, 'i') => closing && habit % 4 == 1 ? "e" : "i",
            (Writer.French, 'I') => "i",
            (Writer.French, 'u') => habit % 3 == 0 ? "o" : "ou",
            (Writer.French, _) => "ou",
            (_, 'a') or (_, 'A') => "a",
            (_, 'i') => closing && habit % 4 == 0 ? "e" : "i",
            (_, 'I') => i > 0 && i < word.Length - 1 && habit % 4 == 0 ? "ee" : "i",
            (_, 'u') => habit % 4 == 0 ? "o" : "u",
            (_, _) => habit % 3 == 0 ? "ou" : habit % 7 == 1 ? "oo" : "u",
        };
    }

    private static string Capital(string word)
    {
        var at = word.TakeWhile(c => !char.IsLetter(c)).Count();
        return at == word.Length ? word : $"{word[..at]}{char.ToUpperInvariant(word[at])}{word[(at + 1)..]}";
    }
}
