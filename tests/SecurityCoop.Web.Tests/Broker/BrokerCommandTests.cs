using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityCoop.Web.Tests.Broker;

/// <summary>Commands come from the broker's queue, and are decided as over HTTP.</summary>
[Collection(nameof(OnABroker))]
[Trait("Run", "long")]
public sealed class BrokerCommandTests(BrokerHost host) : IClassFixture<BrokerHost>
{
    const string Source = """{"title": "a report", "marking": "open"}""";

    static int Status(Came answer) => Convert.ToInt32(answer.Properties.Headers!["status"], System.Globalization.CultureInfo.InvariantCulture);

    static string Slug(Came answer) => answer.Json.GetProperty("type").GetString()!["/problems/".Length..];

    [Fact]
    public async Task What_a_message_commands_is_recorded_as_over_http_and_http_gives_the_same_answer_to_the_same_key()
    {
        using var http = await As(Role.Recorder);
        var answer = await host.Ask("m-1", "/api/sources", Source);
        answer.Properties.CorrelationId.ShouldBe("c-m-1");
        answer.Properties.ContentType.ShouldBe("application/json");
        var head = await host.Head();
        var same = await http.Command("/api/sources", Source, ("Idempotency-Key", "m-1"));
        same.Status.ShouldBe(HttpStatusCode.Created, same.Text);
        answer.Text.ShouldBe(same.Text);
        Status(answer).ShouldBe((int)same.Status);
        (await host.Head()).ShouldBe(head);
        var recorded = (await host.Http.Read($"/api/audit/events/{answer.Json.GetProperty("position").GetInt64()}")).Json;
        recorded.GetProperty("actor").GetString().ShouldBe(BrokerHost.Subject);

        var reference = answer.Json.GetProperty("reference").GetString();
        var note = await host.Ask("m-2", $"/api/sources/{reference}/notes", """{"note": "seen"}""", """, "ifMatch": "\"1\"" """);
        (Status(note), note.Json.GetProperty("version").GetInt64()).ShouldBe((200, 2));
        var stale = await host.Ask("m-3", $"/api/sources/{reference}/notes", """{"note": "seen again"}""", """, "ifMatch": "\"1\"" """);
        (Status(stale), Slug(stale)).ShouldBe((412, "stale-version"));
        var tried = await host.Ask("m-4", $"/api/sources/{reference}/notes", """{"note": "only tried"}""", """, "dryRun": true """);
        (Status(tried), tried.Json.GetProperty("events").GetArrayLength()).ShouldBe((200, 0));
    }

    [Theory]
    [InlineData("/api/partnerships/DK/review-period", """{"months": 3}""", 403, "forbidden")]
    [InlineData("/api/sources/SRC-9999/notes", """{"note": "x"}""", 404, "not-found")]
    [InlineData("/api/sources", """{"title": "x", "marking": "secret"}""", 403, "marking-above-clearance")]
    [InlineData("/api/sources", """{"titel": "x"}""", 400, null)]
    public async Task What_is_refused_is_answered_with_the_problem_that_http_answers(string path, string body, int status, string? slug)
    {
        using var http = await As(Role.Recorder);
        var head = await host.Head();
        foreach (var language in (string[])["en", "ar"])
        {
            var answer = await host.Ask($"{Guid.NewGuid()}", path, body, language: language);
            http.DefaultRequestHeaders.AcceptLanguage.Clear();
            http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
            var same = await http.Command(path, body);
            answer.Text.ShouldBe(same.Text);
            Status(answer).ShouldBe((int)same.Status);
            (Status(answer), answer.Properties.ContentType).ShouldBe((status, "application/problem+json"));
            if (slug is not null) Slug(answer).ShouldBe(slug);
        }
        await host.Services.GetRequiredService<AccessTrace>().Flush(default);
        // What a test before read may be written only now.
        var since = (await host.Http.Read($"/api/audit/events?after={head}")).Items.Where(e => e.GetProperty("type").GetString() != "access_read").ToList();
        if (status != 403)
        {
            since.ShouldBeEmpty();
            return;
        }
        // As over HTTP it is on record that somebody tried: each way twice.
        since.ShouldAllBe(e => e.GetProperty("type").GetString() == "access_refused");
        var tried = since.Select(e => e.GetProperty("body")).ToList();
        tried.Select(t => (t.GetProperty("subject").GetString(), t.GetProperty("route").GetString())).Distinct().Count().ShouldBe(1);
        tried.Sum(t => t.GetProperty("count").GetInt64()).ShouldBe(4);
    }

    [Fact]
    public async Task What_lies_above_the_clearance_of_the_queue_is_not_there_for_its_commands()
    {
        var secret = await host.Http.Record("/api/sources", """{"title": "Quillwort paper", "marking": "secret"}""");
        var answer = await host.Ask("s-1", $"/api/sources/{secret.Reference}/notes", """{"note": "seen"}""");
        (Status(answer), Slug(answer)).ShouldBe((404, "not-found"));
        answer.Text.ShouldNotContain("Quillwort");
        host.Logs.ShouldNotContain("Quillwort");
    }

    [Fact]
    public async Task The_same_message_twice_records_one_event_and_is_answered_alike()
    {
        var first = await host.Ask("d-1", "/api/sources", """{"title": "twice", "marking": "open"}""");
        var head = await host.Head();
        var second = await host.Ask("d-1", "/api/sources", """{"title": "twice", "marking": "open"}""");
        second.Text.ShouldBe(first.Text);
        (await host.Head()).ShouldBe(head);
        var other = await host.Ask("d-1", "/api/sources", """{"title": "another", "marking": "open"}""");
        (Status(other), Slug(other)).ShouldBe((422, "key-reused"));
    }

    public static TheoryData<string, string?, byte[]> Poison => new()
    {
        { "malformed-message", "p-1", Encoding.UTF8.GetBytes("Quillwort, not JSON") },
        { "malformed-message", "p-2", Encoding.UTF8.GetBytes("""{"path": "/api/sources", "body": {"title": "Quillwort"}, "token": "t"}""") },
        { "malformed-message", null, BrokerHost.Command("/api/sources", """{"title": "Quillwort"}""") },
        { "malformed-message", "p-3", [0xff, 0xfe, 0x00] },
        { "unknown-command", "p-4", BrokerHost.Command("/api/no-such-thing", """{"title": "Quillwort"}""") },
        { "too-large", "p-5", BrokerHost.Command("/api/sources", $$"""{"title": "Quillwort{{new string('x', 1 << 20)}}"}""") },
    };

    [Theory]
    [MemberData(nameof(Poison))]
    public async Task What_is_no_command_goes_to_the_dead_letters_without_its_content_and_holds_up_nothing(string reason, string? id, byte[] body)
    {
        await using var dead = await host.Reading(host.DeadLetters);
        var head = await host.Head();
        var answer = await host.Ask(id, body);
        Slug(answer).ShouldBe(reason);
        var letter = await dead.Next();
        letter.Json.GetProperty("reason").GetString().ShouldBe(reason);
        letter.Json.GetProperty("messageId").GetString().ShouldBe(id);
        letter.Json.GetProperty("size").GetInt32().ShouldBe(body.Length);
        letter.Json.GetProperty("sha256").GetString().ShouldBe(Convert.ToHexStringLower(SHA256.HashData(body)));
        letter.Text.ShouldNotContain("uillwort");
        answer.Text.ShouldNotContain("Quillwort");
        host.Logs.ShouldNotContain("uillwort");
        (await host.Head()).ShouldBe(head);
        Status(await host.Ask($"{Guid.NewGuid()}", "/api/sources", Source)).ShouldBe(201);
    }

    [Fact]
    public async Task A_refusal_that_nobody_wants_to_hear_of_goes_to_the_dead_letters_too()
    {
        await using var dead = await host.Reading(host.DeadLetters);
        await host.Send("n-1", BrokerHost.Command("/api/sources/SRC-9999/notes", """{"note": "Quillwort"}"""));
        var letter = await dead.Next();
        (letter.Json.GetProperty("messageId").GetString(), letter.Json.GetProperty("reason").GetString()).ShouldBe(("n-1", "not-found"));
        letter.Text.ShouldNotContain("Quillwort");
    }

    [Fact]
    public async Task When_host_and_broker_are_killed_between_the_commit_and_the_acknowledgement_Then_there_is_one_event_and_the_same_answer()
    {
        var replies = host.Queue + ".killed";
        await host.Declare(replies);
        Process? other = null;
        try
        {
            await host.Restart(() => other = Task.Run(() => BrokerProcess.Start(host)).GetAwaiter().GetResult());
            // This host took part in the election too: whoever consumes is the first, and that is the other.
            (await host.Ask("k-0", "/api/sources", Source)).Json.GetProperty("reference").GetString().ShouldNotBeNull();
            var head = await host.Head();
            var body = BrokerHost.Command("/api/sources", """{"title": "killed", "marking": "open"}""");
            await using (var connection = new NpgsqlConnection(host.OwnerConnection))
            {
                // It cannot be committed before the broker is gone, and then cannot be answered.
                await connection.OpenAsync();
                await using var transaction = await connection.BeginTransactionAsync();
                await using (var hold = new NpgsqlCommand("select 1 from register.log_head for update", connection, transaction))
                    await hold.ExecuteNonQueryAsync();
                await host.Send("k-1", body, replies);
                var waiting = $"select count(*) from pg_locks where not granted and {connection.ProcessID} = any(pg_blocking_pids(pid))";
                await BrokerHost.Until(async () => await host.Ask<long>(waiting) > 0, "it is being decided");
                await host.Server.Kill();
            }
            await BrokerHost.Until(async () => await host.Head() > head, "it is committed");
            other!.Kill();
            await other.WaitForExitAsync();
            await host.Server.Start();
            await using var answers = await host.Reading(replies);
            var answer = await answers.Next();
            Status(answer).ShouldBe(201);
            (await host.Ask("k-1", body)).Text.ShouldBe(answer.Text);
            (await host.Http.Read("/api/sources")).Items.Count(s => s.GetRawText().Contains("\"killed\"", StringComparison.Ordinal)).ShouldBe(1);
        }
        finally
        {
            if (other is { HasExited: false }) other.Kill();
            other?.Dispose();
        }
    }

    [Fact]
    public async Task Two_hosts_on_one_queue_decide_in_its_order_and_when_one_ends_the_other_goes_on()
    {
        const int actions = 4, each = 15;
        var references = new List<string>();
        for (var i = 0; i < actions; i++)
            references.Add((await host.Http.Record("/api/actions", $$"""{"partner": "{{(i % 2 == 0 ? "DK" : "SE")}}", "what": "lists {{i}}", "owedBy": "home", "marking": "open"}""")).Reference!);
        var second = await host.Another();
        var sent = new List<(string, string)>();
        for (var n = 0; n < each; n++)
            foreach (var reference in references)
            {
                sent.Add((reference, $"call {n}"));
                await host.Send($"{reference}-{n}", BrokerHost.Command($"/api/actions/{reference}/follow-ups", $$"""{"note": "call {{n}}"}"""));
                // The one that the broker has chosen ends.
                if (sent.Count == actions * each / 2) await host.Restart();
            }
        var all = new List<(string, string)>();
        await BrokerHost.Until(async () =>
        {
            all = [.. (await host.Http.Read("/api/audit/events?type=action_follow_up_recorded&limit=500")).Items.Where(e => e.TryGetProperty("type", out var t) && t.GetString() == "action_follow_up_recorded")
                .Select(e => (e.GetProperty("reference").GetString()!, e.GetProperty("body").GetProperty("note").GetString()!))];
            return all.Count >= sent.Count;
        }, "all are recorded");
        all.ShouldBe(sent);
        await second.DisposeAsync();
    }

    async Task<HttpClient> As(Role role) => host.Client(await host.NewToken(BrokerHost.Subject, Marking.Restricted, role));
}
