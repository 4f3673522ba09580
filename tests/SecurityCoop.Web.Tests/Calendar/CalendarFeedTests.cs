using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Tests.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Calendar;

/// <summary>Private addresses of calendars: whoever knows one reads it, as long as its maker may and wants it.</summary>
public sealed class CalendarFeedTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task An_address_is_told_once_and_answers_without_any_other_sign_in()
    {
        await Due("DZ", "one");
        await Due("EE", "another's");
        var made = await Make("""{"name": "Algeria", "partners": ["DZ"], "kinds": ["due"], "lang": "fr"}""");
        var address = Address(made);
        made.Status.ShouldBe(HttpStatusCode.Created);
        made.Headers.Location!.ToString().ShouldBe(address);
        made.Position.ShouldBe(await host.Head());
        address.ShouldMatch($@"\A{host.Address}/calendar/sc_[A-Za-z0-9_-]{{43}}\.ics\z");

        using var nobody = host.Client(null);
        var answer = await nobody.Read(address);
        var read = await ReadCalendar.Of(answer);
        read.Name.ShouldBe("Algeria");
        read.Lines.ShouldBe(["2026-03-05 CONFIRMED Échéance (Algérie) : one"]);
        answer.Position.ShouldBe(await host.Head());
        (await nobody.Read(address, ("If-None-Match", answer.ETag!))).Status.ShouldBe(HttpStatusCode.NotModified);
        var head = await nobody.Send(HttpMethod.Head, address, null);
        (head.Status, head.ETag, head.Text).ShouldBe((HttpStatusCode.OK, answer.ETag, ""));

        var listed = await host.Http.Read("/api/calendar/feeds");
        var mine = listed.Items.Single(f => f.GetProperty("id").GetString() == Id(made));
        (mine.GetProperty("name").GetString(), mine.GetProperty("live").GetBoolean()).ShouldBe(("Algeria", true));
        listed.Text.ShouldNotContain("sc_");
    }

    [Fact]
    public async Task A_revoked_address_is_one_that_never_was_and_at_once()
    {
        var made = await Make("{}");
        using var nobody = host.Client(null);
        (await nobody.Read(Address(made))).Status.ShouldBe(HttpStatusCode.OK);
        var revoked = await host.Http.Record($"/api/calendar/feeds/{Id(made)}/revocation", "{}");
        revoked.Json.GetProperty("live").GetBoolean().ShouldBeFalse();
        (await nobody.Read(Address(made))).ShouldBeProblem(404, "not-found");
        (await host.Http.Read("/api/calendar/feeds")).Items.ShouldNotContain(f => f.GetProperty("id").GetString() == Id(made));
        var again = await host.Http.Record($"/api/calendar/feeds/{Id(made)}/revocation", "");
        again.Json.GetProperty("revokedAt").GetString().ShouldBe(revoked.Json.GetProperty("revokedAt").GetString());

        (await nobody.Read($"/calendar/{AccessTokens.NewSecret()}.ics")).ShouldBeProblem(404, "not-found");
        (await nobody.Read("/calendar/x.ics")).ShouldBeProblem(404, "not-found");
    }

    [Fact]
    public async Task Nobody_elses_feed_can_be_listed_or_revoked()
    {
        var made = await Make("{}");
        using var other = await host.As(Marking.Secret, Role.Recorder);
        (await other.Command($"/api/calendar/feeds/{Id(made)}/revocation", "")).ShouldBeProblem(404, "not-found");
        (await other.Command("/api/calendar/feeds/not-an-id/revocation", "")).ShouldBeProblem(404, "not-found");
        (await other.Read("/api/calendar/feeds")).Items.ShouldBeEmpty();
        using var nobody = host.Client(null);
        (await nobody.Read(Address(made))).Status.ShouldBe(HttpStatusCode.OK);
        (await nobody.Read("/api/calendar/feeds")).ShouldBeProblem(401, "unauthenticated");
        (await nobody.Command("/api/calendar/feeds", "{}")).ShouldBeProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task It_shows_what_its_maker_may_see_and_no_more_than_its_own_clearance()
    {
        foreach (var marking in (string[])["open", "restricted", "confidential", "secret"]) await Due("FI", marking, marking);
        async Task<string> Seen(string body, HttpClient by)
        {
            using var nobody = host.Client(null);
            return string.Join(' ', (await ReadCalendar.Of(await nobody.Read(Address(await by.Command("/api/calendar/feeds", body))))).Events.Select(e => e.Summary.Split(' ')[^1]).Order(StringComparer.Ordinal));
        }
        (await Seen("""{"partners": ["FI"]}""", host.Http)).ShouldBe("open restricted");
        (await Seen("""{"partners": ["FI"], "clearance": "open"}""", host.Http)).ShouldBe("open");
        (await Seen("""{"partners": ["FI"], "clearance": "secret"}""", host.Http)).ShouldBe("confidential open restricted secret");
        using var cleared = await host.As(Marking.Open, Role.Reader);
        (await Seen("""{"partners": ["FI"]}""", cleared)).ShouldBe("open");
        (await cleared.Command("/api/calendar/feeds", """{"clearance": "restricted"}""")).ShouldBeProblem(403, "marking-above-clearance", "/clearance");
    }

    [Fact]
    public async Task With_its_makers_token_it_ends()
    {
        var tokens = host.Services.GetRequiredService<AccessTokens>();
        var (id, token) = await tokens.Create("leaver", new HashSet<Role> { Role.Reader }, Marking.Secret, "test", null, default);
        var (_, successor) = await tokens.Create("leaver", new HashSet<Role> { Role.Reader }, Marking.Secret, "test", null, default);
        using var leaver = host.Client(token);
        var made = await leaver.Command("/api/calendar/feeds", "{}");
        using var nobody = host.Client(null);
        (await nobody.Read(Address(made))).Status.ShouldBe(HttpStatusCode.OK);
        await tokens.Revoke(id, default);
        (await nobody.Read(Address(made))).ShouldBeProblem(404, "not-found");

        using var later = host.Client(successor);
        (await later.Read("/api/calendar/feeds")).Items.ShouldHaveSingleItem().GetProperty("live").GetBoolean().ShouldBeFalse();
        (await later.Command($"/api/calendar/feeds/{Id(made)}/revocation", "")).Status.ShouldBe(HttpStatusCode.OK);
        (await later.Read("/api/calendar/feeds")).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task It_is_good_for_a_year_or_the_days_asked_for_and_then_answers_as_an_unknown_one()
    {
        static double Days(Answer made) => (made.Json.GetProperty("feed").GetProperty("expiresAt").GetDateTime() - DateTime.UtcNow).TotalDays;
        Days(await Make("{}")).ShouldBe(365, 0.01);
        var made = await Make("""{"days": 2}""");
        Days(made).ShouldBe(2, 0.01);
        using var nobody = host.Client(null);
        (await nobody.Read(Address(made))).Status.ShouldBe(HttpStatusCode.OK);
        await using (var database = Npgsql.NpgsqlDataSource.Create(host.OwnerConnection))
        await using (var age = database.CreateCommand($"update register.calendar_feed set created_at = now() - interval '3 days', expires_at = now() - interval '1 second' where id = '{Id(made)}'"))
            await age.ExecuteNonQueryAsync();
        var (expired, unknown) = (await nobody.Read(Address(made)), await nobody.Read($"/calendar/{AccessTokens.NewSecret()}.ics"));
        expired.ShouldBeProblem(404, "not-found");
        expired.Text.Replace(new Uri(Address(made)).AbsolutePath, "", StringComparison.Ordinal)
            .ShouldBe(unknown.Text.Replace(unknown.Json.GetProperty("instance").GetString()!, "", StringComparison.Ordinal));
        var listed = (await host.Http.Read("/api/calendar/feeds")).Items.Single(f => f.GetProperty("id").GetString() == Id(made));
        listed.GetProperty("live").GetBoolean().ShouldBeFalse();
        (await host.Http.Read("/calendar?lang=en", ("Accept", "text/html"))).Text.ShouldContain("expired");
        foreach (var days in (int[])[0, -1, 3651]) (await Make($$"""{"days": {{days}}}""")).ShouldBeProblem(400, "out-of-range", "/days");
    }

    [Fact]
    public async Task A_feed_made_in_the_browser_outlasts_the_session_and_not_the_token_behind_it()
    {
        var tokens = host.Services.GetRequiredService<AccessTokens>();
        var (id, _) = await tokens.Create("browser", new HashSet<Role> { Role.Reader }, Marking.Open, "test", null, default);
        var session = (await tokens.CreateSession(id, default))!.Value.Token;
        using var nobody = host.Client(null);
        var made = await nobody.Command("/api/calendar/feeds", "{}", ("Cookie", $"{SignIn.Cookie}={session}"), ("Sec-Fetch-Site", "same-origin"));
        await tokens.Revoke((await tokens.Find(session, default))!.Id, default);
        (await nobody.Read(Address(made))).Status.ShouldBe(HttpStatusCode.OK);
        await tokens.Revoke(id, default);
        (await nobody.Read(Address(made))).ShouldBeProblem(404, "not-found");
    }

    [Fact]
    public async Task Whoever_may_no_longer_read_is_read_by_nobody()
    {
        var made = await Make("{}", await host.NewToken("turned", Marking.Open, Role.Reader));
        await using (var database = Npgsql.NpgsqlDataSource.Create(host.OwnerConnection))
        await using (var turn = database.CreateCommand("update register.access_token set roles = '{administrator}' where subject = 'turned'")) await turn.ExecuteNonQueryAsync();
        using var nobody = host.Client(null);
        (await nobody.Read(Address(made))).ShouldBeProblem(404, "not-found");
    }

    [Fact]
    public async Task Of_the_secret_only_a_digest_is_kept_and_no_log_has_it()
    {
        var made = await Make("{}");
        var secret = Address(made).Split('/')[^1][..^".ics".Length];
        using var nobody = host.Client(null);
        (await nobody.Read(Address(made))).Status.ShouldBe(HttpStatusCode.OK);
        await host.Http.Record($"/api/calendar/feeds/{Id(made)}/revocation", "");
        (await nobody.Read(Address(made))).Status.ShouldBe(HttpStatusCode.NotFound);
        (await nobody.Command(Address(made), "{}")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        host.Logs.ShouldNotContain(secret);
        (await host.Ask<string>("select string_agg(f::text, ' ') from register.calendar_feed f")).ShouldNotContain(secret);
        (await host.Ask<long>("select count(*) from register.calendar_feed where length(secret_hash) <> 32")).ShouldBe(0);
    }

    [Fact]
    public async Task What_goes_wrong_at_an_address_is_logged_without_it()
    {
        var made = await Make("{}");
        await using var database = Npgsql.NpgsqlDataSource.Create(host.OwnerConnection);
        async Task Rename(string from, string to)
        {
            await using var rename = database.CreateCommand($"alter table register.calendar_feed rename column {from} to {to}");
            await rename.ExecuteNonQueryAsync();
        }
        await Rename("owner", "renamed");
        using var nobody = host.Client(null);
        try
        {
            (await nobody.Read(Address(made))).Status.ShouldBe(HttpStatusCode.InternalServerError);
        }
        finally
        {
            await Rename("renamed", "owner");
        }
        host.Logs.ShouldContain("Unforeseen at /calendar/{secret}.ics");
        host.Logs.ShouldNotContain(Address(made).Split('/')[^1][..^".ics".Length]);
    }

    [Theory]
    [InlineData("""{"partners": ["DK", "ZZ"]}""", "unknown-partner", "/partners/1")]
    [InlineData("""{"kinds": ["due", "dues"]}""", "unknown-code", "/kinds/1")]
    [InlineData("""{"lang": "de"}""", "unknown-code", "/lang")]
    [InlineData("""{"name": "a\nb"}""", "invalid-text", "/name")]
    [InlineData("""{"owner": "a\u0000b"}""", "invalid-text", "/owner")]
    [InlineData("""{"secret": "mine"}""", "unknown-field", "/secret")]
    public async Task What_a_feed_cannot_show_is_refused(string body, string slug, string field) => (await Make(body)).ShouldBeProblem(400, slug, field);

    [Fact]
    public async Task A_name_has_an_end_and_so_have_feeds()
    {
        (await Make($$"""{"name": "{{new string('x', 101)}}"}""")).ShouldBeProblem(400, "too-long", "/name");
        using var hoarder = host.Client(await host.NewToken("hoarder", Marking.Open, Role.Reader));
        for (var i = 0; i < 50; i++) (await hoarder.Command("/api/calendar/feeds", "{}")).Status.ShouldBe(HttpStatusCode.Created);
        (await hoarder.Command("/api/calendar/feeds", "{}")).ShouldBeProblem(409, "too-many-feeds");
        var first = (await hoarder.Read("/api/calendar/feeds")).Items[0].GetProperty("id").GetString();
        await hoarder.Record($"/api/calendar/feeds/{first}/revocation", "");
        (await hoarder.Command("/api/calendar/feeds", "{}")).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("update register.calendar_feed set clearance = 'secret'")]
    [InlineData("update register.calendar_feed set secret_hash = '\\x00'")]
    [InlineData("delete from register.calendar_feed")]
    public async Task The_applications_role_can_revoke_a_feed_and_change_nothing_else(string statement)
    {
        await using var database = Npgsql.NpgsqlDataSource.Create(host.ApplicationConnection);
        await using var command = database.CreateCommand(statement);
        (await Should.ThrowAsync<Npgsql.PostgresException>(command.ExecuteNonQueryAsync())).SqlState.ShouldBe(Npgsql.PostgresErrorCodes.InsufficientPrivilege);
    }

    Task<Answer> Due(string partner, string what, string marking = "open") =>
        host.Http.Record("/api/actions", $$"""{"partner": "{{partner}}", "what": "{{what}}", "owedBy": "home", "on": "2026-01-10", "due": "2026-03-05", "marking": "{{marking}}"}""");

    async Task<Answer> Make(string body, string? token = null)
    {
        using var other = token is null ? null : host.Client(token);
        return await (other ?? host.Http).Command("/api/calendar/feeds", body);
    }

    static string Address(Answer made) => made.Json.ValueKind == JsonValueKind.Object && made.Json.TryGetProperty("address", out var address) ? address.GetString()! : throw new Xunit.Sdk.XunitException(made.Text);

    static string Id(Answer made) => made.Json.GetProperty("id").GetString()!;
}
