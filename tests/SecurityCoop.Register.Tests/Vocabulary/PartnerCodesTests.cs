using SecurityCoop.Register.Vocabulary;
using Shouldly;
using Xunit;
using Words = SecurityCoop.Register.Vocabulary.Vocabulary;

namespace SecurityCoop.Register.Tests.Vocabulary;

/// <summary>Which partner's code a text probably means.</summary>
public class PartnerCodesTests
{
    [Theory]
    [InlineData("GB", "UK", "U.K.", "gb", "GBR", "Great Britain", "Grande-Bretagne", "royaume-uni", "The United Kingdom", "بريطانيا", "المملكة المتحدة")]
    [InlineData("GR", "EL", "GRC", "Grèce", "Greece", "Hellas", "اليونان")]
    [InlineData("TR", "tr", "TUR", "Turkey", "Türkiye", "Turkiye", "Turquie", "تركيا")]
    [InlineData("AE", "UAE", "Emirates", "Émirats", "Émirats arabes unis", "الإمارات", "الامارات العربية المتحدة")]
    [InlineData("CI", "Ivory Coast", "Côte d'Ivoire", "Côte d’Ivoire", "cote d ivoire", "CIV", "ساحل العاج")]
    [InlineData("BH", "Bahrein", "Bahreïn", "Bahrain", "BHR", "البحرين")]
    [InlineData("XK", "Kosovo", "Kosova", "XKX", "كوسوفو")]
    [InlineData("US", "USA", "U.S.A.", "États-Unis", "etats-unis", "United States of America", "أمريكا", "الولايات المتحدة الأمريكية")]
    [InlineData("DE", "Allemagne", "Germany", "DEU", "ألمانيا", "المانيا", "Germny")]
    [InlineData("NL", "Holland", "Pays-Bas", "The Netherlands", "هولندا")]
    [InlineData("KR", "South Korea", "Corée du Sud", "Republic of Korea", "كوريا الجنوبية")]
    [InlineData("UN", "ONU", "Nations unies", "United Nations", "الأمم المتحدة")]
    [InlineData("NATO", "OTAN", "nato", "الناتو")]
    [InlineData("INTERPOL", "Interpol", "الإنتربول")]
    public void Other_codes_and_names_in_three_languages_mean_a_code(string code, params string[] texts) => texts.ShouldAllBe(t => PartnerCodes.Meant(t).First() == code);

    [Fact]
    public void Every_country_is_meant_by_its_code_in_any_case_its_three_letters_and_its_names()
    {
        foreach (var (code, name) in Countries.All)
        {
            PartnerCodes.Aliases(code)[0].Length.ShouldBe(3, code);
            // In either letters' case a code is a code, and no name of another.
            foreach (var text in (string[])[code, code.ToLowerInvariant(), PartnerCodes.Aliases(code)[0], name.Fr, name.En, name.Ar, name.Fr.ToUpperInvariant()])
                PartnerCodes.Meant(text).ShouldContain(code, text);
            PartnerCodes.Meant(code)[0].ShouldBe(code);
        }
    }

    [Fact]
    public void Three_letter_codes_are_all_different_and_aliases_are_of_partners_only()
    {
        Countries.All.Keys.Select(c => PartnerCodes.Aliases(c)[0]).ShouldBeUnique();
        Words.Default.PartnerOrganisations.Keys.ShouldAllBe(c => PartnerCodes.Aliases(c).Count > 0);
    }
}
