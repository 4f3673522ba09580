using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Access;

/// <summary>An administrator decides who may do what; an auditor reads what was decided.</summary>
public sealed class UserEndpointTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task A_user_is_described_given_rights_and_a_token_and_works_with_it()
    {
        using var administrator = await host.As(Marking.Open, Role.Administrator);
        var described = await administrator.Record("/api/users", """{"subject": "desk-1", "name": "A Name Of Somebody", "roles": ["recorder"], "clearance": "confidential", "groups": ["desk"]}""");
        described.Status.ShouldBe(HttpStatusCode.Created);
        described.Events.ShouldBe(["user_described", "user_roles_set", "user_clearance_set", "user_groups_set"]);
        described.Headers.Location!.ToString().ShouldBe($"/api/users/{described.Reference}");

        var made = await administrator.Record($"/api/users/{described.Reference}/tokens", """{"days": 30}""");
        made.Status.ShouldBe(HttpStatusCode.Created);
        using var desk = host.Client(made.Json.GetProperty("token").GetString());
        (await desk.Record("/api/sources", """{"title": "x", "marking": "confidential"}""")).Events.ShouldBe(["source_registered"]);
        (await desk.Read("/api/users")).ShouldBeProblem(403, "forbidden");

        var user = (await administrator.Read("/api/users/desk-1")).Json;
        user.GetProperty("name").GetProperty("value").GetString().ShouldBe("A Name Of Somebody");
        user.GetProperty("roles")[0].GetString().ShouldBe("recorder");
        user.GetProperty("groups")[0].GetString().ShouldBe("desk");
        var token = user.GetProperty("tokens")[0];
        token.GetProperty("madeBy").GetString().ShouldBe("administrator");
        token.GetProperty("live").GetBoolean().ShouldBeTrue();
        token.GetProperty("lastUsed").GetDateTime().Minute.ShouldBe(0); // To the hour.

        // What an administrator does is there for an auditor, by actor; what the name is stands nowhere.
        using var auditor = await host.As(Marking.Restricted, Role.Auditor);
        var history = await auditor.Read($"/api/audit/records/{described.Reference}");
        history.Json.GetProperty("events").EnumerateArray().ShouldAllBe(e => e.GetProperty("actor").GetString() == "administrator");
        history.Text.ShouldNotContain("A Name Of Somebody");
        // The name was opened for the administrator, and that is recorded.
        (await auditor.Read("/api/audit/openings?actor=administrator")).Items.ShouldContain(o => o.GetProperty("subjects")[0].GetString() == described.Reference);
    }

    [Fact]
    public async Task What_a_user_may_do_changes_at_once()
    {
        var (token, reference) = await User("desk-2", Role.Recorder);
        using var desk = host.Client(token);
        (await desk.Read("/api/meetings")).Status.ShouldBe(HttpStatusCode.OK);
        await host.Http.Record($"/api/users/{reference}/roles", """{"roles": []}""");
        (await desk.Read("/api/meetings")).ShouldBeProblem(403, "no-role");
        await host.Http.Record($"/api/users/{reference}/roles", """{"roles": ["auditor"]}""");
        (await desk.Read("/api/audit/events")).Status.ShouldBe(HttpStatusCode.OK);
        await host.Http.Record($"/api/users/{reference}/clearance", """{"clearance": "open"}""");
        (await desk.Command("/api/people/PER-0001/erasure/approval", """{"reason": "x", "marking": "restricted"}""")).Status.ShouldBe(HttpStatusCode.NotFound);
        await host.Http.Record($"/api/users/{reference}/disabling", """{"reason": "left the desk"}""");
        (await desk.Read("/api/meetings")).ShouldBeProblem(401, "unauthenticated");
        await host.Http.Record($"/api/users/{reference}/enabling", "{}");
        (await desk.Read("/api/meetings")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_stream_of_events_ends_when_what_its_reader_may_see_changes()
    {
        var (token, reference) = await User("auditor-2", Role.Auditor);
        using var http = host.Client(token);
        await using var stream = await Sse.Open(http, "/api/events");
        await stream.Next();
        await host.Http.Record($"/api/users/{reference}/clearance", """{"clearance": "open"}""");
        host.Clock.Pass(TimeSpan.FromMinutes(1));
        await host.Http.Record("/api/sources", """{"title": "not for them any more"}""");
        (await stream.End()).ShouldNotContain("not for them");
    }

    [Fact]
    public async Task A_token_ends_for_good_and_its_session_with_it()
    {
        var (token, reference) = await User("desk-3", Role.Reader);
        using var desk = host.Client(token);
        var id = (await host.Http.Read($"/api/users/{reference}")).Json.GetProperty("tokens")[0].GetProperty("id").GetString();
        var tokens = host.Services.GetRequiredService<AccessTokens>();
        var session = (await tokens.CreateSession(Guid.Parse(id!), default))!.Value.Token;
        using var browser = host.Client(null);
        (await browser.Read("/api/meetings", ("Cookie", $"{SignIn.Cookie}={session}"))).Status.ShouldBe(HttpStatusCode.OK);

        (await host.Http.Record($"/api/users/{reference}/tokens/revocation", $$"""{"token": "{{id}}"}""")).Events.ShouldBe(["user_token_ended"]);
        (await desk.Read("/api/meetings")).ShouldBeProblem(401, "unauthenticated");
        (await browser.Read("/api/meetings", ("Cookie", $"{SignIn.Cookie}={session}"))).ShouldBeProblem(401, "unauthenticated");
        (await host.Http.Record($"/api/users/{reference}/tokens/revocation", $$"""{"token": "{{id}}"}""")).Events.ShouldBeEmpty();
        var line = (await host.Http.Read($"/api/users/{reference}")).Json.GetProperty("tokens")[0];
        line.GetProperty("live").GetBoolean().ShouldBeFalse();
        line.TryGetProperty("endedAt", out _).ShouldBeTrue();
        (await host.Http.Command($"/api/users/{reference}/tokens/revocation", """{"token": "01993c5e-0000-7000-8000-0000000000aa"}""")).ShouldBeProblem(404, "not-found");
    }

    [Theory]
    [InlineData("", 90)]
    [InlineData("\"days\": 7", 7)]
    [InlineData("\"unlimited\": true", null)]
    public async Task A_token_expires_unless_it_was_asked_that_it_does_not(string asked, int? days)
    {
        var (_, reference) = await User($"desk-of-{days ?? 0}", Role.Reader);
        var made = await host.Http.Record($"/api/users/{reference}/tokens", $$"""{{{asked}}}""");
        if (days is not { } expected) made.Json.TryGetProperty("until", out _).ShouldBeFalse();
        else (made.Json.GetProperty("until").GetDateTime() - DateTime.UtcNow).TotalDays.ShouldBe(expected, 0.1);
    }

    [Theory]
    [InlineData("/tokens", """{"days": 0}""", 400, "out-of-range", "/days")]
    [InlineData("/tokens", """{"days": 4000}""", 400, "out-of-range", "/days")]
    [InlineData("/tokens", """{"days": 3, "unlimited": true}""", 400, "days-or-unlimited", "/unlimited")]
    [InlineData("/roles", """{"roles": ["emperor"]}""", 400, "unknown-code", "/roles/0")]
    [InlineData("/roles", """{}""", 400, "required", "/roles")]
    [InlineData("/clearance", """{"clearance": "top"}""", 400, "unknown-code", "/clearance")]
    [InlineData("/groups", """{"groups": [""]}""", 400, "not-a-group", "/groups/0")]
    [InlineData("/roles", """{"roles": [], "marking": "open"}""", 400, "unknown-field", "/marking")]
    [InlineData("/erasure", """{"legalBasis": "law"}""", 400, "required", "/reason")]
    public async Task What_makes_no_sense_is_refused_by_name(string what, string body, int status, string slug, string field)
    {
        var (_, reference) = await User("desk-4", Role.Reader);
        var head = await host.Head();
        (await host.Http.Command($"/api/users/{reference}{what}", body)).ShouldBeProblem(status, slug, field);
        (await host.Head()).ShouldBe(head);
    }

    [Fact]
    public async Task A_subject_is_somebodys_once_and_the_hosts_own_are_nobodys()
    {
        await User("desk-5", Role.Reader);
        (await host.Http.Command("/api/users", """{"subject": "desk-5"}""")).ShouldBeProblem(400, "subject-taken", "/subject");
        foreach (var own in (string[])["console", "host", "seeds"])
            (await host.Http.Command("/api/users", $$"""{"subject": "{{own}}"}""")).ShouldBeProblem(400, "subject-taken", "/subject");
        await host.Http.Record("/api/users", """{"issuer": "https://login.example", "issuerSubject": "777"}""");
        (await host.Http.Command("/api/users", """{"issuer": "https://login.example", "issuerSubject": "777"}""")).ShouldBeProblem(400, "subject-taken", "/issuerSubject");
        (await host.Http.Command("/api/users/nobody-there/roles", """{"roles": []}""")).ShouldBeProblem(404, "not-found");
        (await host.Http.Read("/api/users/nobody-there")).ShouldBeProblem(404, "not-found");
    }

    [Fact]
    public async Task An_administrator_changes_no_rights_of_their_own()
    {
        var (token, reference) = await User("administrator-7", Role.Administrator);
        using var http = host.Client(token);
        (await http.Command($"/api/users/{reference}/roles", """{"roles": ["steward", "administrator"]}""")).ShouldBeProblem(403, "own-rights");
        (await http.Command($"/api/users/{reference}/disabling", "{}")).ShouldBeProblem(403, "own-rights");
        var (_, another) = await User("desk-6", Role.Reader);
        (await http.Record($"/api/users/{another}/roles", """{"roles": ["steward"]}""")).Events.ShouldBe(["user_roles_set"]);
    }

    [Fact]
    public async Task A_command_on_a_user_is_safe_to_repeat_and_meant_for_a_version()
    {
        var (_, reference) = await User("desk-8", Role.Reader);
        var version = (await host.Http.Read($"/api/users/{reference}")).ETag!;
        (await host.Http.Command($"/api/users/{reference}/groups", """{"groups": ["a"]}""", ("If-Match", "\"99\""))).ShouldBeProblem(412, "stale-version");
        var first = await host.Http.Record($"/api/users/{reference}/groups", """{"groups": ["a"]}""", ("If-Match", version), ("Idempotency-Key", "groups"));
        var again = await host.Http.Record($"/api/users/{reference}/groups", """{"groups": ["a"]}""", ("If-Match", version), ("Idempotency-Key", "groups"));
        again.Text.ShouldBe(first.Text);
        (await host.Http.Record($"/api/users/{reference}/groups", """{"groups": ["a"]}""")).Events.ShouldBeEmpty();
        var head = await host.Head();
        (await host.Http.Command($"/api/users/{reference}/groups?dryRun=true", """{"groups": ["b"]}""")).Status.ShouldBe(HttpStatusCode.OK);
        (await host.Head()).ShouldBe(head);
    }

    [Fact]
    public async Task Erasing_a_user_destroys_the_key_and_ends_what_the_user_had()
    {
        var described = await host.Http.Record("/api/users", """{"subject": "desk-9", "name": "Gone Tomorrow", "roles": ["reader"]}""");
        var token = (await host.Http.Record($"/api/users/{described.Reference}/tokens", "{}")).Json.GetProperty("token").GetString();
        (await host.Http.Record($"/api/users/{described.Reference}/erasure", """{"legalBasis": "law 09-08", "reason": "left"}""")).Events.ShouldBe(["user_token_ended", "user_erased"]);
        using var desk = host.Client(token);
        (await desk.Read("/api/meetings")).ShouldBeProblem(401, "unauthenticated");
        var user = (await host.Http.Read($"/api/users/{described.Reference}")).Json;
        user.GetProperty("name").TryGetProperty("erased", out _).ShouldBeTrue();
        user.TryGetProperty("erased", out _).ShouldBeTrue();
        var stored = await host.Store.ReadStream(user.GetProperty("id").GetString()!).FirstAsync();
        (await host.Store.Open(stored, "/name")).ShouldBeNull();
        using var auditor = await host.As(Marking.Restricted, Role.Auditor);
        (await auditor.Read($"/api/audit/records/{described.Reference}")).Json.GetProperty("events")[0].GetProperty("protected")[0].TryGetProperty("erased", out _).ShouldBeTrue();
        (await host.Http.Command($"/api/users/{described.Reference}/enabling", "{}")).ShouldBeProblem(409, "erased");
    }

    [Fact]
    public async Task Users_are_listed_page_by_page_without_names()
    {
        await host.Http.Record("/api/users", """{"subject": "listed-1", "name": "Never In A List"}""");
        await User("listed-2", Role.Reader);
        var subjects = new List<string>();
        for (var path = "/api/users?limit=1"; ;)
        {
            var page = await host.Http.Read(path);
            page.Text.ShouldNotContain("Never In A List");
            subjects.AddRange(page.Items.Select(u => u.GetProperty("subject").GetString()!));
            if (!page.Json.TryGetProperty("next", out var next)) break;
            path = $"/api/users?limit=1&after={next.GetString()}";
        }
        subjects.ShouldBeUnique();
        subjects.ShouldContain("listed-1");
        subjects.ShouldContain("listed-2");
        (await host.Http.Read("/api/users?after=USR-9999")).ShouldBeProblem(400, "invalid-parameter", "?after");
    }

    [Fact]
    public async Task No_reader_finds_a_user_in_any_list_search_or_record()
    {
        await host.Http.Record("/api/users", """{"subject": "unfindable-user", "groups": ["unfindable-group"]}""");
        using var reader = await host.As(Marking.Secret, Role.Reader, Role.Recorder, Role.Validator);
        foreach (var path in (string[])["/api/search?q=unfindable", "/api/people", "/api/changes?from=@0", "/api/meetings", "/api/organisations", "/search?q=unfindable"])
            (await reader.Read(path)).Text.ShouldNotContain("unfindable-");
        (await reader.Read("/api/people/USR-0001")).ShouldBeProblem(404, "not-found");
        (await reader.Read("/api/audit/events")).ShouldBeProblem(403, "forbidden");
    }

    async Task<(string Token, string Reference)> User(string subject, params Role[] roles)
    {
        var (users, tokens) = (host.Services.GetRequiredService<Users>(), host.Services.GetRequiredService<AccessTokens>());
        var made = await users.MakeToken(tokens, subject, "another-administrator", null, "test", null,
            user => user.Exists ? null : Web.Access.Users.Described(subject, "another-administrator", roles, Marking.Restricted), default);
        return (made.Token, made.User.User.Reference!);
    }
}
