using System.Globalization;
using System.Net;
using System.Text.Json;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Partnerships;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>A host whose zone has another day than Greenwich at this hour, and keeps it for an hour at least.</summary>
public sealed class FarHost : HostFixture
{
    public FarHost(TestPostgres postgres) : base(postgres)
    {
        ZoneName = DateTime.UtcNow.Hour >= 11 ? "Pacific/Kiritimati" : "Etc/GMT+12";
        Settings["Register:TimeZone"] = ZoneName;
    }

    public string ZoneName { get; }

    /// <summary>What the clocks of the zone show at an instant.</summary>
    public DateTime Local(DateTime instant) => TimeZoneInfo.ConvertTimeBySystemTimeZoneId(instant, ZoneName);
}

/// <summary>A day that is asked about or shown is one of the register's zone, whatever day it is elsewhere.</summary>
public sealed class RegisterDayTests(FarHost host) : IClassFixture<FarHost>
{
    [Fact]
    public async Task KnownAt_takes_a_day_and_means_its_end()
    {
        var (meeting, day) = await Meeting("SE");
        var path = $"/api/meetings/{meeting}";
        var known = await host.Http.Read($"{path}?knownAt={Text(day)}");
        known.Status.ShouldBe(HttpStatusCode.OK);
        (known.Json.GetProperty("knownAt").GetString(), known.Position).ShouldBe((Text(day), await host.Head()));
        (await host.Http.Read($"{path}?knownAt={Text(day.AddDays(-1))}")).ShouldBeProblem(404, "not-found");
        (await host.Http.Read($"{path}?knownAt={Text(day.AddDays(1))}")).Status.ShouldBe(HttpStatusCode.OK);
        string[] lists =
        [
            "meetings", "actions", "instruments", "people", "organisations", "sources", "occasions", "partnerships", "partnerships/SE",
            "partnerships/SE/timeline",
        ];
        foreach (var list in lists)
        {
            (await host.Http.Read($"/api/{list}?knownAt={Text(day.AddDays(-1))}")).Position.ShouldBe(0, list);
            (await host.Http.Read($"/api/{list}?knownAt={Text(day)}")).Position.ShouldBe(await host.Head(), list);
        }
        (await host.Http.Read($"{path}?knownAt=2026-02-30")).ShouldBeProblem(400, "invalid-known-at", "?knownAt");
        (await host.Http.Read($"{path}?knownAt=9999-12-31")).Status.ShouldBe(HttpStatusCode.OK);
        (await host.Http.Read($"{path}?knownAt=0001-01-01")).ShouldBeProblem(404, "not-found");
    }

    [Theory, InlineData("/api/partnerships/FI/changes", ""), InlineData("/api/changes", "items")]
    public async Task Changes_since_a_day_are_those_from_its_start_and_those_until_one_end_with_it(string path, string items)
    {
        var (meeting, day) = await Meeting("FI");
        (await Changed($"from={Text(day)}")).ShouldBeTrue();
        (await Changed($"from={Text(day)}&to={Text(day)}")).ShouldBeTrue();
        (await Changed($"from={Text(day.AddDays(1))}")).ShouldBeFalse();
        (await Changed($"from={Text(day.AddDays(-2))}&to={Text(day.AddDays(-1))}")).ShouldBeFalse();
        var backwards = await host.Http.Read($"{path}?from={Text(day.AddDays(1))}&to={Text(day.AddDays(-1))}");
        backwards.ShouldBeProblem(400, "from-after-to", "?from");

        async Task<bool> Changed(string query)
        {
            var answer = (await host.Http.Read($"{path}?{query}")).Json;
            IEnumerable<JsonElement> partners = items == "" ? [answer] : answer.GetProperty(items).EnumerateArray();
            var records = partners.SelectMany(p => p.GetProperty("records").EnumerateArray());
            return records.Any(r => r.GetProperty("reference").GetString() == meeting);
        }
    }

    [Fact]
    public async Task The_history_and_the_openings_are_filtered_by_days()
    {
        var (_, day) = await Meeting("NO");
        var person = (await host.Http.Record("/api/people", """{"name": "Somebody"}""")).Reference;
        (await host.Http.Read($"/api/people/{person}")).Status.ShouldBe(HttpStatusCode.OK);
        foreach (var path in (string[])["/api/audit/events", "/api/audit/openings"])
        {
            (await host.Http.Read($"{path}?from={Text(day)}")).Items.ShouldNotBeEmpty(path);
            (await host.Http.Read($"{path}?to={Text(day)}")).Items.ShouldNotBeEmpty(path);
            (await host.Http.Read($"{path}?from={Text(day.AddDays(1))}")).Items.ShouldBeEmpty(path);
            (await host.Http.Read($"{path}?to={Text(day.AddDays(-1))}")).Items.ShouldBeEmpty(path);
            (await host.Http.Read($"{path}?from=0001-01-01&to=9999-12-31")).Items.ShouldNotBeEmpty(path);
            (await host.Http.Read($"{path}?from=0001-01-01T00:00:00Z")).Items.ShouldNotBeEmpty(path);
            (await host.Http.Read($"{path}?to=10:00")).ShouldBeProblem(400, "invalid-instant", "?to");
        }
    }

    [Theory, InlineData("fr"), InlineData("en"), InlineData("ar")]
    public async Task Every_page_shows_the_registers_day_and_names_the_zone_beside_a_time(string code)
    {
        var language = Language.All.Single(l => l.Code == code);
        var (meeting, day) = await Meeting("IS");
        var stored = (await host.Http.Read($"/api/audit/records/{meeting}")).Json.GetProperty("events")[0];
        var (position, recorded) = (stored.GetProperty("position").GetInt64(), host.Local(stored.GetProperty("recordedAt").GetDateTime()));
        var time = $"{language.Say(day)}{language.Comma}{recorded.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} ({host.ZoneName})";

        (await Page($"/partnerships/IS?lang={code}")).ShouldContain($"{language.Say(PartnershipWords.Recorded, language.Say(day))} <bdi dir=\"ltr\">@{position}</bdi>");
        (await Page($"/records/{meeting}?lang={code}")).ShouldContain($"{time} · <bdi dir=\"ltr\">@{position}</bdi>");
        await host.Http.Record("/api/calendar/feeds", "{}");
        (await Page($"/calendar?lang={code}")).ShouldContain($"<td>{language.Say(day)}</td>");

        var instant = stored.GetProperty("recordedAt").GetDateTime().ToString("yyyy-MM-ddTHH:mm:ss'Z'", CultureInfo.InvariantCulture);
        foreach (var path in (string[])["/", "/partnerships/IS"])
        {
            (await Page($"{path}?lang={code}&knownAt={Text(day)}")).ShouldContain(language.Say(Words.AsKnownAtEndOf, language.Say(day)));
            (await Page($"{path}?lang={code}&knownAt={instant}")).ShouldContain(language.Say(Words.AsKnownOn, time));
            (await Page($"{path}?lang={code}&knownAt=@{position}")).ShouldContain(language.Say(Words.AsKnownAt, $"@{position}"));
        }
    }

    [Fact]
    public async Task The_box_since_takes_a_day()
    {
        var (meeting, day) = await Meeting("LV");
        var page = await Page($"/partnerships/LV?lang=en&from={Text(day)}");
        page.ShouldContain($"value=\"{Text(day)}\"");
        var changes = (await host.Http.Read($"/api/partnerships/LV/changes?from={Text(day)}")).Json;
        var words = changes.GetProperty("words").EnumerateArray().Select(w => w.GetString()!).ToList();
        words.ShouldContain(w => w.Contains(meeting, StringComparison.Ordinal));
        foreach (var sentence in words) page.ShouldContain($"<p>{sentence}</p>");
        (await Page($"/partnerships/LV?lang=en&from={Text(day.AddDays(1))}")).ShouldNotContain($"<p>{words[^1]}</p>");
        foreach (var l in Language.All) l.Say(Words.SinceHint).ShouldContain("2026-01-27");
    }

    async Task<(string Reference, DateOnly Day)> Meeting(string partner)
    {
        var body = $$"""{"partners": ["{{partner}}"], "kind": "talks", "date": "2025-03-10"}""";
        var meeting = (await host.Http.Record("/api/meetings", body)).Reference!;
        var history = (await host.Http.Read($"/api/audit/records/{meeting}")).Json;
        var recorded = history.GetProperty("events")[0].GetProperty("recordedAt").GetDateTime();
        return (meeting, DateOnly.FromDateTime(host.Local(recorded)));
    }

    async Task<string> Page(string path) => WebUtility.HtmlDecode((await host.Http.Read(path)).Text);

    static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>Between midnight and one o'clock in Morocco it is still the day before in Greenwich.</summary>
public sealed class AfterMidnightTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task The_pages_ask_about_the_registers_day()
    {
        host.Clock.Set(new(2026, 6, 30, 23, 30, 0, TimeSpan.Zero));
        await host.Http.Record("/api/meetings", """{"partners": ["SE"], "kind": "talks", "date": "2025-03-10"}""");
        (await host.Http.Read("/?lang=en")).Text.ShouldContain("Status of partnerships on 1 July 2026");
        (await host.Http.Read("/partnerships/SE?lang=en")).Text.ShouldContain("On 1 July 2026:");
        (await host.Http.Read("/api/partnerships/SE")).Json.GetProperty("asOf").GetString().ShouldBe("2026-07-01");
    }
}
