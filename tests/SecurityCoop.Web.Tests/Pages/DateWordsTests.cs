using SecurityCoop.Register.Time;
using SecurityCoop.Web.Pages;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Pages;

public sealed class DateWordsTests
{
    [Theory]
    [InlineData("", "date unknown", "date inconnue")]
    [InlineData("2026-01-27", "27 January 2026", "27 janvier 2026")]
    [InlineData("2026-02-01", "1 February 2026", "1er février 2026")]
    [InlineData("2024-11", "November 2024, day unknown", "novembre 2024, jour inconnu")]
    [InlineData("2024-11-XX", "November 2024, day unknown", "novembre 2024, jour inconnu")]
    [InlineData("2024", "2024, day unknown", "2024, jour inconnu")]
    [InlineData("2024-XX", "2024, day unknown", "2024, jour inconnu")]
    [InlineData("2024-XX-XX", "2024, day unknown", "2024, jour inconnu")]
    [InlineData("2025?", "2025, day unknown (uncertain)", "2025, jour inconnu (incertain)")]
    [InlineData("2024-11~", "November 2024, day unknown (approximate)", "novembre 2024, jour inconnu (approximatif)")]
    [InlineData("201X", "between 2010 and 2019", "entre 2010 et 2019")]
    [InlineData("19XX", "between 1900 and 1999", "entre 1900 et 1999")]
    [InlineData("2025-21", "spring 2025", "printemps 2025")]
    [InlineData("[2024-11-04,2024-11-11,2024-11-18,2024-11-25]", "one of 4, 11, 18 or 25 November 2024", "l’un des jours suivants : 4, 11, 18 ou 25 novembre 2024")]
    [InlineData("[2024-11-25,2024-12-02]", "one of these dates: 25 November 2024 or 2 December 2024", "l’une de ces dates : 25 novembre 2024 ou 2 décembre 2024")]
    [InlineData("[2025-11-24..2025-11-27]", "some day between 24 November 2025 and 27 November 2025", "un jour entre le 24 novembre 2025 et le 27 novembre 2025")]
    [InlineData("[..2001-06-22]", "22 June 2001 at the latest", "le 22 juin 2001 au plus tard")]
    [InlineData("[2001-06-22..]", "22 June 2001 at the earliest", "le 22 juin 2001 au plus tôt")]
    [InlineData("2025-03-01/2025-03-03", "from 1 March 2025 to 3 March 2025", "1er mars 2025 – 3 mars 2025")]
    [InlineData("2024-11/..", "since November 2024, without end", "depuis novembre 2024, sans fin")]
    [InlineData("2024-11/", "from November 2024, end unknown", "depuis novembre 2024, fin inconnue")]
    [InlineData("../2025", "until 2025, start unknown", "fin : 2025, début inconnu")]
    public void A_date_is_said_as_openly_as_it_was_given(string edtf, string english, string french)
    {
        Language.English.Say(Edtf.Parse(edtf)).ShouldBe(english);
        Language.French.Say(Edtf.Parse(edtf)).ShouldBe(french);
    }

    [Theory]
    [InlineData("2026-01-27", "27 يناير 2026")]
    [InlineData("[..2024-08-01]", "1 غشت 2024 على أبعد تقدير")]
    public void Arabic_names_the_months_as_Morocco_does(string edtf, string arabic) => Language.Arabic.Say(Edtf.Parse(edtf)).ShouldBe(arabic);
}
