using System.Net;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Pages;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Pages;

public sealed class RecordPageTests(SeededHost host) : IClassFixture<SeededHost>
{
    [Fact]
    public async Task A_correction_says_what_was_written_who_changed_it_and_why()
    {
        await host.Http.Record("/api/instruments/DK-INS-0001/corrections", """{"fields":{"title":"A fuller title"},"reason":"The communiqué says more"}""");
        var page = WebUtility.HtmlDecode((await host.Http.Read("/records/DK-INS-0001?lang=en")).Text);
        page.ShouldContain("Mémorandum d’entente maroco-danois</td>");
        page.ShouldContain("A fuller title</td>");
        page.ShouldContain("The communiqué says more");
        page.ShouldContain("steward");
        page.ShouldContain("27 January 2026"); // the world's clock
        page.ShouldContain(" (Africa/Casablanca)"); // the register's
        page.ShouldContain("para.\u00a04, sentence\u00a01");
    }

    [Theory, InlineData("fr"), InlineData("en"), InlineData("ar")]
    public async Task Every_event_of_the_history_is_on_the_page_in_order(string code)
    {
        var events = (await host.Http.Read("/api/audit/records/DK-MTG-0001")).Json.GetProperty("events").EnumerateArray().ToList();
        var page = (await host.Http.Read($"/records/DK-MTG-0001?lang={code}")).Text;
        events.Count.ShouldBeGreaterThan(5);
        var at = events.Select(e => page.IndexOf(FormattableString.Invariant($"<li id=\"e{e.GetProperty("position").GetInt64()}\">"), StringComparison.Ordinal)).ToList();
        at.ShouldAllBe(i => i > 0);
        at.ShouldBeInOrder();
    }

    [Fact]
    public async Task An_unknown_record_is_not_found() => (await host.Http.Read("/records/DK-ACT-9999")).Status.ShouldBe(HttpStatusCode.NotFound);

    [Fact]
    public void Every_event_that_the_register_stores_has_words()
    {
        foreach (var name in Register.EventTypes.All.Select(t => t.Name))
            Words.Events.ContainsKey(name[(name.IndexOf('_', StringComparison.Ordinal) + 1)..]).ShouldBeTrue(name);
    }
}
