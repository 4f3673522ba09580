using System.Globalization;

namespace SecurityCoop.Web.Search;

/// <summary>
/// One way to say a word of a name, or several words that are one name: its consonants, and the vowels before each of them and after the
/// last. Consonants tell names apart; vowels are weaker evidence, since Arabic leaves short ones out and every Latin spelling has its own.
/// </summary>
/// <remarks>
/// Of Latin letters the consonants are T th, D dh, G gh, x kh, c ch, $ sh, and otherwise themselves; the vowels are a, e, i (also y, ee)
/// and u (also o, ou, w). Of Arabic ones the consonants are the letters; the vowels are those that are written: A, I, U, Y for ى, * for an
/// alif that begins (^ with a hamza above), E for ع, H for ئ. @ is "servant of", ? any vowel or none.
/// </remarks>
/// <param name="HoldsArticle">Whether an article is read as the word's own beginning.</param>
/// <param name="Doubt">What this way of reading costs by itself, as a comparison counts it.</param>
internal sealed record NameSound(string Consonants, string[] Vowels, bool IsArabic, double Doubt = 0, bool HoldsArticle = false)
{
    /// <summary>Of two sounds that are the same.</summary>
    public const double Best = 0.95;

    const char Servant = '@', Any = '?';

    // What it costs that a short i or u is not written in Arabic, where it may be.
    const double Short = 0.15;

    // What letters of two conventions have in common, and how much it speaks against one name, in hundredths. A letter of Arabic stands
    // with what ICAO Doc 9303 part 3, BGN/PCGN 1956, and French usage in the Maghreb make of it; Latin letters with those that another
    // language has for them.
    static readonly Dictionary<(char, char), double> alike = Read(
        """
        ب b0 p5 v40|پ p0 b10|ت t0 T30|ث T0 t5 s40|ج j0 g10 G40|ح h0 x70|خ x0 k20 h70 c20|د d0 D15|ذ D0 d5 z15|ر r0|ز z0 s60|س s0 z60|ش $0 c0
        ص s0 z50|ض d0 D0 z25|ط t0 T30|ظ D0 d5 z5|غ G0 g10|ف f0 v5|ڤ v0 f10|ق q0 k0 g15 G30|ك k0 q15 g15 c10|گ g0 k10 q10 j20|ل l0
        م m0|ن n0|ه h0|چ c0 $0|ژ j0 z20|گ ك10 ق10 ج10 غ10|پ ب5|ڤ ف5|چ ش10|س ص35|ت ط35|ث ت30|د ض40|ذ د30 ظ30|ض ظ20|ق ك50|ح ه60|ز ژ20
        b p30|t T10|d D10|D z20|z s70|j g15|g G15 k35 q35|x k25 h70 c20|k q0 c15|c $0|T s60|f v20
        """);

    static Dictionary<(char, char), double> Read(string lines)
    {
        var read = new Dictionary<(char, char), double>();
        foreach (var line in lines.Split(['|', '\n'], StringSplitOptions.RemoveEmptyEntries))
            foreach (var other in line[2..].Split(' '))
                read[(line[0], other[0])] = read[(other[0], line[0])] = int.Parse(other[1..], CultureInfo.InvariantCulture) / 100.0;
        return read;
    }

    /// <summary>
    /// How well two sounds are one name: 0.65 to 0.95; 0 where they are not. The longer the name, the more of it may be written otherwise.
    /// </summary>
    public double Likeness(NameSound other)
    {
        var length = Consonants.Length;
        if (length != other.Consonants.Length || length == 0) return 0;
        var count = Consonants[0] == Servant ? length - 1 : length;
        var most = count switch { 0 => 0, 1 => 0.35, _ => Math.Min(1.4, 0.5 + 0.15 * count) };
        var cost = Doubt + other.Doubt;
        for (var i = 0; i < length && cost <= most; i++)
            if (Consonants[i] != other.Consonants[i]) cost += alike.GetValueOrDefault((Consonants[i], other.Consonants[i]), 9);
        var shortVowel = ShortBeforeTheLast(other, count);
        for (var i = 0; i <= length && cost <= most; i++)
        {
            var place = new Place(i == 0, i == 1 && Consonants[0] == Servant, i == length, i == length - 1 ? shortVowel : Short);
            cost += Difference(Vowels[i], other.Vowels[i], other.IsArabic, place);
        }
        return cost > most || most == 0 ? 0 : Best - 0.3 * cost / most;
    }

    // Where Arabic writes no vowel at all, a last i or u that Latin letters have would have been long: Karim is not كرم, nor Mahmoud محمد;
    // but Mouhcine is محسن.
    double ShortBeforeTheLast(NameSound other, int count)
    {
        var (arabic, latin) = IsArabic ? (this, other) : (other, this);
        return latin.IsArabic || !arabic.IsArabic || !arabic.IsBare ? Short
            : count <= 3 || latin.Vowels[^2].Contains('u', StringComparison.Ordinal) ? 1.2 : 0.5;
    }

    bool IsBare { get; } = Vowels[^1].Length == 0 && !Vowels.Any(v => v.AsSpan().ContainsAny('A', 'I', 'U'));

    // Where vowels stand, what a short i or u costs there that Arabic does not write, and whether a ع parted them.
    readonly record struct Place(bool First, bool AfterServant, bool Last, double Unwritten, bool Broken = false);

    /// <summary>Whether it is a servant-of name: whole, or its end.</summary>
    public bool IsServantOf => Consonants.Contains(Servant, StringComparison.Ordinal);

    /// <summary>The consonants in classes that both scripts share; a slip in them is found where the scripts differ.</summary>
    public string Classes => string.Concat(Consonants.Select(c => c switch
    {
        'b' or 'p' or 'ب' or 'پ' => 'b', 't' or 'T' or 'ت' or 'ط' or 'ث' => 't', 'd' or 'D' or 'د' or 'ذ' or 'ض' or 'ظ' => 'd',
        'j' or 'g' or 'G' or 'ج' or 'غ' or 'گ' or 'ژ' => 'g', 'h' or 'ح' or 'ه' => 'h', 'k' or 'q' or 'x' or 'ك' or 'ق' or 'خ' => 'k',
        's' or 'س' or 'ص' => 's', 'z' or 'ز' => 'z', 'c' or '$' or 'ش' or 'چ' => '$', 'f' or 'v' or 'ف' or 'ڤ' => 'f',
        'ر' => 'r', 'ل' => 'l', 'م' => 'm', 'ن' => 'n', _ => c,
    }));

    // What it costs that the vowels of one place are not those of the other: the fewer are found among the more, in their order.
    double Difference(string own, string others, bool arabic, Place place)
    {
        if (own == others && arabic == IsArabic) return 0;
        if (own.Contains(Any, StringComparison.Ordinal) || others.Contains(Any, StringComparison.Ordinal)) return 0;
        var least = Least((own, IsArabic), (others, arabic), place);
        // A ع beside vowels may leave no trace in Latin letters.
        if (IsArabic != arabic && own.Length + others.Length > 1 && (IsArabic ? own : others).Contains('E', StringComparison.Ordinal))
        {
            var broken = place with { Broken = true, Unwritten = Short };
            least = Math.Min(least, Least((Traceless(own), IsArabic), (Traceless(others), arabic), broken));
        }
        return least;

        static string Traceless(string vowels) => vowels.Replace("E", "", StringComparison.Ordinal);
    }

    static double Least((string Vowels, bool IsArabic) one, (string Vowels, bool IsArabic) other, Place place) =>
        one.Vowels.Length >= other.Vowels.Length ? Difference(one, other, place) : Difference(other, one, place);

    static double Difference((string Vowels, bool IsArabic) more, (string Vowels, bool IsArabic) fewer, Place place)
    {
        Span<double> cost = stackalloc double[fewer.Vowels.Length + 1];
        cost.Fill(9);
        cost[0] = 0;
        for (var i = 0; i < more.Vowels.Length; i++)
        {
            var extra = Extra(more, i, fewer, place);
            for (var j = fewer.Vowels.Length; j >= 0; j--)
            {
                cost[j] += extra;
                if (j > 0) cost[j] = Math.Min(cost[j], cost[j - 1] + Changed(more.Vowels[i], fewer.Vowels[j - 1], place));
            }
        }
        return cost[^1];
    }

    // a, i and u exclude each other; e goes with all of them, with u least. An Arabic letter says which of them it is.
    static double Changed(char one, char two, Place place) => (one < two ? (one, two) : (two, one)) switch
    {
        var (x, y) when x == y => 0,
        ('A', 'a') or ('I', 'i') or ('U', 'u') or ('Y', 'a') => 0,
        ('I', 'Y') or ('Y', 'i') or ('H', 'I') or ('H', 'e' or 'i') => 0.05,
        ('a', 'e') or ('A', 'e') when place.Last => 0.85, // Amine is not Amina.
        ('Y', 'e') when place.Last => 0.2,
        ('a', 'e') or ('A', 'e') or ('Y', 'e') or ('A', 'Y') => 0.1,
        ('a', 'i') when place.First => 0.85, // Izz al-Din is Azeddine.
        ('e', 'i') => 0.25,
        ('e', 'u') => 0.5,
        ('I', 'e') => 0.6,
        ('*' or '^', 'a' or 'e' or 'i' or 'u') or ('*', '^') or ('E', 'a' or 'e') => 0,
        ('E', 'i' or 'u') => place.First || place.AfterServant ? 0 : 0.9,
        ('*', 'A') or ('A', '^') => 0.3,
        _ => 1,
    };

    // A vowel that only one of them has. Long ones are written in both scripts, short ones in Latin letters or not.
    static double Extra((string Vowels, bool IsArabic) own, int at, (string Vowels, bool IsArabic) other, Place place)
    {
        var v = own.Vowels[at];
        if (place.AfterServant) return v is 'a' or 'e' or '*' or '^' or 'E' ? 0.05 : 0.25;
        // Karim and Karima, Chraib and Chraibi; but Yassine.
        if (place.Last && at == own.Vowels.Length - 1) return v is 'e' or 'E' ? 0 : 1.2;
        if (place.First && other.Vowels.Length == 0) // Ibrahim and Brahim; but Anouar and Nour.
            return v switch { 'a' or 'A' or '^' => 0.75, 'e' => 0.4, 'i' => 0.3, '*' or 'E' => 0.25, 'u' => 0.6, _ => 0.9 };
        if (own.IsArabic)
            return (v, other.IsArabic) switch
            {
                ('*' or '^' or 'H', _) or ('E', false) => 0,
                ('E', true) => 0.8,
                ('A', var arabic) => arabic ? 0.3 : 0.6, // الرحمن and الرحمان.
                var (_, arabic) => arabic ? 1.2 : 1,
            };
        if (v is 'a' or 'e') return other.IsArabic ? 0 : 0.1;
        if (at > 0 && own.Vowels[at - 1] is 'a') return other.IsArabic ? 1.2 : 0.85; // Said is not Saad, nor Sulayman Salman.
        if (at + 1 < own.Vowels.Length && !place.First && !place.Broken) return other.IsArabic ? 1 : 0.6; // Najwa is not Naja.
        return other.IsArabic ? place.Unwritten : 0.25;
    }

    /// <summary>
    /// Two words said as one. Where they meet, whatever vowel the writer put there counts for nothing, and a doubled letter counts once.
    /// </summary>
    public NameSound Then(NameSound next)
    {
        var meeting = NameLetters.Once((Vowels[^1] + next.Vowels[0]).Trim('*', '^'));
        if (Consonants[^1] == Servant) meeting = next.Vowels[0];
        else if (meeting is "" or "e") meeting = "?";
        var doubled = meeting == "?" && Consonants[^1] == next.Consonants[0];
        string[] vowels = doubled ? [.. Vowels[..^1], .. next.Vowels[1..]] : [.. Vowels[..^1], meeting, .. next.Vowels[1..]];
        return new(Consonants + (doubled ? next.Consonants[1..] : next.Consonants), vowels, next.IsArabic, Doubt + next.Doubt);
    }
}
