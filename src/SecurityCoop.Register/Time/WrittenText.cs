using System.Globalization;
using System.Text;

namespace SecurityCoop.Register.Time;

/// <summary>One sign of a written date: a number, a month's name, a word that joins two dates, …</summary>
/// <param name="Value">A number's or name's value; of two- and three-part numbers the first part.</param>
/// <param name="Digits">How many digits a number was written with.</param>
/// <param name="Marked">Of a number: after an apostrophe ('26). Of a date in numbers: joined by hyphens. Of a month: named in French or
/// Arabic.</param>
readonly record struct Sign(SignKind Kind, int Value = 0, int Digits = 0, bool Marked = false)
{
    /// <summary>The parts of a date in numbers.</summary>
    internal IReadOnlyList<(int Value, int Digits)>? Parts { get; init; }
}

enum SignKind
{
    Number, Numeric, Month, HijriMonth, Weekday, Season, Hijri, Gregorian, SameDay, Approximate, Doubtful, From, Of, To, Between, And, Or,
        Dash, By, Before, After,
    Since, PartOf, Quarter, HalfYear, Fortnight, Decade, Relative, Last, Next, This, Undated, Filler, Comma, Unknown,
}

/// <summary>How a written date is cut into signs. Letters fold by a table of our own: the same on every machine, with no culture's
/// data.</summary>
static class WrittenText
{
    const int Longest = 200;

    /// <summary>Digits of every script as 0 to 9; marks of direction, soft hyphens and tatweel gone; every space a plain one; no space at
    /// the ends.</summary>
    internal static string Tidy(string text)
    {
        var tidy = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            var category = char.GetUnicodeCategory(c);
            if (category is UnicodeCategory.Format || c is 'ـ') continue;
            if (category is UnicodeCategory.DecimalDigitNumber) tidy.Append((char)('0' + CharUnicodeInfo.GetDecimalDigitValue(c)));
            else if (category is UnicodeCategory.SpaceSeparator or UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                tidy.Append(' ');
            else tidy.Append(c is '\u2010' or '\u2011' ? '-' : c);
        }
        return tidy.ToString().Trim(' ');
    }

    /// <summary>A word as the tables have it: small letters, no accents, no vowel signs, one alif, ya for alif maqsura, ha for ta marbuta,
    /// no lone hamza.</summary>
    internal static string Fold(string word)
    {
        var folded = new StringBuilder(word.Length);
        foreach (var c in word)
        {
            var small = char.ToLowerInvariant(c);
            if (char.GetUnicodeCategory(small) is UnicodeCategory.NonSpacingMark) continue;
            _ = small switch
            {
                'à' or 'â' or 'ä' or 'á' or 'ā' => folded.Append('a'), 'é' or 'è' or 'ê' or 'ë' or 'ᵉ' => folded.Append('e'),
                'î' or 'ï' or 'í' or 'ī' => folded.Append('i'), 'ô' or 'ö' => folded.Append('o'), 'ù' or 'û' or 'ü' or 'ū' =>
                    folded.Append('u'),
                'ç' => folded.Append('c'), 'œ' => folded.Append("oe"), 'ʳ' => folded.Append('r'), 'ʿ' or 'ʾ' or 'º' or 'ء' => folded,
                'أ' or 'إ' or 'آ' or 'ٱ' => folded.Append('ا'), 'ى' or 'ئ' or 'ی' => folded.Append('ي'), 'ؤ' => folded.Append('و'),
                'ة' => folded.Append('ه'), 'ک' => folded.Append('ك'), _ => folded.Append(small),
            };
        }
        return folded.ToString();
    }

    /// <summary>The signs of a tidy text; one unknown sign where it is too long to be a date.</summary>
    internal static List<Sign> Signs(string tidy)
    {
        if (tidy.Length > Longest) return [new(SignKind.Unknown)];
        var (pieces, signs) = (Cut(tidy), new List<Sign>());
        for (var i = 0; i < pieces.Count;)
        {
            if (pieces[i].IsNumber) i += Number(pieces, i, signs);
            else if (pieces[i].IsWord) i += Word(pieces, i, signs);
            else i += Mark(pieces, i, signs);
        }
        return signs;
    }

    /// <param name="Joined">Nothing, not even a space, stands between it and the piece before.</param>
    readonly record struct Piece(string Text, bool IsNumber, bool IsWord, bool Joined)
    {
        internal bool Is(string text) => Text == text;
        internal int Value => Text.Length <= 4 ? int.Parse(Text, CultureInfo.InvariantCulture) : -1;
    }

    static List<Piece> Cut(string tidy)
    {
        var pieces = new List<Piece>();
        for (var i = 0; i < tidy.Length;)
        {
            if (tidy[i] == ' ')
            {
                i++;
                continue;
            }
            var (start, joined) = (i, i > 0 && tidy[i - 1] != ' ');
            var digit = char.IsAsciiDigit(tidy[i]);
            if (digit || IsLetter(tidy[i]))
            {
                while (i < tidy.Length && (digit ? char.IsAsciiDigit(tidy[i]) : IsLetter(tidy[i]))) i++;
                var text = tidy[start..i];
                pieces.Add(new(digit ? text : Fold(text), digit, !digit, joined));
            }
            else pieces.Add(new(tidy[i++].ToString(), false, false, joined));
        }
        pieces.RemoveAll(p => p.Text.Length == 0);
        return pieces;
    }

    static bool IsLetter(char c) => char.IsLetter(c) || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark || c is 'º';

    // A number; or two or three of them that make a date: 27/01/2026, 27.1.26, 01/2026, 2026-01-27, 2026-01, 27/01.
    static int Number(List<Piece> pieces, int i, List<Sign> signs)
    {
        foreach (var count in (int[])[3, 2])
        {
            if (!Cluster(pieces, i, count)) continue;
            List<(int Value, int Digits)> parts = [.. Enumerable.Range(0, count).Select(n => pieces[i + 2 * n]).Select(p =>
                (p.Value, p.Text.Length))];
            if (count == 2 && !IsPair(pieces, i, parts)) break;
            signs.Add(new Sign(SignKind.Numeric, parts[0].Value, parts[0].Digits, pieces[i + 1].Is("-")) { Parts = parts });
            return 2 * count - 1;
        }
        var short_ = i > 0 && pieces[i - 1].Is("'") && (i < 2 || !pieces[i - 2].IsWord || !pieces[i - 1].Joined);
        signs.Add(new(SignKind.Number, pieces[i].Value, pieces[i].Text.Length, short_));
        return 1;
    }

    static bool Cluster(List<Piece> pieces, int i, int count)
    {
        if (i + 2 * count - 1 > pieces.Count || pieces[i + 1].Text is not ("/" or "-" or "." or "–")) return false;
        for (var n = 1; n < count; n++)
            if (!pieces[i + 2 * n].IsNumber || pieces[i + 2 * n - 1].Text != pieces[i + 1].Text
                || pieces[i + 2 * n].Text.Length > 4) return false;
        // Not the beginning of something longer.
        var end = i + 2 * count - 1;
        return pieces[i].Text.Length <= 4 && !(end + 1 < pieces.Count && pieces[end].Text == pieces[i + 1].Text
            && pieces[end + 1].IsNumber);
    }

    // Month and year, or day and month; "24-27" and "24/27 novembre" are ranges.
    static bool IsPair(List<Piece> pieces, int i, List<(int Value, int Digits)> parts)
    {
        var by = pieces[i + 1].Text;
        if (parts[0].Digits <= 2 && parts[1].Digits == 4) return by != "–";
        if (parts[0].Digits == 4 && parts[1].Digits == 2) return by == "-" && parts[1].Value is >= 1 and <= 12;
        if (parts[0].Digits > 2 || parts[1].Digits > 2 || by is "-" or "–") return false;
        return !(i + 3 < pieces.Count && pieces[i + 3].IsWord && WrittenWords.Longest([pieces[i + 3].Text], 0, out var next, out _)
            && next.Kind is SignKind.Month or SignKind.HijriMonth);
    }

    static int Word(List<Piece> pieces, int i, List<Sign> signs)
    {
        var afterNumber = i > 0 && pieces[i - 1].IsNumber && pieces[i].Joined && signs.Count > 0 && signs[^1].Kind == SignKind.Number;
        if (afterNumber && pieces[i].Text is "er" or "ere" or "re" or "e" or "eme" or "st" or "nd" or "rd" or "th")
            return 1;
        if (afterNumber && pieces[i].Is("h") && signs[^1].Digits <= 2)
        {
            signs.Add(new(SignKind.Unknown)); // An hour: a date here has none.
            return 1;
        }
        if (afterNumber && pieces[i].Is("s"))
        {
            signs.Add(new(SignKind.Decade));
            return 1;
        }
        // Words of one phrase may be joined by a hyphen or an apostrophe, or abbreviated by a point.
        var (words, ends) = (new List<string>(), new List<int>());
        for (var at = i; at < pieces.Count && words.Count < WrittenWords.MostWords; at++)
        {
            if (pieces[at].IsWord)
            {
                words.Add(pieces[at].Text);
                ends.Add(at);
            }
            else if (!(pieces[at].Text is "-" or "'" or "’" or "ʼ" or "." && pieces[at].Joined)) break;
        }
        if (WrittenWords.Longest(words, 0, out var sign, out var length))
        {
            signs.Add(sign);
            return ends[length - 1] - i + 1;
        }
        // Arabic writes "and", "for" and "in" on to the next word.
        if (pieces[i].Text is [var clitic and ('و' or 'ل' or 'ب' or 'ف'), ..] && pieces[i].Text.Length > 3)
        {
            words[0] = words[0][1..];
            if (WrittenWords.Longest(words, 0, out sign, out length))
            {
                if (clitic == 'و') signs.Add(new(SignKind.And));
                signs.Add(sign);
                return ends[length - 1] - i + 1;
            }
        }
        signs.Add(new(SignKind.Unknown));
        return 1;
    }

    static int Mark(List<Piece> pieces, int i, List<Sign> signs)
    {
        signs.Add(pieces[i].Text switch
        {
            "-" or "–" or "—" or "‒" or "―" or "−" or "/" => new(SignKind.Dash),
            "," or "،" or ";" or "؛" => new(SignKind.Comma),
            "?" or "؟" => new(SignKind.Doubtful),
            "~" or "≈" => new(SignKind.Approximate),
            "&" => new(SignKind.And),
            "(" => new(SignKind.SameDay),
            "." or "'" or "’" or "ʼ" or ")" or "\"" or "«" or "»" or "“" or "”" or ":" or "…" => new(SignKind.Filler),
            _ => new(SignKind.Unknown),
        });
        return 1;
    }
}
