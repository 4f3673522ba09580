using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecurityCoop.Register;
using SecurityCoop.Register.Users;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Access;

/// <summary>Sign-ins, refusals, strangers, and what left the register are events. Each test has a register of its own.</summary>
public sealed class AccessTraceTests(TestPostgres postgres) : HostFixture(postgres)
{
    AccessTrace Trace => Services.GetRequiredService<AccessTrace>();

    [Fact]
    public async Task Whoever_signs_in_is_recorded_with_what_it_was_by()
    {
        using var http = Client(null);
        using var form = new FormUrlEncodedContent([new("token", Token)]);
        (await http.Send(HttpMethod.Post, "/sign-in", form, ("Sec-Fetch-Site", "same-origin"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var id = (await Services.GetRequiredService<AccessTokens>().List(default)).Single(t => t.Caller.Subject == "steward").Id;
        (await http.Read($"/sign-in/{Services.GetRequiredService<SignInLinks>().NewCode(id)}")).Status.ShouldBe(HttpStatusCode.SeeOther);
        var events = await Written();
        events.Select(e => e.Event).ShouldBe([new AccessSignedIn("steward", "token"), new AccessSignedIn("steward", "link")]);
        events.ShouldAllBe(e => e.Header.Actor == "steward" && e.Header.Marking == "restricted" && e.Version == 1 && e.Stream.StartsWith("access-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refusals_of_a_right_are_one_event_for_each_subject_and_route_with_their_number()
    {
        using var reader = await As(Marking.Open, Role.Reader);
        for (var i = 0; i < 3; i++) await reader.Read($"/api/audit/records/A-NAME-{i}");
        await reader.Command("/api/meetings", "{}");
        // Refused by what was asked for, not by the role.
        using var recorder = await As(Marking.Open, Role.Recorder);
        await recorder.Command("/api/sources", """{"title": "x", "marking": "secret"}""");
        var refused = (await Written()).Select(e => (AccessRefused)e.Event).ToList();
        refused.Select(r => (r.Subject, r.Route, r.Count)).ShouldBe(
            [("reader", "GET /api/audit/records/{name}", 3), ("reader", "POST /api/meetings", 1), ("recorder", "POST /api/sources", 1)], ignoreOrder: true);
        refused.ShouldAllBe(r => r.From <= r.Until);
    }

    [Fact]
    public async Task Strangers_are_counted_together_and_nothing_of_what_they_sent_is_kept()
    {
        using var stranger = Client("sc_secretsecretsecretsecretsecretsecretsecret1");
        for (var i = 0; i < 5; i++) (await stranger.Read($"/api/meetings/what-they-sent-{i}")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        using var nobody = Client(null);
        await nobody.Command("/api/meetings", """{"what": "what-they-sent"}""");
        await nobody.Read("/sign-in/what-they-sent");
        var e = (await Written()).ShouldHaveSingleItem();
        ((AccessSignInsRefused)e.Event).Count.ShouldBe(7);
        e.Header.Actor.ShouldBe("host");
        var all = await Ask<string>("select string_agg(e::text, ' ') from register.mt_events e");
        all.ShouldNotContain("what-they-sent");
        all.ShouldNotContain("secretsecret");
        Logs.ShouldNotContain("what-they-sent");
    }

    [Fact]
    public async Task What_leaves_the_register_is_recorded_with_what_was_in_it()
    {
        var low = await Http.Record("/api/meetings", """{"partners": ["PL"], "kind": "talks", "date": "2025-01", "marking": "open"}""");
        var high = await Http.Record("/api/meetings", """{"partners": ["PL"], "kind": "talks", "date": "2026-03", "state": "planned", "marking": "secret"}""");
        string[] both = [.. ((Answer[])[low, high]).Select(a => a.Json.GetProperty("records")[0].GetProperty("id").GetString()!).Order(StringComparer.Ordinal)];
        await Http.Read("/api/meetings?format=csv");
        await Http.Read("/api/audit/bundle");
        await Http.Read("/api/calendar.ics");
        var feed = (await Http.Record("/api/calendar/feeds", """{"clearance": "open"}""")).Json.GetProperty("address").GetString()!;
        using var anybody = Client(null);
        await anybody.Read(new Uri(feed).AbsolutePath);
        var read = (await Written()).ToDictionary(e => ((AccessRead)e.Event).What);
        read.Keys.ShouldBe(["GET /api/meetings as csv", "GET /api/meetings", "GET /api/audit/bundle", "GET /api/calendar.ics", "GET /calendar/{secret}.ics"], ignoreOrder: true);
        ((AccessRead)read["GET /api/meetings as csv"].Event).Records.ShouldBe(both);
        read["GET /api/meetings as csv"].Header.Marking.ShouldBe("secret");
        ((AccessRead)read["GET /api/audit/bundle"].Event).Records.ShouldBeNull();
        read.Values.ShouldAllBe(e => e.Header.Actor == "steward");
    }

    [Fact]
    public async Task Reading_what_is_marked_highly_is_recorded_and_reading_the_rest_is_not()
    {
        await Http.Record("/api/meetings", """{"partners": ["PL"], "kind": "talks", "date": "2025-01", "marking": "confidential"}""");
        var high = await Http.Record("/api/meetings", """{"partners": ["PL"], "kind": "talks", "date": "2025-02", "marking": "secret"}""");
        var stream = high.Json.GetProperty("records")[0].GetProperty("id").GetString()!;
        await Http.Read("/api/meetings/PL-MTG-0001");
        (await Written()).ShouldBeEmpty();
        string[] paths = ["/api/meetings/PL-MTG-0002", "/api/meetings", "/api/partnerships/PL/timeline", "/api/changes?from=@0", "/api/search?q=PL-MTG-0002", "/api/audit/records/PL-MTG-0002", "/records/PL-MTG-0002", "/api/meetings/PL-MTG-0002/agenda"];
        foreach (var path in paths) (await Http.Read(path)).Status.ShouldBe(HttpStatusCode.OK, path);
        var written = await Written();
        written.ShouldAllBe(e => ((AccessRead)e.Event).Records!.Contains(stream) && e.Header.Marking == "secret");
        written.Select(e => ((AccessRead)e.Event).What).ShouldBe(
            ["GET /api/meetings/{name}", "GET /api/meetings", "GET /api/partnerships/{code}/timeline", "GET /api/changes", "GET /api/search", "GET /api/audit/records/{name}", "GET /records/{name}", "GET /api/meetings/{name}/agenda"], ignoreOrder: true);
        // An auditor who may not see the record sees that something was read, and not what.
        using var auditor = await As(Marking.Restricted, Role.Auditor);
        var events = await auditor.Read("/api/audit/events?type=access_read");
        events.Items.ShouldBeEmpty();
        events.Text.ShouldNotContain(stream);
    }

    [Fact]
    public async Task Where_partnerships_stand_is_recorded_as_reading_where_it_is_read_from_what_is_marked_highly()
    {
        string[] paths = ["/api/partnerships", "/api/partnerships/PL", "/api/partnerships/PL/why?status=intent", "/", "/partnerships/PL"];
        async Task<IReadOnlyList<AccessRead>> Read()
        {
            foreach (var path in paths) (await Http.Read(path, ("Accept", "*/*"))).Status.ShouldBe(HttpStatusCode.OK, path);
            var written = await Written();
            written.ShouldAllBe(e => e.Header.Marking == "secret");
            return [.. written.Select(e => (AccessRead)e.Event)];
        }
        await Http.Record("/api/meetings", """{"partners": ["PL"], "kind": "talks", "date": "2025-01", "marking": "confidential"}""");
        await Http.Record("/api/meetings", """{"partners": ["EE"], "kind": "talks", "date": "2025-01", "marking": "open"}""");
        (await Read()).ShouldBeEmpty();
        // A part is enough: the status is read from it.
        await Http.Record("/api/meetings/PL-MTG-0001/statements", """{"force": "intent", "speaker": "joint", "text": "x", "marking": "secret"}""");
        var read = await Read();
        read.Select(r => r.What).ShouldBe(
            ["GET /api/partnerships", "GET /api/partnerships/{code}", "GET /api/partnerships/{code}/why", "GET /", "GET /partnerships/{code}"], ignoreOrder: true);
        foreach (var r in read.Where(r => r.What != "GET /partnerships/{code}")) r.Records.ShouldBe(["partnership-PL"], r.What);
        // Whoever does not see it has not read it.
        using var reader = await As(Marking.Restricted, Role.Reader);
        await reader.Read("/api/partnerships");
        (await Written()).Count.ShouldBe(read.Count);
    }

    [Fact]
    public async Task Readings_carry_the_groups_of_what_was_read()
    {
        async Task<HttpClient> User(string subject, string groups)
        {
            await Http.Record("/api/users", $$"""{"subject": "{{subject}}", "clearance": "secret", "roles": ["steward"], "groups": [{{groups}}]}""");
            return Client((await Http.Record($"/api/users/{subject}/tokens", "{}")).Json.GetProperty("token").GetString());
        }
        using var member = await User("of-desk", "\"desk-pl\"");
        using var auditor = await User("of-none", "");
        var made = await member.Record("/api/meetings", """
            {"partners": ["PL"], "kind": "talks", "date": "2025-01", "marking": "secret", "groups": ["desk-pl"]}
            """);
        var stream = made.Json.GetProperty("records")[0].GetProperty("id").GetString()!;
        foreach (var path in (string[])["/api/meetings/PL-MTG-0001", "/api/meetings?format=csv", "/api/audit/records/PL-MTG-0001", "/api/partnerships"])
            (await member.Read(path)).Status.ShouldBe(HttpStatusCode.OK, path);
        var written = await Written();
        written.Count.ShouldBe(5); // The table is a list that is read, too.
        written.ShouldAllBe(e => e.Header.Marking == "secret" && e.Header.Groups.SequenceEqual(new[] { "desk-pl" }));
        var seen = await auditor.Read("/api/audit/events?limit=500");
        seen.Text.ShouldNotContain(stream);
        seen.Text.ShouldNotContain("access_read");
        (await member.Read("/api/audit/events?limit=500")).Text.ShouldContain(stream);
    }

    [Fact]
    public async Task The_writer_writes_by_itself_and_what_is_kept_is_written_when_the_host_stops()
    {
        Settings["Register:AccessTraceSeconds"] = "0.2";
        await Restart();
        using (var stranger = Client(null)) await stranger.Read("/api/meetings");
        for (var i = 0; i < 50 && await Count("access_sign_ins_refused") == 0; i++) await Task.Delay(100);
        (await Count("access_sign_ins_refused")).ShouldBe(1);

        Settings["Register:AccessTraceSeconds"] = "60";
        await Restart();
        using (var stranger = Client(null)) await stranger.Read("/api/meetings");
        (await Count("access_sign_ins_refused")).ShouldBe(1);
        await Restart();
        (await Count("access_sign_ins_refused")).ShouldBe(2);
    }

    [Fact]
    public async Task What_is_kept_is_bounded_and_what_is_left_out_is_said()
    {
        // A trace without its writer, which would take what is there before it is too much.
        using var trace = new AccessTrace(Store, Clock, Services.GetRequiredService<IConfiguration>(), Services.GetRequiredService<ILogger<AccessTrace>>());
        for (var i = 0; i < AccessTrace.Most + 10; i++) trace.Refused($"somebody-{i}", "GET /api/meetings");
        trace.Refused("somebody-0", "GET /api/meetings"); // Counted where it is known already.
        await trace.Flush(default);
        (await Count("access_refused")).ShouldBe(AccessTrace.Most);
        Logs.ShouldContain("10 sign-ins, refusals and readings");
        ((AccessRefused)(await Store.ReadAll(new EventFilter { Limit = 1 }).SingleAsync()).Event).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_failed_attempt_to_write_loses_nothing_and_doubles_nothing()
    {
        Trace.Refused("somebody", "GET /api/meetings");
        await using (var blocker = new Npgsql.NpgsqlConnection(OwnerConnection))
        {
            await blocker.OpenAsync();
            await using var hold = await blocker.BeginTransactionAsync();
            await using var take = new Npgsql.NpgsqlCommand("select size from register.log_head for update", blocker);
            await take.ExecuteScalarAsync();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            await Should.ThrowAsync<OperationCanceledException>(() => Trace.Flush(patience.Token));
        }
        await Trace.Flush(default);
        (await Count("access_refused")).ShouldBe(1);
    }

    async Task<IReadOnlyList<StoredEvent>> Written()
    {
        await Trace.Flush(default);
        return await Store.ReadAll(new EventFilter()).Where(e => e.Stream.StartsWith("access-", StringComparison.Ordinal)).ToListAsync();
    }

    Task<long> Count(string type) => Ask<long>($"select count(*) from register.mt_events where type = '{type}'");
}

/// <summary>What is nobody's business outside.</summary>
public sealed class UntoldAccessTests(TellingHost host) : IClassFixture<TellingHost>
{
    [Fact]
    public async Task Nothing_of_users_and_access_goes_to_the_receiver_of_cloud_events()
    {
        await host.Http.Record("/api/users", """{"subject": "never-told", "roles": ["reader"]}""");
        using (var stranger = host.Client(null)) await stranger.Read("/api/meetings");
        await host.Services.GetRequiredService<AccessTrace>().Flush(default);
        await host.Http.Record("/api/sources", """{"title": "told"}""");
        await host.Wait(e => e.GetProperty("type").GetString() == "securitycoop.source_registered");
        var told = string.Join('\n', host.Came.Select(c => c.Event.GetRawText()));
        foreach (var word in (string[])["user_", "access_", "never-told", "withheld"]) told.ShouldNotContain(word);
    }
}
