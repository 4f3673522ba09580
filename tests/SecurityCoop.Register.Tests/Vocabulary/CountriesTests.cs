using SecurityCoop.Register.Vocabulary;
using Shouldly;
using Xunit;
using Words = SecurityCoop.Register.Vocabulary.Vocabulary;

namespace SecurityCoop.Register.Tests.Vocabulary;

public class CountriesTests
{
    [Fact]
    public void There_are_as_many_countries_as_ISO_3166_1_assigns_codes_and_Kosovo()
    {
        Countries.All.Count.ShouldBe(250);
        Countries.All.Keys.ShouldAllBe(code => code.Length == 2 && code.All(char.IsAsciiLetterUpper));
    }

    [Theory]
    [InlineData("DK", "Danemark", "Denmark", "الدانمرك")]
    [InlineData("GB", "Royaume-Uni", "United Kingdom", "المملكة المتحدة")]
    [InlineData("PK", "Pakistan", "Pakistan", "باكستان")]
    [InlineData("XK", "Kosovo", "Kosovo", "كوسوفو")]
    [InlineData("PS", "Palestine", "Palestine", "فلسطين")]
    public void A_country_has_its_name_in_three_languages(string code, string fr, string en, string ar)
    {
        Countries.IsKnown(code).ShouldBeTrue();
        Countries.Name(code).ShouldBe(new Label(fr, en, ar));
    }

    [Theory]
    [InlineData("EU")]
    [InlineData("UN")]
    [InlineData("UK")]
    [InlineData("ZZ")]
    [InlineData("dk")]
    [InlineData("")]
    public void Codes_that_ISO_does_not_assign_are_no_countries(string code)
    {
        Countries.IsKnown(code).ShouldBeFalse();
        Should.Throw<KeyNotFoundException>(() => Countries.Name(code));
    }

    [Fact]
    public void No_organisation_has_the_code_of_a_country() =>
        Words.Default.PartnerOrganisations.Keys.ShouldAllBe(code => !Countries.IsKnown(code));
}
