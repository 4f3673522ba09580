using System.Net;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>A command can be sent again: with its key it is done once, whatever happened to its first answer.</summary>
public sealed class IdempotencyTests(HostFixture host) : IClassFixture<HostFixture>
{
    const string Note = """{"note": "seen"}""";

    [Theory]
    [InlineData("/api/sources", """{"title": "a report"}""", HttpStatusCode.Created)]
    [InlineData("/api/meetings", """{"partners": ["SE"], "kind": "talks", "date": "2025-03", "statements": [{"force": "agreed-action", "speaker": "joint", "text": "exchange lists"}]}""", HttpStatusCode.Created)]
    [InlineData("/api/partnerships/SE/notes", Note, HttpStatusCode.OK)]
    [InlineData("/api/partnerships", """{"partner": "SE"}""", HttpStatusCode.OK)] // it is open: no events
    public async Task The_same_key_gives_the_same_answer_byte_for_byte_also_after_a_restart_and_adds_nothing(string path, string body, HttpStatusCode status)
    {
        await host.Http.Record("/api/partnerships", """{"partner": "SE"}""");
        var key = ("Idempotency-Key", Guid.NewGuid().ToString());
        var first = await host.Http.Command(path, body, key);
        first.Status.ShouldBe(status, first.Text);
        await host.Http.Record("/api/partnerships/SE/notes", """{"note": "meanwhile"}""");
        var head = await host.Head();
        await Same(first, await host.Http.Command(path, body, key), head);
        await host.Restart();
        await Same(first, await host.Http.Command(path, body, key), head);
    }

    async Task Same(Answer first, Answer again, long head)
    {
        again.Text.ShouldBe(first.Text);
        again.Status.ShouldBe(first.Status);
        again.ETag.ShouldBe(first.ETag);
        again.Headers.Location.ShouldBe(first.Headers.Location);
        again.Position.ShouldBe(first.Position);
        (await host.Head()).ShouldBe(head);
    }

    [Fact]
    public async Task Sent_many_times_at_once_a_command_is_done_once()
    {
        await host.Http.Record("/api/partnerships", """{"partner": "NO"}""");
        var head = await host.Head();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.Http.Command("/api/partnerships/NO/notes", Note, ("Idempotency-Key", "at-once"))));
        answers.Select(a => a.Text).Distinct().Count().ShouldBe(1);
        (await host.Head()).ShouldBe(head + 1);
    }

    [Fact]
    public async Task Sent_many_times_at_once_a_command_that_changes_nothing_has_one_answer()
    {
        await host.Http.Record("/api/partnerships", """{"partner": "NO"}""");
        for (var round = 0; round < 5; round++)
        {
            var key = ("Idempotency-Key", $"nothing-at-once-{round}");
            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.Http.Command("/api/partnerships", """{"partner": "NO"}""", key)));
            answers.Select(a => a.Status).Distinct().ShouldBe([HttpStatusCode.OK]);
            answers.Select(a => a.Text).Distinct().Count().ShouldBe(1);
        }
    }

    [Fact]
    public async Task A_key_with_another_body_is_refused_and_nothing_is_recorded()
    {
        await host.Http.Record("/api/sources", """{"title": "one"}""", ("Idempotency-Key", "k1"));
        var head = await host.Head();
        var refused = await host.Http.Command("/api/sources", """{"title": "two"}""", ("Idempotency-Key", "k1"));
        refused.ShouldBeProblem(422, "key-reused");
        (await host.Head()).ShouldBe(head);
    }

    [Fact]
    public async Task Keys_belong_to_a_caller_and_a_route()
    {
        using var other = await host.As(Marking.Restricted, Role.Recorder);
        var mine = await host.Http.Record("/api/sources", """{"title": "mine"}""", ("Idempotency-Key", "k2"));
        var theirs = await other.Record("/api/sources", """{"title": "theirs"}""", ("Idempotency-Key", "k2"));
        var elsewhere = await host.Http.Record("/api/occasions", """{"what": "an assembly", "date": "2025"}""", ("Idempotency-Key", "k2"));
        new[] { mine.Reference, theirs.Reference, elsewhere.Reference }.ShouldBeUnique();
        await host.Http.Record($"/api/sources/{mine.Reference}/notes", Note, ("Idempotency-Key", "k3"));
        (await host.Http.Record($"/api/sources/{theirs.Reference}/notes", Note, ("Idempotency-Key", "k3"))).Events.ShouldBe(["source_note_added"]);
    }

    [Fact]
    public async Task A_refusal_is_decided_anew()
    {
        var key = ("Idempotency-Key", "k4");
        (await host.Http.Command("/api/partnerships/IS/notes", Note, key)).ShouldBeProblem(404, "not-found");
        await host.Http.Record("/api/partnerships", """{"partner": "IS"}""");
        (await host.Http.Record("/api/partnerships/IS/notes", Note, key)).Events.ShouldBe(["partnership_note_added"]);
    }

    [Fact]
    public async Task Without_a_key_the_same_note_sent_twice_is_two_notes()
    {
        await host.Http.Record("/api/partnerships", """{"partner": "FI"}""");
        var head = await host.Head();
        await host.Http.Record("/api/partnerships/FI/notes", Note);
        await host.Http.Record("/api/partnerships/FI/notes", Note);
        (await host.Head()).ShouldBe(head + 2);
    }

    [Fact]
    public async Task A_key_has_200_characters_at_most()
    {
        var head = await host.Head();
        (await host.Http.Command("/api/sources", """{"title": "x"}""", ("Idempotency-Key", new string('k', 201)))).ShouldBeProblem(400, "key-length", "#Idempotency-Key");
        (await host.Head()).ShouldBe(head);
        (await host.Http.Command("/api/sources", """{"title": "x"}""", ("Idempotency-Key", new string('k', 200)))).Status.ShouldBe(HttpStatusCode.Created);
    }
}

/// <summary>Versions as entity tags, and answers that know what was just written.</summary>
public sealed class VersionTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task A_new_record_is_answered_with_its_address_version_and_position()
    {
        var made = await host.Http.Record("/api/sources", """{"title": "a report"}""");
        made.Status.ShouldBe(HttpStatusCode.Created);
        made.Headers.Location!.OriginalString.ShouldBe($"/api/sources/{made.Reference}");
        made.ETag.ShouldBe("\"1\"");
        made.Position.ShouldBe(await host.Head());
        made.Json.GetProperty("events")[0].GetProperty("position").GetInt64().ShouldBe(made.Position);
        var read = await host.Http.Read(made.Headers.Location.OriginalString);
        (read.ETag, read.Json.GetProperty("title").GetString()).ShouldBe(("\"1\"", "a report"));
        read.Position.ShouldBeGreaterThanOrEqualTo(made.Position);
    }

    [Fact]
    public async Task A_command_upon_a_version_that_has_passed_is_refused()
    {
        var source = (await host.Http.Record("/api/sources", """{"title": "a report"}""")).Headers.Location!.OriginalString;
        var changed = await host.Http.Record($"{source}/notes", """{"note": "one"}""", ("If-Match", "\"1\""));
        (changed.Status, changed.ETag).ShouldBe((HttpStatusCode.OK, "\"2\""));
        var head = await host.Head();
        foreach (var stale in (string[])["\"1\"", "\"3\"", "W/\"2\"", "\"x\"", "\"1\", \"3\""])
            (await host.Http.Command($"{source}/notes", """{"note": "two"}""", ("If-Match", stale))).ShouldBeProblem(412, "stale-version");
        (await host.Head()).ShouldBe(head);
        foreach (var good in (string[])["\"2\"", "*", "\"1\", \"4\""]) await host.Http.Record($"{source}/notes", """{"note": "three"}""", ("If-Match", good));
    }

    [Fact]
    public async Task Nothing_that_is_read_changes_anything()
    {
        await host.Http.Record("/api/partnerships", """{"partner": "CH"}""");
        var head = await host.Head();
        foreach (var path in (string[])["/api/partnerships", "/api/partnerships/CH", "/api/partnerships/CH/timeline", "/api/meetings", "/api/actions", "/api/instruments", "/api/audit/events", "/api/audit/records/CH"])
        {
            var answer = await host.Http.Read(path);
            answer.Status.ShouldBe(HttpStatusCode.OK, $"{path} {answer.Text}");
            answer.Position.ShouldBe(head);
        }
    }

    [Fact]
    public async Task A_follow_up_shows_in_the_next_status_answer_always_while_others_write()
    {
        await host.Http.Record("/api/actions", """{"partner": "IT", "what": "share a list", "owedBy": "both"}""");
        using var stop = new CancellationTokenSource();
        var others = Enumerable.Range(0, 3).Select(w => Task.Run(async () =>
        {
            // Each upon a record of its own: of the same partner, whose status is asked for, and of another.
            var own = (await host.Http.Record("/api/actions", """{"partner": "IT", "what": "something else", "owedBy": "home"}""")).Reference;
            while (!stop.IsCancellationRequested)
            {
                await host.Http.Record($"/api/actions/{own}/follow-ups", $$"""{"on": "2026-01-30", "note": "writer {{w}}"}""");
                await host.Http.Record("/api/actions", """{"partner": "ES", "what": "something else", "owedBy": "home"}""");
            }
        })).ToList();
        try
        {
            for (var round = 1; round <= 100; round++)
            {
                var recorded = await host.Http.Record("/api/actions/IT-ACT-0001/follow-ups", $$"""{"on": "2026-01-31", "note": "round {{round}}"}""");
                var answer = await host.Http.Read("/api/partnerships/IT");
                var action = answer.Json.GetProperty("openActions")[0];
                action.GetProperty("followUps").GetInt32().ShouldBe(round);
                action.GetProperty("lastFollowUp").GetProperty("note").GetString().ShouldBe($"round {round}");
                answer.Position.ShouldBeGreaterThanOrEqualTo(recorded.Position);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(others);
        }
    }
}
