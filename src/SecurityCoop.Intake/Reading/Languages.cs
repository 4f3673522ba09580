using SecurityCoop.Intake.Text;

namespace SecurityCoop.Intake.Reading;

/// <summary>Tells the language of a text by its script and its commonest words.</summary>
static class Languages
{
    const int Enough = 600;

    static readonly HashSet<string> french = ["le", "la", "les", "des", "du", "et", "une", "dans", "pour", "avec", "est", "par", "sur",
        "au"];
    static readonly HashSet<string> english = ["the", "and", "of", "with", "for", "was", "were", "his", "this", "that", "by", "on"];

    internal static string Of(SourceText source)
    {
        var (ar, fr, en, all) = (0, 0, 0, 0);
        foreach (var token in source.Words.SelectMany(w => w).Take(Enough))
        {
            all++;
            if (token.IsArabic) ar++;
            else if (french.Contains(token.Folded)) fr++;
            else if (english.Contains(token.Folded)) en++;
        }
        return ar * 2 > all ? "ar" : en > fr ? "en" : "fr";
    }
}
