using System.Globalization;
using SecurityCoop.Register.Vocabulary;

namespace SecurityCoop.Web.Pages;

/// <summary>A number of things in words: French and English have two forms, Arabic has six (CLDR, plural rules).</summary>
/// <param name="Ar">In the order zero, one, two, few, many, other. {0} is the number.</param>
sealed record Plural(string FrOne, string Fr, string EnOne, string En, string[] Ar)
{
    public static readonly Plural Days = new("{0} jour", "{0} jours", "{0} day", "{0} days", ["{0} يوم", "يوم واحد", "يومان", "{0} أيام", "{0} يوما", "{0} يوم"]);

    public string Of(int count, Language l) => string.Format(CultureInfo.InvariantCulture, l.Code switch
    {
        "ar" => Ar[Arm(count)],
        // In French nothing is singular, in English it is plural.
        "en" => count == 1 ? EnOne : En,
        _ => count <= 1 ? FrOne : Fr,
    }, l.Say(count));

    static int Arm(int n) => n switch
    {
        0 => 0,
        1 => 1,
        2 => 2,
        _ => (n % 100) switch { >= 3 and <= 10 => 3, >= 11 => 4, _ => 5 },
    };
}
