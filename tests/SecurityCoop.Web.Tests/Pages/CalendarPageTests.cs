using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Calendar;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Tests.Calendar;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Pages;

/// <summary>A person makes, copies and revokes a private address of a calendar, and downloads one, in a browser without script.</summary>
public sealed partial class CalendarPageTests(SeededHost host) : IClassFixture<SeededHost>
{
    [Theory, InlineData("fr"), InlineData("en"), InlineData("ar")]
    public async Task It_offers_every_partner_and_every_kind_of_date_in_the_readers_language(string code)
    {
        var language = Language.All.Single(l => l.Code == code);
        var page = WebUtility.HtmlDecode((await host.Http.Read($"/calendar?lang={code}&partner=DK&kind=due")).Text);
        page.ShouldContain($"<html lang=\"{code}\" dir=\"{language.Direction}\"");
        foreach (var kind in Enum.GetValues<EntryKind>()) page.ShouldContain(language.Say(CalendarWords.Kind(kind)));
        Checked().Matches(page).Select(m => m.Groups[1].Value).ShouldBe(["DK", "due"]);
        Box().Matches(page).Select(m => m.Groups[1].Value).Where(v => v.Length == 2).Order(StringComparer.Ordinal)
            .ShouldBe((await host.Http.Read("/api/partnerships")).Items.Select(p => p.GetProperty("partner").GetProperty("code").GetString()!).Order(StringComparer.Ordinal));
        page.ShouldContain("formmethod=\"get\" formaction=\"/api/calendar.ics\"");
        page.ShouldNotContain("<script");
    }

    [Fact]
    public async Task It_is_found_from_every_page_and_a_partnerships_page_leads_to_its_own()
    {
        (await host.Http.Read("/?lang=en")).Text.ShouldContain("<a href=\"/calendar\">Calendar</a>");
        var page = WebUtility.HtmlDecode((await host.Http.Read("/partnerships/DK?lang=en")).Text);
        page.ShouldContain(" href=\"/api/calendar.ics?partner=DK&lang=en\">");
        page.ShouldContain(" href=\"/calendar?partner=DK\">");
        (await ReadCalendar.Of(await host.Http.Read("/api/calendar.ics?partner=DK&lang=en"))).Events.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task An_address_is_made_with_the_form_shown_once_and_revoked_with_its_button()
    {
        var tokens = host.Services.GetRequiredService<AccessTokens>();
        var (id, _) = await tokens.Create("browser", new HashSet<Role> { Role.Reader }, Marking.Restricted, "test", null, default);
        (string, string)[] browser = [("Cookie", $"{SignIn.Cookie}={(await tokens.CreateSession(id, default))!.Value.Token}; lang=en"), ("Sec-Fetch-Site", "same-origin")];
        using var http = host.Client(null);
        var made = await http.Send(HttpMethod.Post, "/calendar", Form(("partner", "DK"), ("partner", "MY"), ("kind", "review"), ("owner", ""), ("lang", "ar"), ("name", "بلدان"), ("clearance", "open")), browser);
        made.Status.ShouldBe(HttpStatusCode.OK);
        made.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var address = Address().Match(made.Text).Groups[1].Value;
        var read = await ReadCalendar.Of(await http.Read(address));
        read.Name.ShouldBe("بلدان");
        read.Events.ShouldNotBeEmpty();
        read.Events.ShouldAllBe(e => e.Summary.StartsWith("للمراجعة (", StringComparison.Ordinal) && (e.Categories.Contains("الدانمرك") || e.Categories.Contains("ماليزيا")));

        var page = await http.Read("/calendar", browser);
        page.Text.ShouldNotContain("sc_");
        WebUtility.HtmlDecode(page.Text).ShouldContain("Denmark, Malaysia, Reviews · ");
        var button = Revocation().Match(page.Text).Groups[1].Value;
        (await http.Send(HttpMethod.Post, button, Form(), ("Cookie", browser[0].Item2), ("Sec-Fetch-Site", "cross-site"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        var revoked = await http.Send(HttpMethod.Post, button, Form(), browser);
        (revoked.Status, revoked.Headers.Location!.ToString()).ShouldBe((HttpStatusCode.SeeOther, "/calendar"));
        (await http.Read(address)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await http.Read("/calendar", browser)).Text.ShouldContain("No private address.");
    }

    [Fact]
    public async Task What_cannot_be_made_is_said_on_the_page_and_nothing_that_was_typed_is_lost()
    {
        var page = await host.Http.Send(HttpMethod.Post, "/calendar", Form(("name", new string('x', 101)), ("owner", "desk-7"), ("partner", "DK")), ("Cookie", "lang=en"));
        page.Status.ShouldBe(HttpStatusCode.BadRequest);
        page.Text.ShouldContain("This text has 101 characters and may have 100 at most");
        page.Text.ShouldContain("value=\"desk-7\"");
        Checked().Matches(page.Text).Select(m => m.Groups[1].Value).ShouldBe(["DK"]);
        Address().IsMatch(page.Text).ShouldBeFalse();
        (await host.Http.Command("/calendar", "{}", ("Accept", "application/json"))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) => new(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));

    [GeneratedRegex("""name="[a-z]+" value="([^"]+)" checked""")] private static partial Regex Checked();
    [GeneratedRegex("""type="checkbox" name="partner" value="([^"]+)""")] private static partial Regex Box();
    [GeneratedRegex("""class="address" value="([^"]+)""")] private static partial Regex Address();
    [GeneratedRegex("""action="(/calendar/[0-9a-f-]{36}/revocation)""")] private static partial Regex Revocation();
}
