using System.Globalization;
using System.Text;

namespace SecurityCoop.Web.Search;

/// <summary>How the letters of a word are read, in either script: the consonants and vowels of a <see cref="NameSound"/>.</summary>
internal static class NameLetters
{
    // French, English and German habits for one sound; the longest first.
    static readonly (string Letters, char Sound)[] together =
    [
        ("sch", '$'), ("tch", '$'), ("tsh", '$'), ("ch", 'c'), ("sh", '$'), ("kh", 'x'), ("gh", 'G'), ("dj", 'j'), ("dh", 'D'), ("th", 'T'),
        ("ph", 'f'), ("ck", 'k'),
    ];

    // The letters of a passport's machine-readable zone, by ICAO Doc 9303 part 3, section 6, table of Arabic. The first of them stand in
    // no Latin name.
    static readonly (string Latin, char Arabic)[] passport =
    [
        ("xth", 'ث'), ("xkh", 'خ'), ("xdh", 'ذ'), ("xsh", 'ش'), ("xss", 'ص'), ("xdz", 'ض'), ("xtt", 'ط'), ("xzz", 'ظ'), ("xh", 'ح'),
        ("xta", 'ة'), ("xah", 'ة'), ("xay", 'ى'), ("xaa", 'آ'), ("xae", 'أ'), ("xi", 'ئ'), ("xe", 'ء'), ("xg", 'گ'), ("a", 'ا'), ("i", 'إ'),
        ("u", 'ؤ'), ("b", 'ب'), ("t", 'ت'), ("j", 'ج'), ("d", 'د'), ("r", 'ر'), ("z", 'ز'), ("s", 'س'), ("e", 'ع'), ("g", 'غ'), ("f", 'ف'),
        ("q", 'ق'), ("k", 'ك'), ("l", 'ل'), ("m", 'م'), ("n", 'ن'), ("h", 'ه'), ("w", 'و'), ("y", 'ي'), ("p", 'پ'), ("v", 'ڤ'),
    ];

    const int Marks = 14;

    /// <summary>
    /// The Arabic letters of a passport's zone, where one of the words has its marks and all can be read so; otherwise null.
    /// </summary>
    public static IReadOnlyList<string>? FromPassport(IReadOnlyList<string> words)
    {
        if (!words.Any(IsMarked)) return null;
        var read = words.Select(FromPassport).OfType<string>().ToList();
        return read.Count == words.Count ? read : null;
    }

    // By a mark, or because no vowel is written.
    static bool IsMarked(string word) =>
        (word.Contains('x', StringComparison.Ordinal) && passport.Take(Marks).Any(p => word.Contains(p.Latin, StringComparison.Ordinal)))
        || (word.Length > 2 && word.All(c => c is >= 'b' and <= 'z' and not ('e' or 'i' or 'o' or 'u' or 'y')));

    /// <summary>The same of one word; null where it has a letter that a passport's zone does not use.</summary>
    public static string? FromPassport(string word)
    {
        var letters = new StringBuilder(word.Length);
        for (var i = 0; i < word.Length;)
        {
            var found = Array.Find(passport, p => string.CompareOrdinal(word, i, p.Latin, 0, p.Latin.Length) == 0);
            if (found.Latin is null) return null;
            letters.Append(found.Arabic);
            i += found.Latin.Length;
        }
        return letters.ToString();
    }

    /// <summary>
    /// An Arabic word's letters as they were written: without vowel signs and tatweel, but, otherwise than folded ones, with ة, ى and گ
    /// told from ه, ي and ك.
    /// </summary>
    public static string Arabic(string written)
    {
        var letters = new StringBuilder(written.Length);
        foreach (var c in written.Normalize(NormalizationForm.FormKC))
            if (c != 'ـ' && CharUnicodeInfo.GetUnicodeCategory(c) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.Format))
                letters.Append(c switch
                {
                    'ک' => 'ك', 'ی' => 'ي', 'ڥ' => 'ڤ',
                    'ڭ' or 'ݣ' or 'ڨ' or 'ڠ' => 'گ', // What the countries of the Maghreb each write for g.
                    'ە' or 'ھ' or 'ہ' => 'ه',
                    _ => c,
                });
        return letters.ToString();
    }

    /// <summary>A folded Latin word without ʿ and ʾ, which usual spellings leave out.</summary>
    public static string Latin(string folded) =>
        folded.Any(IsSign) ? string.Concat(folded.Where(c => !IsSign(c))) : folded;

    static bool IsSign(char c) => char.GetUnicodeCategory(c) == UnicodeCategory.ModifierLetter;

    /// <summary>The ways to say Arabic letters, an article among them taken for a part of the word.</summary>
    public static IEnumerable<NameSound> OfArabic(string letters)
    {
        var (consonants, vowels, run) = (new StringBuilder(), new List<string>(), new StringBuilder());
        for (var i = 0; i < letters.Length; i++)
        {
            var c = letters[i];
            var vowel = c switch
            {
                'أ' or 'آ' when i == 0 => '^',
                'ا' or 'إ' or 'ٱ' when i == 0 => '*',
                'ا' or 'أ' or 'إ' or 'آ' or 'ٱ' => 'A',
                'و' or 'ؤ' => 'U',
                'ي' => 'I',
                'ئ' => 'H',
                'ى' => 'Y',
                'ع' => 'E',
                'ة' => 'A',
                _ => '\0',
            };
            if (vowel != '\0') run.Append(vowel);
            else if (c != 'ء')
            {
                var isTch = c == 'ت' && i + 1 < letters.Length && letters[i + 1] == 'ش'; // تشودري
                Next(isTch ? 'چ' : c);
                if (isTch) i++;
            }
        }
        return Ways(consonants, vowels, run, 'ه', isArabic: true);

        void Next(char c)
        {
            consonants.Append(c);
            vowels.Add(Once(run.ToString()));
            run.Clear();
        }
    }

    /// <summary>
    /// The ways to say Latin letters: th as in Othman and as in Fathi, w as in Wali and as in Wern, an h that ends or is left out.
    /// </summary>
    public static IEnumerable<NameSound> OfLatin(string folded)
    {
        var hasH = together.Any(t => t.Letters[^1] == 'h' && folded.Contains(t.Letters, StringComparison.Ordinal));
        bool[] parted = hasH ? [false, true] : [false];
        bool[] asV = folded.Contains('w', StringComparison.Ordinal) ? [false, true] : [false];
        return parted.SelectMany(p => asV.SelectMany(v => OfLatin(folded, p, v).Select(s => p ? s with { Doubt = 0.15 } : s)));
    }

    static bool IsVowel(char c) => c is 'a' or 'e' or 'i' or 'o' or 'u' or 'y';

    static IEnumerable<NameSound> OfLatin(string word, bool parted, bool asV)
    {
        var (consonants, vowels, run) = (new StringBuilder(), new List<string>(), new StringBuilder());
        for (var i = 0; i < word.Length; i++)
        {
            var (c, next, softens) = (word[i], After(i), After(i + 1) is 'e' or 'i');
            var found = Array.Find(together, t => string.CompareOrdinal(word, i, t.Letters, 0, t.Letters.Length) == 0);
            if (found.Letters is not null && !(parted && found.Letters[^1] == 'h'))
            {
                Next(found.Sound);
                i += found.Letters.Length - 1;
                continue;
            }
            // Guellouz, Miguel; and of ee the second e.
            if ((c is 'g' or 'q' && next == 'u' && softens) || (c == 'e' && next == 'e')) i++;
            switch (c)
            {
                case 'e' when next == 'e': run.Append('i'); break;
                case 'j' when i > 0 && word[i - 1] == 'i' && !IsVowel(next): run.Append('i'); break; // Bostijn, and not Khadija.
                case 'a' or 'e' or 'i': run.Append(c); break;
                case 'y': run.Append('i'); break;
                case 'o' or 'u': run.Append('u'); break;
                case 'w' when !asV: run.Append('u'); break;
                case 'w': Next('v'); break;
                case 'q' when next == 'u' && softens: Next('k'); break;
                case 'c': Next(next is 'e' or 'i' or 'y' ? 's' : 'k'); break;
                case 'x':
                    Next('k');
                    Next('s');
                    break;
                default: Next(c); break;
            }
        }
        return Ways(consonants, vowels, run, 'h', isArabic: false);

        char After(int i) => i + 1 < word.Length ? word[i + 1] : '\0';

        void Next(char c)
        {
            if (consonants.Length > 0 && consonants[^1] == c && run.Length == 0) return; // Doubled.
            consonants.Append(c);
            vowels.Add(Spoken(run));
            run.Clear();
        }
    }

    // With a last h, and where only vowels stand before it also without: Fatimah, Salah.
    static IEnumerable<NameSound> Ways(StringBuilder consonants, List<string> vowels, StringBuilder run, char h, bool isArabic)
    {
        var ending = isArabic ? Once(run.ToString()) : Spoken(run);
        yield return new(consonants.ToString(), [.. vowels, ending], isArabic);
        if (consonants.Length < 2 || consonants[^1] != h || ending.Length > 0) yield break;
        // A ه that ends may be a ة.
        ending = isArabic && !vowels[^1].EndsWith('A') ? $"{vowels[^1]}A" : vowels[^1];
        yield return new(consonants.ToString(0, consonants.Length - 1), [.. vowels[..^1], ending], isArabic);
    }

    // Beside an i, an e is only how that is written: Hussein, Boumediene.
    static string Spoken(StringBuilder run)
    {
        var vowels = run.ToString();
        return Once(vowels.Contains('i', StringComparison.Ordinal) ? vowels.Replace("e", "", StringComparison.Ordinal) : vowels);
    }

    /// <summary>A run of vowels, each that is repeated counted once.</summary>
    public static string Once(string run)
    {
        var repeated = false;
        for (var i = 1; i < run.Length; i++) repeated |= run[i] == run[i - 1];
        return repeated ? string.Concat(run.Where((c, i) => i == 0 || c != run[i - 1])) : run;
    }
}
