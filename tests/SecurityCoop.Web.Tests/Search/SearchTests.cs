using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SecurityCoop.Register;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Time;
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
        while (await index.Reach(default) < await host.Head()) await Task.Delay(20);
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

    [Fact]
    public async Task Of_more_records_than_are_read_the_best_come_first_and_of_equals_the_latest()
    {
        const int Count = WordIndex.MostStreams + 500;
        var first = new DateOnly(2015, 1, 1);
        Task Agreed(string what, DateOnly on)
        {
            var command = Guid.CreateVersion7();
            var agreed = new ActionAgreed { Partner = "NL", What = what, OwedBy = OwedBy.Home, On = Edtf.On(on) };
            return host.Store.Append(new(command, [new($"action-{Guid.CreateVersion7()}", "action", 0, [new(Guid.CreateVersion7(), agreed, new("test", command, "restricted") { Effective = agreed.On.Text })], ReferencePrefix: "NL-ACT")]));
        }
        // The best is the oldest of all, and the latest days are recorded before the others.
        await Agreed("Samovar", first);
        foreach (var chunk in Enumerable.Range(0, Count).Select(i => first.AddDays(Count - i)).Chunk(100))
            await Task.WhenAll(chunk.Select(day => Agreed("The samovar is sent to the office of the liaison magistrate in due time, as was agreed at the last meeting of both sides there", day)));
        foreach (var indexed in (bool[])[false, true])
        {
            if (indexed) await Indexed();
            var answer = await host.Http.Read("/api/search?q=samovar&limit=30");
            answer.Json.GetProperty("truncated").GetBoolean().ShouldBeTrue();
            answer.Items[0].GetProperty("title").GetString().ShouldBe("Samovar");
            answer.Items.Skip(1).Select(i => i.GetProperty("on").GetString()).ShouldBe(Enumerable.Range(0, 29).Select(i => first.AddDays(Count - i).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
            (await host.Http.Read("/api/search?q=samovar magistrate&limit=1")).Items[0].GetProperty("on").GetString().ShouldBe(first.AddDays(Count).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public async Task A_merged_person_is_found_once_as_the_one_who_stands_for_it_by_the_names_of_either()
    {
        async Task<string> Person(string name) => (await host.Http.Record("/api/people", $$"""{"name": "{{name}}", "marking": "open"}""")).Reference!;
        var (first, second, stays) = (await Person("Vercingetorix Someone"), await Person("Dumnorix Someone"), await Person("Ambiorix Someone"));
        var hidden = await Person("Orgetorix Someone");
        await host.Http.Record($"/api/people/{first}/offices", """{"title": "Druid in charge of mistletoe"}""");
        foreach (var (gone, into) in ((string, string)[])[(first, second), (second, stays), (hidden, stays)])
            await host.Http.Record($"/api/people/{gone}/merges", $$"""{"into": "{{into}}", "reason": "one person"}""");
        await host.Http.Record($"/api/records/{hidden}/marking", """{"marking": "secret", "reason": "a source of ours"}""");

        foreach (var q in (string[])["Vercingetorix", "Dumnorix", "Ambiorix", "Orgetorix", "Vercingetorix Ambiorix", "mistletoe Ambiorix", "mistletoe", first, second, stays]) (await Find(q)).ShouldBe([stays], q);
        var found = (await host.Http.Read("/api/search?q=Vercingetorix")).Items.Single();
        found.GetProperty("names").EnumerateArray().Select(n => n.GetProperty("value").GetString()).ShouldBe(["Vercingetorix Someone"]);
        var office = (await host.Http.Read("/api/search?q=mistletoe")).Items.Single().GetProperty("matches")[0];
        (await host.Http.Read($"/api/people/{stays}")).Json.GetProperty("absorbed")[0].GetString().ShouldBe(second);
        office.GetProperty("field").GetString().ShouldBe("/absorbed/0");

        using var low = await host.As(Marking.Open, Role.Recorder);
        (await Find("Vercingetorix", low)).ShouldBe([stays]);
        (await Find("Orgetorix", low)).ShouldBeEmpty();
        (await Find(hidden, low)).ShouldBeEmpty();

        using var other = host.Client(await host.NewToken("second", Marking.Secret, Role.Steward));
        await host.Http.Record($"/api/people/{first}/erasure", """{"legalBasis": "a law", "reason": "asked for"}""");
        await other.Record($"/api/people/{first}/erasure/approval", """{"reason": "right"}""");
        foreach (var q in (string[])["Vercingetorix", "Dumnorix", "Ambiorix", "Orgetorix"]) (await Find(q)).ShouldBeEmpty(q); // An erasure is of the person.
        (await Find(first)).ShouldBe([stays]);
    }

    [Fact]
    public async Task A_merged_organisation_is_found_as_the_one_that_stands_for_it()
    {
        async Task<string> Organisation(string name) => (await host.Http.Record("/api/organisations", $$$"""{"names": {"fr": "{{{name}}}"}, "country": "NO"}""")).Reference!;
        var (gone, stays) = (await Organisation("Politiets sikkerhetstjeneste"), await Organisation("Service norvégien de sûreté"));
        await host.Http.Record($"/api/organisations/{gone}/merges", $$"""{"into": "{{stays}}", "reason": "one service"}""");
        foreach (var q in (string[])["sikkerhetstjeneste", "norvegien surete", "Politiets Norvège"]) (await Find(q)).ShouldBe([stays], q);
        (await Find(gone))[0].ShouldBe(stays);
    }
}
