using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Search;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Search;

/// <summary>Search is current, shows what stands, and shows nobody what is not for them.</summary>
public sealed class SearchTests(HostFixture host) : IClassFixture<HostFixture>
{
    async Task<IReadOnlyList<string>> Find(string q, HttpClient? http = null, string more = "")
    {
        var answer = await (http ?? host.Http).Read($"/api/search?q={Uri.EscapeDataString(q)}{more}");
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return [.. answer.Items.Select(i => i.GetProperty("reference").GetString()!)];
    }

    async Task<string> Action(string what, string marking = "restricted", string partner = "LU") =>
        (await host.Http.Record("/api/actions", $$"""{"partner": "{{partner}}", "what": "{{what}}", "owedBy": "home", "on": "2026-01-05", "marking": "{{marking}}"}""")).Reference!;

    async Task Indexed()
    {
        var index = host.Services.GetRequiredService<WordIndex>();
        while (await index.Advance(default) < await host.Head()) { }
    }

    [Fact]
    public async Task What_was_just_recorded_is_found_and_what_was_corrected_away_or_withdrawn_is_not_before_and_after_it_is_indexed()
    {
        for (var round = 0; round < 3; round++)
        {
            var action = await Action("Zephyrine exchange of liaison officers");
            (await Find("zephyrine")).ShouldBe([action]);
            await host.Http.Record($"/api/actions/{action}/follow-ups", """{"on": "2026-01-06", "note": "Quokka talks begun"}""");
            (await Find("quokka zephyrine")).ShouldBe([action]);
            if (round == 1) await Indexed();
            (await Find("quokka zephyrine")).ShouldBe([action]);
            await host.Http.Record($"/api/actions/{action}/corrections", """{"fields": {"what": "Exchange of liaison officers"}, "reason": "misheard"}""");
            (await Find("zephyrine")).ShouldBeEmpty();
            (await Find("quokka liaison")).ShouldBe([action]);
            if (round == 2) await Indexed();
            await host.Http.Record($"/api/actions/{action}/withdrawal", """{"reason": "not ours"}""");
            (await Find("quokka")).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task What_is_above_the_clearance_is_not_found()
    {
        var (open, secret) = (await Action("Wombat patrol", "open"), await Action("Wombat raid", "secret"));
        using var reader = await host.As(Marking.Open, Role.Reader);
        (await Find("wombat", reader)).ShouldBe([open]);
        (await Find("wombat")).ShouldBe([open, secret], ignoreOrder: true);
        (await Find(secret, reader)).ShouldBeEmpty();
        (await reader.Read("/api/search?q=raid")).Text.ShouldNotContain("raid");
    }

    [Fact]
    public async Task Spelling_accents_plurals_and_Arabic_orthography_do_not_matter()
    {
        var action = await Action("Échange régulier d’expertises sur la cybersécurité, الأمن السيبراني والجريمة الإلكترونيّة");
        foreach (var q in (string[])["echanges reguliers", "ÉCHANGE RÉGULIÈRE", "expertise", "cybersécur", "cyber", "الامن السيبراني", "أمن سيبراني", "الجريمه الالكترونيه", "جريمة إلكترونية", "والجريمة", "للأمن", "l’échange"])
            (await Find(q, more: "&partner=LU")).ShouldContain(action, q);
        (await Find("échange cyberdéfense", more: "&partner=LU")).ShouldNotContain(action);
    }

    [Fact]
    public async Task A_name_is_found_in_all_its_forms_by_who_may_see_names_and_each_shown_is_on_record()
    {
        var person = (await host.Http.Record("/api/people", """{"name": "Mohammed Someone", "script": "Latn"}""")).Reference!;
        await host.Http.Record($"/api/people/{person}/variants", """{"name": "محمد", "script": "Arab"}""");
        await host.Http.Record($"/api/people/{person}/variants", """{"name": "Nemo Nobodyssey", "erroneous": true}""");
        foreach (var q in (string[])["Mohammed", "Muhammad", "mohamed", "محمد", "مُحَمَّد", "Someone", "Somoene", "someo", "Mohamed Someone"]) (await Find(q)).ShouldContain(person, q);
        (await Find("Someone Nobodyssey Mohammed Elsewhere")).ShouldBeEmpty();

        var wrong = (await host.Http.Read("/api/search?q=Nobodyssey")).Items.Single().GetProperty("names")[0];
        wrong.GetProperty("kind").GetString().ShouldBe("erroneous");
        wrong.GetProperty("value").GetString().ShouldBe("Nemo Nobodyssey");
        var opening = (await host.Http.Read($"/api/audit/openings?subject={person}&limit=500")).Items[^1];
        opening.GetProperty("query").GetString().ShouldBe("GET /api/search");
        opening.GetProperty("position").GetInt64().ShouldBe(await host.Head());

        using var reader = await host.As(Marking.Secret, Role.Reader);
        using var low = await host.As(Marking.Open, Role.Recorder);
        (await Find("Nobodyssey", reader)).ShouldBeEmpty();
        (await Find("Nobodyssey", low)).ShouldBeEmpty();
        (await Find("Nobodyssey")).ShouldBe([person]);
        (await host.Ask<long>("select count(*) from register.search_words where words::text ilike '%nobodyssey%'")).ShouldBe(0);
    }

    [Fact]
    public async Task A_name_is_found_after_a_restart_and_never_after_its_erasure()
    {
        var person = (await host.Http.Record("/api/people", """{"name": "Temporary Qwertzuiop"}""")).Reference!;
        (await Find("Qwertzuiop")).ShouldBe([person]);
        await host.Restart();
        while ((await host.Http.Read("/api/search?q=Qwertzuiop")).Json.GetProperty("names").GetString() == "loading") await Task.Delay(20);
        (await Find("Qwertzuiop")).ShouldBe([person]);

        using var other = host.Client(await host.NewToken("second", Marking.Secret, Role.Steward));
        await host.Http.Record($"/api/people/{person}/erasure", """{"legalBasis": "a law", "reason": "asked for"}""");
        await other.Record($"/api/people/{person}/erasure/approval", """{"reason": "right"}""");
        (await Find("Qwertzuiop")).ShouldBeEmpty();
        await host.Restart();
        while ((await host.Http.Read("/api/search?q=Qwertzuiop")).Json.GetProperty("names").GetString() == "loading") await Task.Delay(20);
        (await Find("Qwertzuiop")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_text_that_is_protected_for_a_person_is_not_found()
    {
        var person = (await host.Http.Record("/api/people", """{"name": "Some Body"}""")).Reference!;
        var action = await Action("Ordinary matter of protection");
        await host.Http.Record($"/api/actions/{action}/follow-ups", $$"""{"on": "2026-01-06", "note": "Xylophonist met", "protectFor": "{{person}}"}""");
        (await Find("xylophonist")).ShouldBeEmpty();
        await Indexed();
        (await Find("xylophonist")).ShouldBeEmpty();
        (await host.Ask<long>("select count(*) from register.search_words where words::text ilike '%xylophon%'")).ShouldBe(0);
    }

    [Fact]
    public async Task An_index_made_by_an_older_program_is_made_anew_and_two_hosts_fill_it_once()
    {
        var action = await Action("Armadillo exchange");
        await Indexed();
        var before = await host.Ask<long>("select count(*) from register.search_words");
        before.ShouldBeGreaterThan(0);
        const string Blank = "select count(*) from register.search_words where words = ''"; // Of texts with words of grammar only.
        var blank = await host.Ask<long>(Blank);
        blank.ShouldBeLessThan(before);
        await host.Restart(() =>
        {
            using var owner = new NpgsqlConnection(host.OwnerConnection);
            owner.Open();
            using var age = new NpgsqlCommand("alter table register.search_index drop constraint search_index_definition_check; update register.search_index set definition = 0; update register.search_words set words = ''", owner);
            age.ExecuteNonQuery();
        });
        var index = host.Services.GetRequiredService<WordIndex>();
        while (await host.Ask<int>("select definition from register.search_index") == 0) await Task.Delay(20);
        await Task.WhenAll(Indexed(), Indexed(), Indexed());
        (await host.Ask<long>(Blank)).ShouldBe(blank);
        (await host.Ask<long>("select count(*) - count(distinct position) from register.search_words")).ShouldBe(0);
        (await host.Ask<long>("select count(*) from register.search_words")).ShouldBeGreaterThanOrEqualTo(before);
        (await Find("armadillo")).ShouldBe([action]);
    }
}
