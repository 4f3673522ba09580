using System.Net;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Pages;

/// <summary>
/// Lists on pages are in the order of what the reader sees, in the reader's language; lists of the interface in that of the codes.
/// </summary>
public sealed partial class NameOrderTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Theory]
    [InlineData("fr", "ZA DE AT EG ES", "Échange d'informations · Lutte contre le terrorisme · Police des frontières")]
    [InlineData("en", "AT EG DE ZA ES", "Border policing · Counter-terrorism · Information exchange")]
    [InlineData("ar", "ES DE AT ZA EG", "أمن الحدود · تبادل المعلومات · مكافحة الإرهاب")]
    public async Task Partners_and_topics_stand_by_name(string code, string partners, string topics)
    {
        // Afrique du Sud, Allemagne, Autriche, Égypte, Espagne: the accent does not send Egypt to the end.
        foreach (var partner in (string[])["ZA", "ES", "DE", "EG", "AT"])
            await host.Http.Record("/api/partnerships", $$"""{"partner": "{{partner}}"}""");
        if ((await host.Http.Read("/api/meetings?partner=AT")).Items.Count == 0)
            await host.Http.Record("/api/meetings", """
                {"partners": ["AT"], "kind": "talks", "date": "2025-03-10",
                 "statements": [{"force": "discussed", "speaker": "joint", "text": "a", "topics": ["CT", "INF", "BRD"]}]}
                """);
        var page = WebUtility.HtmlDecode((await host.Http.Read($"/?lang={code}")).Text);
        string.Join(' ', Row().Matches(page).Select(m => m.Groups[1].Value)).ShouldBe(partners);
        var calendar = WebUtility.HtmlDecode((await host.Http.Read($"/calendar?lang={code}")).Text);
        string.Join(' ', Box().Matches(calendar).Select(m => m.Groups[1].Value)).ShouldBe(partners);
        WebUtility.HtmlDecode((await host.Http.Read($"/partnerships/AT?lang={code}")).Text).ShouldContain(topics);
        var listed = (await host.Http.Read("/api/partnerships")).Items.Select(p => p.GetProperty("partner").GetProperty("code"));
        listed.Select(c => c.GetString()).ShouldBe(["AT", "DE", "EG", "ES", "ZA"]);
    }

    [GeneratedRegex("<th scope=\"row\"><a href=\"/partnerships/([A-Z]{2})\">")] private static partial Regex Row();
    [GeneratedRegex("<input type=\"checkbox\" name=\"partner\" value=\"([A-Z]{2})\"")] private static partial Regex Box();
}
