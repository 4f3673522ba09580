namespace SecurityCoop.Web.Search;

/// <summary>Of a name that is written apart (Abd el-Krim), what a word is.</summary>
internal enum NamePart { None, Servant, Named }

/// <summary>
/// A word of a name, or up to three beside each other that may be one (Abd el-Krim, Ben Ali). Those of many names are the same ones.
/// </summary>
internal sealed class NameUnit
{
    const double Slip = 0.6, Beginning = 0.6, Initial = 0.5, OtherScript = 0.5, Parted = 0.04;

    readonly string text;
    readonly NamePart part;
    readonly bool isWord, isArabic;
    readonly string[] classes;
    readonly uint counts; // A bit for each count of consonants that it may have.

    /// <param name="part">Of a servant-of name that is written apart, one of its words.</param>
    public NameUnit(IReadOnlyList<NameWord> words, IReadOnlyList<NameSound> sounds, NamePart part)
    {
        (Length, Sounds, this.part) = (words.Count, sounds, part);
        text = string.Concat(words.Select(w => w.IsArabic ? w.Folded : w.Letters));
        isWord = words.SkipLast(1).All(w => w.IsContinued);
        isArabic = words[0].IsArabic;
        IsServantOf = sounds.Any(s => s.IsServantOf);
        classes = isWord ? [.. sounds.Select(s => s.Classes).Where(c => c.Length > 3 && c[0] != '@').Distinct()] : [];
        foreach (var sound in sounds) counts |= 1u << Math.Min(31, sound.Consonants.Length);
    }

    /// <summary>How many words it has.</summary>
    public int Length { get; }

    public IReadOnlyList<NameSound> Sounds { get; }

    public bool IsServantOf { get; }

    /// <summary>How well it is what was asked: see <see cref="NameForm.Match(NameForm)"/>.</summary>
    /// <param name="beside">Whether the question has other words.</param>
    public double Answer(NameUnit asked, bool beside)
    {
        // Words are joined to be one of the other name's; only Abd el-Karim may be parted in both.
        if (Length > 1 && asked.Length > 1 && !(isWord && asked.isWord) && !(IsServantOf && asked.IsServantOf)) return 0;
        if (part == asked.part) return Compare(asked, beside);
        // Karim is not Abd el-Karim, and "Abd" is what all of them share.
        if (asked.part == NamePart.Servant || (part == NamePart.Servant && asked.text.Length > text.Length)) return 0;
        return part == NamePart.Servant ? Compare(asked, beside) : Math.Min(Initial, Compare(asked, beside));
    }

    double Compare(NameUnit asked, bool beside)
    {
        var words = isWord && asked.isWord;
        if (words && text == asked.text) return 1;
        var best = 0.0;
        if ((counts & asked.counts) != 0)
            foreach (var own in Sounds)
                if (!own.HoldsArticle || asked.Length == 1)
                    foreach (var sound in asked.Sounds)
                        if (!sound.HoldsArticle || Length == 1) best = Math.Max(best, own.Likeness(sound));
        if (best > 0) return Length > 1 || asked.Length > 1 ? best - Parted : best;
        return !words || part == NamePart.Servant ? 0 : Math.Max(Letters(text, asked.text, beside), InOtherScript(asked) ? OtherScript : 0);
    }

    // An initial stands for a name beside others only; a short name (Alex) answers the long one.
    static double Letters(string own, string word, bool beside) =>
        word.Length > 1 && own.StartsWith(word, StringComparison.Ordinal) ? Beginning
        : NameForms.IsSlip(own, word) ? Slip
        : word.Length == 1 && beside && own.StartsWith(word, StringComparison.Ordinal) ? Initial
        : own.Length > 3 && word.Length > own.Length + 1 && word.StartsWith(own, StringComparison.Ordinal) ? Initial
        : 0;

    // Where scripts differ, a letter that one of them has otherwise is no other name (Martial and مارسيال).
    bool InOtherScript(NameUnit asked) =>
        isArabic != asked.isArabic && classes.Any(own => asked.classes.Any(other => own != other && NameForms.OneSlip(own, other)));
}
