using System.Net;
using System.Text.RegularExpressions;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Search;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Pages;

/// <summary>The page of a search says what the interface answers, in every language, and no more.</summary>
public sealed partial class SearchPageTests(SeededHost host) : IClassFixture<SeededHost>
{
    public static TheoryData<string> Languages => ["fr", "en", "ar"];

    static string Address(string q, string more = "") => $"/search?q={Uri.EscapeDataString(q)}{more}";

    static string Text(string html) => WebUtility.HtmlDecode(Tag().Replace(html, ""));

    [Theory, MemberData(nameof(Languages))]
    public async Task Every_page_has_a_search_box_in_its_head(string code)
    {
        var language = Language.All.Single(l => l.Code == code);
        foreach (var page in (string[])["/", "/partnerships/DK", "/records/DK-ACT-0001", "/search"])
        {
            var html = (await host.Http.Read($"{page}?lang={code}")).Text;
            var head = html[html.IndexOf("<header>", StringComparison.Ordinal)..html.IndexOf("</header>", StringComparison.Ordinal)];
            head.ShouldContain("<form id=\"search\" class=\"find\" role=\"search\" method=\"get\" action=\"/search\">", Case.Sensitive, page);
            WebUtility.HtmlDecode(head).ShouldContain($"<label class=\"vh\" for=\"q\">{language.Say(SearchWords.For)}</label>", Case.Sensitive, page);
            html.ShouldNotContain("<script>");
        }
    }

    [Theory, MemberData(nameof(Languages))]
    public async Task The_page_shows_the_interfaces_answer_in_its_order_with_the_places_marked(string code)
    {
        foreach (var q in (string[])["terrorisme", "cooperation", "إرهاب", "Directeur police"])
        {
            var items = (await host.Http.Read($"/api{Address(q)}")).Items;
            items.ShouldNotBeEmpty();
            var page = await host.Http.Read(Address(q, $"&lang={code}"));
            page.Status.ShouldBe(HttpStatusCode.OK);
            page.Text.ShouldContain($"<html lang=\"{code}\"");
            var shown = Item().Matches(page.Text).Select(m => m.Value).ToList();
            shown.Count.ShouldBe(items.Count);
            foreach (var (html, item) in shown.Zip(items))
            {
                Text(html).ShouldContain(item.GetProperty("reference").GetString()!);
                if (item.TryGetProperty("title", out var title)) Text(html).ShouldContain(title.GetString()!);
                var marked = item.GetProperty("matches").EnumerateArray().Take(3).SelectMany(m => m.GetProperty("snippet").EnumerateArray()).Where(p => p.TryGetProperty("match", out _)).Select(p => p.GetProperty("text").GetString());
                Mark().Matches(html).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value)).ShouldBe(marked);
            }
        }
    }

    [Fact]
    public async Task A_text_stands_whole_around_its_marks()
    {
        var page = (await host.Http.Read(Address("extradition", "&lang=fr"))).Text;
        page.ShouldContain("de l’<mark>extradition</mark> d");
        page.ShouldContain("form=\"search\"");
    }

    [Fact]
    public async Task Filters_narrow_as_in_the_interface_and_stay_in_the_form_and_in_the_other_languages()
    {
        var filters = "&partner=DK&kind=statement&topic=CT&from=2026-01-01&to=2026-12-31";
        var items = (await host.Http.Read($"/api{Address("coopération", filters)}")).Items;
        items.Count.ShouldBeGreaterThan(0);
        var page = (await host.Http.Read(Address("coopération", filters + "&lang=en"))).Text;
        Item().Matches(page).Count.ShouldBe(items.Count);
        foreach (var chosen in (string[])["DK", "statement", "CT"]) page.ShouldContain($"<option value=\"{chosen}\" selected");
        page.ShouldContain("value=\"2026-01-01\"");
        WebUtility.HtmlDecode(page).ShouldContain($"href=\"{Address("coopération", filters + "&lang=ar")}\"");
        // A form sends the fields that were left empty, too.
        (await host.Http.Read(Address("coopération", "&partner=&kind=&topic=&from=&to="))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_long_answer_is_read_page_by_page_each_item_once()
    {
        for (var i = 0; i < 2 * SearchEndpoints.DefaultLimit + 1; i++) await host.Http.Record("/api/actions", $$"""{"partner":"GA","what":"Physalis no. {{i}}","owedBy":"home","on":"2026-01-22"}""");
        var all = (await host.Http.Read($"/api{Address("physalis", "&limit=500")}")).Items;
        all.Count.ShouldBe(2 * SearchEndpoints.DefaultLimit + 1);
        var (read, address) = (0, (string?)Address("physalis", "&lang=en"));
        while (address is not null)
        {
            var page = (await host.Http.Read(address)).Text;
            var shown = Item().Matches(page);
            foreach (var (html, item) in shown.Zip(all.Skip(read))) Text(html.Value).ShouldContain(item.GetProperty("reference").GetString()!);
            page.ShouldContain($"<ol class=\"entries\" start=\"{read + 1}\">");
            read += shown.Count;
            address = Next().Match(page) is { Success: true } next ? WebUtility.HtmlDecode(next.Groups[1].Value) : null;
        }
        read.ShouldBe(all.Count);
    }

    [Theory, MemberData(nameof(Languages))]
    public async Task Where_nothing_is_found_the_page_says_the_way_out(string code)
    {
        var language = Language.All.Single(l => l.Code == code);
        var page = await host.Http.Read(Address("zzzz", $"&kind=action&lang={code}"));
        page.Status.ShouldBe(HttpStatusCode.OK);
        Text(page.Text).ShouldContain(language.Say(SearchWords.Nothing, "zzzz"));
        Text(page.Text).ShouldContain(language.Say(SearchWords.FewerWords));
        page.Text.ShouldContain($"<a href=\"{Address("zzzz")}\">");
        Text((await host.Http.Read($"/search?lang={code}")).Text).ShouldContain(language.Say(SearchWords.Hint));
        (await host.Http.Read(Address("zzzz", $"&lang={code}"))).Text.ShouldNotContain(language.Say(SearchWords.WithoutFilters));
    }

    [Theory]
    [InlineData("x", "&partner=XX", "Partner: “XX” is neither")]
    [InlineData("x", "&kind=thing", "Kind: “thing” is not a code")]
    [InlineData("x", "&topic=ZZ", "Topic: “ZZ” is not a code")]
    [InlineData("x", "&from=2026", "From: “2026” is not a day")]
    [InlineData("x", "&to=31/12/2026", "To: “31/12/2026” is not a day")]
    [InlineData("x", "&after=-1", "Page asked for: ")]
    [InlineData("x", "&after=many", "Page asked for: ")]
    [InlineData("", "&partner=DK", "Words to search for: This field can neither")]
    [InlineData("…", "", "Words to search for: This field can neither")]
    public async Task A_fault_in_the_question_is_named_where_it_was_asked(string q, string more, string fault)
    {
        var page = await host.Http.Read(Address(q, more + "&lang=en"), ("Accept", "text/html"));
        page.Status.ShouldBe(HttpStatusCode.BadRequest);
        page.MediaType.ShouldBe("text/html");
        Fault().Match(page.Text).Groups[1].Value.ShouldStartWith(fault);
        page.Text.ShouldContain("<form id=\"search\"");
    }

    [Fact]
    public async Task A_question_too_long_is_a_fault_in_Arabic_too()
    {
        var page = await host.Http.Read(Address(new string('x', 301), "&lang=ar"));
        page.Status.ShouldBe(HttpStatusCode.BadRequest);
        WebUtility.HtmlDecode(Fault().Match(page.Text).Groups[1].Value).ShouldBe("الكلمات المبحوث عنها: يبلغ هذا النص 301 حرفا ولا يجوز أن يتجاوز 300 حرفا؛ اختصروه.");
    }

    [Fact]
    public async Task What_is_typed_and_what_is_found_stay_text()
    {
        await host.Http.Record("/api/actions", """{"partner":"PK","what":"<b>bold</b> kumquat & \"quoted\"","owedBy":"home","on":"2026-01-22"}""");
        var page = (await host.Http.Read(Address("kumquat\"><", "&lang=en"))).Text;
        page.ShouldNotContain("<b>");
        page.ShouldContain("&lt;b&gt;bold&lt;/b&gt; <mark>kumquat</mark> &amp; ");
        page.ShouldContain("value=\"kumquat&quot;&gt;&lt;\"");
    }

    [Fact]
    public async Task Who_may_not_see_it_does_not_find_it_and_names_are_told_to_be_withheld()
    {
        await host.Http.Record("/api/actions", """{"partner":"MY","what":"Rambutan matter","owedBy":"home","marking":"confidential","on":"2026-01-22"}""");
        (await host.Http.Read(Address("rambutan", "&lang=en"))).Text.ShouldContain("<mark>Rambutan</mark> matter");
        using var reader = await host.As(Marking.Restricted, Role.Reader);
        Item().Matches((await reader.Read(Address("rambutan", "&lang=en"))).Text).ShouldBeEmpty();

        var named = (await host.Http.Read(Address("Wern", "&lang=en"))).Text;
        Item().Matches(named).Select(m => Text(m.Value)).ShouldHaveSingleItem().ShouldContain("Mikael Wern");
        (await host.Http.Read("/api/audit/openings?limit=500")).Items[^1].GetProperty("query").GetString().ShouldBe("GET /search");
        var withheld = (await reader.Read(Address("Wern", "&lang=en"))).Text;
        withheld.ShouldNotContain("Mikael");
        Text(withheld).ShouldContain(Language.English.Say(SearchWords.NamesWithheld));

        using var nobody = host.Client(null);
        (await nobody.Read(Address("Wern"), ("Accept", "text/html"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        using var administrator = await host.As(Marking.Secret, Role.Administrator);
        (await administrator.Read(Address("Wern"))).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public void Each_kind_that_can_be_found_has_its_words() => SearchWords.Kinds.Keys.ShouldBe(Searching.Kinds, ignoreOrder: true);

    [GeneratedRegex("<[^>]*>")] private static partial Regex Tag();
    [GeneratedRegex("<mark>([^<]*)</mark>")] private static partial Regex Mark();
    [GeneratedRegex("<p class=\"fault\"[^>]*>([^<]*)</p>")] private static partial Regex Fault();
    [GeneratedRegex("<li><div>.*?</li>", RegexOptions.Singleline)] private static partial Regex Item();
    [GeneratedRegex("<a href=\"([^\"]*after=[0-9]+)\">")] private static partial Regex Next();
}
