using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using SecurityCoop.Register;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Pages;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Pages;

/// <summary>The page must say what the interface says, no more and no less, in every language.</summary>
public sealed partial class StatusPageTests(SeededHost host) : IClassFixture<SeededHost>
{
    static readonly string[] partners = ["BE", "DK", "GA", "GB", "MY", "PK"];

    public static TheoryData<string> Languages => ["fr", "en", "ar"];

    [Theory, MemberData(nameof(Languages))]
    public async Task The_page_holds_the_six_partners_with_status_reasons_actions_and_instruments(string code)
    {
        var language = Language.All.Single(l => l.Code == code);
        var html = (await host.Http.Read($"/?lang={code}")).Text;
        var items = (await host.Http.Read("/api/partnerships")).Items;

        items.Select(i => i.GetProperty("partner").GetProperty("code").GetString()).ShouldBe(partners);
        foreach (var item in items)
        {
            var section = Section(html, item.GetProperty("partner").GetProperty("code").GetString()!);
            section.ShouldContain(item.GetProperty("partner").GetProperty("name").GetProperty(code).GetString()!);
            section.ShouldContain(language.Say(Labels.PartnershipStatuses, item.GetProperty("status").GetString()!));
            foreach (var m in item.GetProperty("modifiers").EnumerateArray()) section.ShouldContain(language.Say(Labels.Modifiers, m.GetProperty("code").GetString()!));
            item.GetProperty("because").GetArrayLength().ShouldBeGreaterThan(0);
            foreach (var b in item.GetProperty("because").EnumerateArray())
            {
                section.ShouldContain(b.GetProperty("record").GetString()!);
                if (b.TryGetProperty("sources", out var sources)) section.ShouldContain(sources[0].GetProperty("document").GetString()!);
            }
            foreach (var a in item.GetProperty("openActions").EnumerateArray()) section.ShouldContain(a.GetProperty("what").GetString()!);
            foreach (var i in item.GetProperty("instruments").EnumerateArray())
            {
                section.ShouldContain(i.GetProperty("title").GetString()!);
                section.ShouldContain(language.Say(Labels.InstrumentStates, i.GetProperty("states")[0].GetString()!));
            }
        }
        html.ShouldContain($"<html lang=\"{code}\" dir=\"{language.Direction}\"");
    }

    [Fact]
    public async Task Statements_that_give_the_status_stand_there_in_their_own_words()
    {
        var section = Section((await host.Http.Read("/?lang=ar")).Text, "BE");
        section.ShouldContain("Volonté belge de consolider la coopération.");
        section.ShouldContain("أحد الأيام التالية: 4، 11، 18 أو 25 نونبر 2024");
    }

    [Theory, MemberData(nameof(Languages))]
    public async Task Whatever_is_only_possible_is_marked_in_words(string code)
    {
        var language = Language.All.Single(l => l.Code == code);
        var html = (await host.Http.Read($"/?lang={code}")).Text;
        var marks = 0;
        foreach (var item in (await host.Http.Read("/api/partnerships")).Items)
        {
            var doubts = Possible(item, "certainty") + item.GetProperty("modifiers").EnumerateArray().Sum(m => Possible(m, "certainty"))
                + item.GetProperty("because").EnumerateArray().Sum(b => Possible(b, "certainty")) + item.GetProperty("openActions").EnumerateArray().Sum(a => Possible(a, "open"));
            var section = Section(html, item.GetProperty("partner").GetProperty("code").GetString()!, decode: false);
            Mark().Matches(section).Count.ShouldBe(doubts, item.GetProperty("partner").GetProperty("code").GetString());
            Mark().Matches(section).ShouldAllBe(m => m.Groups[1].Value.Contains(language.Say(Words.Possible)));
            if (Possible(item, "certainty") == 1) Text(section).ShouldContain(language.Say(Labels.PartnershipStatuses, item.GetProperty("certainStatus").GetString()!));
            marks += doubts;
        }
        marks.ShouldBeGreaterThan(0, "the seeds hold a status that is only possible");
    }

    [Fact]
    public async Task The_day_and_the_organisations_asked_about_are_the_interfaces()
    {
        var page = await host.Http.Read("/?lang=en&asOf=2024-11-15&home=service");
        var items = (await host.Http.Read("/api/partnerships?asOf=2024-11-15&home=service")).Items;
        page.Text.ShouldContain("Status of partnerships on 15 November 2024");
        foreach (var item in items)
            Section(page.Text, item.GetProperty("partner").GetProperty("code").GetString()!).ShouldContain(Language.English.Say(Labels.PartnershipStatuses, item.GetProperty("status").GetString()!));
        items.Select(i => i.GetProperty("status").GetString()).ShouldContain("no-record");
        // A form sends the fields that were left empty, too.
        (await host.Http.Read("/?asOf=&home=")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Nobody_sees_the_page_without_sign_in()
    {
        using var nobody = host.Client(null);
        foreach (var path in new[] { "/", "/records/DK-ACT-0001" })
        {
            var answer = await nobody.Read(path, ("Accept", "text/html"));
            answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
            answer.MediaType.ShouldBe("text/html");
            answer.Text.ShouldNotContain("Denmark");
            answer.Text.ShouldContain("/sign-in");
        }
        using var administrator = await host.As(Marking.Secret, Role.Administrator);
        (await administrator.Read("/")).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task What_a_reader_may_not_see_is_not_on_the_page()
    {
        await host.Http.Record("/api/actions", """{"partner":"MY","what":"Confidential matter of the test","owedBy":"home","marking":"confidential","on":"2026-01-22"}""");
        (await host.Http.Read("/?lang=en")).Text.ShouldContain("Confidential matter of the test");
        using var reader = await host.As(Marking.Restricted, Role.Reader);
        var page = await reader.Read("/?lang=en");
        page.Text.ShouldNotContain("Confidential matter of the test");
        page.Text.ShouldNotContain("href=\"/records/", Case.Sensitive, "a reader may not audit");
        (await reader.Read("/records/DK-ACT-0001")).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_language_is_kept_and_French_without_one()
    {
        var asked = await host.Http.Read("/?lang=ar");
        asked.Headers.GetValues("Set-Cookie").Single().ShouldStartWith("lang=ar;");
        (await host.Http.Read("/", ("Cookie", "lang=ar"))).Text.ShouldContain("dir=\"rtl\"");
        (await host.Http.Read("/")).Text.ShouldContain("<html lang=\"fr\"");
        (await host.Http.Read("/?lang=xx")).Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task A_page_lets_nothing_else_in_and_its_style_sheet_is_everybodys()
    {
        var page = await host.Http.Read("/");
        page.Headers.GetValues("Content-Security-Policy").Single().ShouldBe("default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
        page.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        page.Headers.CacheControl!.NoStore.ShouldBeTrue();
        page.Text.ShouldNotContain("<script");
        page.Text.ShouldNotContain(" style=");
        using var nobody = host.Client(null);
        var css = await nobody.Read(StylesheetLink().Match(page.Text).Groups[1].Value);
        css.Status.ShouldBe(HttpStatusCode.OK);
        css.MediaType.ShouldBe("text/css");
    }

    [Fact]
    public async Task Text_from_outside_stays_text()
    {
        await host.Http.Record("/api/actions", """{"partner":"PK","what":"<b>bold</b> & \"quoted\"","owedBy":"home","on":"2026-01-22"}""");
        var page = (await host.Http.Read("/?lang=en")).Text;
        page.ShouldContain("&lt;b&gt;bold&lt;/b&gt; &amp; ");
        page.ShouldNotContain("<b>bold");
    }

    static int Possible(JsonElement e, string property) => e.GetProperty(property).GetString() == "possible" ? 1 : 0;

    static string Section(string html, string partner, bool decode = true)
    {
        var found = Regex.Match(html, $"<section id=\"{partner}\".*?</section>", RegexOptions.Singleline);
        found.Success.ShouldBeTrue(partner);
        return decode ? Text(found.Value) : found.Value;
    }

    static string Text(string html) => WebUtility.HtmlDecode(Tag().Replace(html, ""));

    [GeneratedRegex("<[^>]*>")] private static partial Regex Tag();
    [GeneratedRegex("<span class=\"possible\">([^<]*)</span>")] private static partial Regex Mark();
    [GeneratedRegex("<link rel=\"stylesheet\" href=\"([^\"]+)\"")] private static partial Regex StylesheetLink();
}
