using System.Net;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Access;

/// <summary>The first steward, and access tokens on the command line. Each test begins with nobody in the register.</summary>
public sealed class ConsoleAccessTests(AccessHost host) : IClassFixture<AccessHost>, IAsyncLifetime
{
    const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    readonly string data = Path.Combine(Directory.CreateTempSubdirectory("access-").FullName, "data");

    string TokenFile => Path.Combine(data, "token");

    public async ValueTask InitializeAsync() => await host.Change("truncate register.access_token cascade");

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Path.GetDirectoryName(data)!, recursive: true);
        return default;
    }

    [Fact]
    public async Task The_first_start_makes_a_steward_whose_token_lies_in_a_file_for_its_owner_alone()
    {
        var (token, link) = await Start();
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(TokenFile).ShouldBe(OwnersAlone);
        File.ReadAllText(TokenFile).ShouldBe(token + "\n");
        Directory.GetFiles(data).ShouldBe([TokenFile]);
        using var caller = await host.Get("/caller", token);
        (await caller.Content.ReadAsStringAsync()).ShouldBe("steward Steward,Administrator Secret True");
        link!.ShouldStartWith(host.Address + "/sign-in/");
        (await SignsIn(link)).ShouldBe("steward");
    }

    [Fact]
    public async Task Each_later_start_keeps_the_steward_and_makes_a_fresh_link()
    {
        var first = await Start();
        var second = await Start();
        second.Token.ShouldBeNull();
        second.Link.ShouldNotBe(first.Link);
        (await SignsIn(second.Link!)).ShouldBe("steward");
        (await host.Ask<long>("select count(*) from register.access_token where signed_in_with is null")).ShouldBe(1);
        File.ReadAllText(TokenFile).ShouldBe(first.Token + "\n");
    }

    [Fact]
    public async Task Given_a_crash_between_file_and_row_When_it_starts_again_Then_the_token_in_the_file_is_taken_in()
    {
        var (token, _) = await Start();
        await host.Change("truncate register.access_token cascade"); // as if the row had never been committed
        (await Start()).Token.ShouldBe(token);
        using var answer = await host.Get("/", token);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Given_a_file_that_was_lost_When_it_starts_again_Then_the_link_still_signs_in()
    {
        await Start();
        File.Delete(TokenFile);
        var (token, link) = await Start();
        token.ShouldBeNull();
        (await SignsIn(link!)).ShouldBe("steward");
    }

    [Fact]
    public async Task A_revoked_token_in_the_file_does_not_come_back_to_life()
    {
        var first = await Start();
        await host.Tokens.Revoke((await host.Tokens.List(default)).Single().Id, default);
        var second = await Start();
        second.Token.ShouldNotBeNull().ShouldNotBe(first.Token);
        File.ReadAllText(TokenFile).ShouldBe(second.Token + "\n");
        using var answer = await host.Get("/", first.Token);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_token_file_that_others_can_read_is_not_taken_in()
    {
        var (token, _) = await Start();
        await host.Change("truncate register.access_token cascade");
        if (OperatingSystem.IsWindows()) return; // it has no file modes
        File.SetUnixFileMode(TokenFile, OwnersAlone | UnixFileMode.GroupRead);
        (await Start()).Token.ShouldNotBe(token);
        File.GetUnixFileMode(TokenFile).ShouldBe(OwnersAlone);
    }

    [Fact]
    public async Task Hosts_that_start_at_once_make_one_steward_between_them()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Sleep())); // eight open connections, so that none has to wait for its own

        var starts = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Start(Path.Combine(data, $"{n}"))));
        starts.Count(s => s.Token is not null).ShouldBe(1);
        (await host.Ask<long>("select count(*) from register.access_token")).ShouldBe(1);
    }

    [Fact]
    public async Task Once_the_first_steward_was_revoked_for_another_no_start_brings_it_back()
    {
        await Start();
        var first = (await host.Tokens.List(default)).Single().Id;
        await host.Tokens.Create("another", new HashSet<Role> { Role.Steward }, Marking.Secret, "test", null, default);
        await host.Tokens.Revoke(first, default);
        (await Start()).ShouldBe((null, null));
    }

    [Fact]
    public async Task The_database_holds_hashes_only()
    {
        var (token, link) = await Start();
        using var signedIn = await host.Get(new Uri(link!).AbsolutePath);
        var session = signedIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0]["securitycoop=".Length..];
        var rows = await host.Ask<string>("select string_agg(t::text, ' ') from register.access_token t");
        foreach (var secret in new[] { token!, session })
        {
            rows.ShouldNotContain(secret);
            rows.ShouldNotContain(secret["sc_".Length..]);
            rows.ShouldNotContain(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(secret)));
            rows.ShouldContain(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret))));
        }
        rows.ShouldNotContain(new Uri(link!).Segments[^1]);
    }

    [Theory]
    [InlineData("update register.access_token set roles = array['steward']")]
    [InlineData("update register.access_token set expires_at = null")]
    [InlineData("delete from register.access_token")]
    [InlineData("truncate register.access_token")]
    public async Task The_applications_role_can_revoke_a_token_and_change_nothing_else(string statement)
    {
        await using var command = host.Database.CreateCommand(statement);
        var refused = await Should.ThrowAsync<PostgresException>(command.ExecuteNonQueryAsync());
        refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task A_token_made_on_the_command_line_works_is_listed_without_itself_and_ends_when_revoked()
    {
        var print = new StringWriter();
        (await ConsoleAccess.CreateToken(host.TokensElsewhere(), host.Users, [Role.Recorder, Role.Auditor], "office-1", Marking.Confidential, 30, false, print, default)).ShouldBe(0);
        var token = print.ToString().Split('\n')[0].Trim();
        using var caller = await host.Get("/caller", token);
        (await caller.Content.ReadAsStringAsync()).ShouldBe("office-1 Recorder,Auditor Confidential True");

        var list = new StringWriter();
        (await ConsoleAccess.ListTokens(host.TokensElsewhere(), list, default)).ShouldBe(0);
        var line = list.ToString().Trim().Split('\t');
        line[1..5].ShouldBe(["office-1", "recorder,auditor", "confidential", "token create"]);
        line[6].ShouldStartWith("good until ");
        line[7].ShouldMatch(@"^\d{4}-\d\d-\d\d \d\d:00Z$"); // Used, to the hour.
        list.ToString().ShouldNotContain(token);

        var id = Guid.Parse(line[0]);
        (await ConsoleAccess.RevokeToken(host.TokensElsewhere(), host.Users, id, print, default)).ShouldBe(0);
        (await ConsoleAccess.RevokeToken(host.TokensElsewhere(), host.Users, id, print, default)).ShouldBe(1);
        host.Clock.Pass(TimeSpan.FromSeconds(10));
        using var after = await host.Get("/", token);
        after.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        list = new();
        await ConsoleAccess.ListTokens(host.TokensElsewhere(), list, default);
        list.ToString().Trim().Split('\t')[6].ShouldStartWith("revoked ");
    }

    [Fact]
    public async Task A_token_that_makes_no_sense_is_not_made()
    {
        (await Create("office-2", [], null)).Code.ShouldBe(2); // A new user without a role.
        (await Create("office-2", [Role.Reader], null, days: 0)).Code.ShouldBe(2);
        (await Create("office-2", [Role.Reader], null, days: 30, unlimited: true)).Code.ShouldBe(2);
        (await Create("two words", [Role.Reader], null)).Code.ShouldBe(2);
        (await Create("console", [Role.Reader], null)).Code.ShouldBe(2);
        (await host.Tokens.List(default)).ShouldBeEmpty();
        (await host.Users.OfSubject("office-2", default)).ShouldBeNull();
    }

    [Fact]
    public async Task The_console_describes_the_user_of_a_new_subject_and_changes_nothing_of_one_who_is_there()
    {
        (await Create("office-3", [Role.Recorder], Marking.Confidential)).Code.ShouldBe(0);
        var user = (await host.Users.OfSubject("office-3", default))!;
        var events = await host.Store.ReadStream(user.Stream).ToListAsync();
        events.Select(e => e.Type).ShouldBe(["user_described", "user_roles_set", "user_clearance_set", "user_token_made"]);
        events.ShouldAllBe(e => e.Header.Actor == "console" && e.Header.Marking == "restricted");
        var until = user.User.Tokens.Single().Until!.Value;
        (until - DateTime.UtcNow).TotalDays.ShouldBe(90, 0.1); // Unless another was asked for.

        (await Create("office-3", [], null, unlimited: true)).Code.ShouldBe(0);
        (await Create("office-3", [Role.Recorder], Marking.Confidential, days: 1)).Code.ShouldBe(0);
        var (code, said) = await Create("office-3", [Role.Steward], null);
        code.ShouldBe(1);
        said.ShouldContain("recorder");
        var after = (await host.Users.OfSubject("office-3", default))!.User;
        after.Roles.ShouldBe([Role.Recorder]);
        after.Tokens.Count.ShouldBe(3);
        after.Tokens[1].Until.ShouldBeNull();
    }

    [Fact]
    public async Task The_first_steward_becomes_a_user_who_is_administered_like_others()
    {
        var (token, _) = await Start();
        await ConsoleAccess.DescribeFirstSteward(host.Tokens, host.Users, default);
        await ConsoleAccess.DescribeFirstSteward(host.Tokens, host.Users, default);
        var user = (await host.Users.OfSubject("steward", default))!;
        (await host.Store.ReadStream(user.Stream).Select(e => e.Type).ToListAsync())
            .ShouldBe(["user_described", "user_roles_set", "user_clearance_set", "user_token_made"]);
        using var caller = await host.Get("/caller", token);
        (await caller.Content.ReadAsStringAsync()).ShouldBe("steward Steward,Administrator Secret True");
        await host.Users.Change("steward", "another", null, u => new(user.Stream, u.SetRoles([Role.Reader], "another")), default);
        host.Tokens.Forget();
        using var after = await host.Get("/caller", token);
        (await after.Content.ReadAsStringAsync()).ShouldBe("steward Reader Secret False");
        await host.Users.Change("steward", "another", null, u => new(user.Stream, u.SetRoles([Role.Steward, Role.Administrator], "another")), default);
    }

    [Fact]
    public async Task A_token_of_an_older_database_keeps_its_roles_until_its_user_is_described()
    {
        var (_, token) = await host.TokensElsewhere().Create("older-1", new HashSet<Role> { Role.Recorder }, Marking.Secret, "test", null, default);
        (await Caller(token)).ShouldBe("older-1 Recorder Secret True");
        await host.Users.Change("older-1", "administrator-1", null, _ => Web.Access.Users.Described("older-1", "administrator-1", [Role.Reader], Marking.Open), default);
        host.Tokens.Forget();
        (await Caller(token)).ShouldBe("older-1 Reader Open False");
        await host.Users.Change("older-1", "administrator-1", null, u => new(Register.Users.User.StreamOf("older-1"), u.Disable("administrator-1")), default);
        host.Tokens.Forget();
        using var refused = await host.Get("/caller", token);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(false, "Sign in (works once, within an hour): https://register.example/sign-in/code", null)]
    [InlineData(true, "Sign-in link (works once, within an hour): in {0}", "https://register.example/sign-in/code\n")]
    public void The_link_is_shown_on_a_terminal_only_and_else_in_a_file_for_its_owner_alone(bool redirected, string said, string? written)
    {
        Directory.CreateDirectory(data);
        var file = Path.Combine(data, "sign-in-link");
        File.WriteAllText(file, "of an earlier start");
        var lines = new List<string>();
        Serving.SayLink("https://register.example/sign-in/code", data, redirected, lines.Add);
        lines.ShouldBe([string.Format(System.Globalization.CultureInfo.InvariantCulture, said, file)]);
        File.Exists(file).ShouldBe(written is not null);
        if (written is null) return;
        File.ReadAllText(file).ShouldBe(written);
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(file).ShouldBe(OwnersAlone);
    }

    async Task<(int Code, string Said)> Create(string subject, Role[] roles, Marking? clearance, int? days = null, bool unlimited = false)
    {
        var print = new StringWriter();
        return (await ConsoleAccess.CreateToken(host.Tokens, host.Users, roles, subject, clearance, days, unlimited, print, default), print.ToString());
    }

    async Task<string> Caller(string token)
    {
        using var answer = await host.Get("/caller", token);
        return await answer.Content.ReadAsStringAsync();
    }

    Task<(string? Token, string? Link)> Start(string? folder = null) =>
        ConsoleAccess.FirstSteward(host.TokensElsewhere(), host.Links, folder ?? data, host.Address + "/", default);

    async Task Sleep()
    {
        await using var command = host.Database.CreateCommand("select pg_sleep(0.3)");
        await command.ExecuteNonQueryAsync();
    }

    async Task<string> SignsIn(string link)
    {
        using var answer = await host.Get(new Uri(link).AbsolutePath);
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        using var page = await host.Get("/", cookie: answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0]["securitycoop=".Length..]);
        return await page.Content.ReadAsStringAsync();
    }
}
