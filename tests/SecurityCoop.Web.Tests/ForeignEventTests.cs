using System.Globalization;
using System.Net;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>What another program appends to the same log, as people see it.</summary>
public sealed class ForeignEventTests(HostFixture host) : IClassFixture<HostFixture>
{
    // As Marten appends to a stream; returns when it is sealed. The position of the last.
    async Task<long> Append(string stream, string type, string data, string headers)
    {
        var position = await host.Ask<long>(
            $$"""
            select (register.mt_quick_append_events('{{stream}}', null, '*DEFAULT*', array[gen_random_uuid()], array['{{type}}'], array['Other.Event, Other'],
                array['{{data}}'::jsonb], array[null::bytea], array[null::varchar], array[null::varchar], array['{{headers}}'::jsonb], array['other-program'], array[now()]))[2]
            """);
        for (var until = DateTime.UtcNow.AddSeconds(15); await host.Head() < position; await Task.Delay(20)) DateTime.UtcNow.ShouldBeLessThan(until, "it is sealed within a second or so");
        return position;
    }

    async Task<(string Reference, string Stream)> Meeting()
    {
        var held = await host.Http.Record("/api/meetings", """{"partners":["DK"],"kind":"talks","date":"2026-01-20","marking":"open"}""");
        var stream = (await host.Http.Read($"/api/meetings/{held.Reference}")).Json.GetProperty("id").GetString()!;
        return (held.Reference!, stream);
    }

    [Fact]
    public async Task An_event_that_the_register_knows_shows_in_the_record_and_one_it_does_not_only_in_the_audit()
    {
        var (reference, stream) = await Meeting();
        var known = await Append(stream, "meeting_cancelled", """{"on":"2026-01-19"}""", """{"marking":"open","reason":"fog"}""");
        var unknown = await Append(stream, "catering_ordered", """{"guests":4.5}""", """{"marking":"open"}""");

        var record = (await host.Http.Read($"/api/meetings/{reference}")).Json;
        record.GetProperty("version").GetInt64().ShouldBe(3);
        record.GetProperty("state").GetString().ShouldBe("cancelled");
        var audited = await Task.WhenAll(new[] { known, unknown }.Select(async p => (await host.Http.Read($"/api/audit/events/{p.ToString(CultureInfo.InvariantCulture)}")).Json));
        (audited[0].GetProperty("foreign").GetBoolean(), audited[0].TryGetProperty("folded", out _), audited[0].GetProperty("actor").GetString(), audited[0].GetProperty("reason").GetString())
            .ShouldBe((true, false, "other-program", "fog"));
        (audited[1].GetProperty("folded").GetBoolean(), audited[1].GetProperty("type").GetString(), audited[1].GetProperty("body").GetProperty("guests").GetDecimal()).ShouldBe((false, "catering_ordered", 4.5m));

        // The record goes on: at the version that its reader has seen.
        var etag = (await host.Http.Read($"/api/meetings/{reference}")).ETag!;
        var history = await host.Http.Read($"/api/audit/records/{reference}");
        history.Json.GetProperty("events").GetArrayLength().ShouldBe(3);
        history.ETag.ShouldBe(etag);
        (await host.Http.Read($"/records/{reference}?lang=fr")).Status.ShouldBe(HttpStatusCode.OK);
        (await host.Http.Read($"/api/partnerships/DK?knownAt=@{unknown.ToString(CultureInfo.InvariantCulture)}")).Status.ShouldBe(HttpStatusCode.OK);
        (await host.Http.Read("/api/partnerships/DK/timeline")).Items.Select(i => i.GetProperty("type").GetString()).ShouldContain("meeting_cancelled");
    }

    [Fact]
    public async Task A_stream_of_another_program_is_read_in_the_audit_by_those_who_may()
    {
        var text = await Append("visit-7", "visit_begun", """["a","list"]""", """{"marking":"confidential"}""");
        var unmarked = await Append("visit-7", "visit_ended", "{}", "null");

        var listed = await host.Http.Read("/api/audit/events?stream=visit-7");
        listed.Items.Select(i => i.GetProperty("position").GetInt64()).ShouldBe([text, unmarked]);
        (listed.Items[0].GetProperty("text").GetString(), listed.Items[1].GetProperty("marking").GetString()).ShouldBe(("""["a","list"]""", "secret"));
        listed.Json.TryGetProperty("unsealed", out _).ShouldBeFalse();
        (await host.Http.Read("/api/audit/records/visit-7")).Json.GetProperty("version").GetInt64().ShouldBe(2);
        (await host.Http.Read("/records/visit-7")).Status.ShouldBe(HttpStatusCode.OK);

        using var cleared = await host.As(Marking.Confidential, Role.Auditor);
        (await cleared.Read("/api/audit/events?stream=visit-7")).Items.Count.ShouldBe(1);
        (await cleared.Read($"/api/audit/events/{unmarked.ToString(CultureInfo.InvariantCulture)}")).Json.GetProperty("withheld").GetBoolean().ShouldBeTrue();
        (await host.Http.Read("/api/audit/events?stream=visit-8")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_takes_a_second_persons_word_counts_for_nothing_from_another_program()
    {
        var person = await host.Http.Record("/api/people", """{"name": "First Form", "script": "Latn", "marking": "open"}""");
        var before = (await host.Http.Read($"/api/people/{person.Reference}")).Json;
        await Append(before.GetProperty("id").GetString()!, "person_erased",
            $$"""{"count": 1, "legalBasis": "none", "requestedBy": "a", "approvedBy": "b", "request": "{{Guid.NewGuid()}}"}""", """{"marking":"open"}""");
        var after = (await host.Http.Read($"/api/people/{person.Reference}")).Json;
        after.GetProperty("version").GetInt64().ShouldBe(before.GetProperty("version").GetInt64() + 1);
        after.GetProperty("names").GetRawText().ShouldBe(before.GetProperty("names").GetRawText());
        before.GetProperty("names")[0].GetProperty("value").GetString().ShouldBe("First Form");
    }

    [Fact]
    public async Task An_event_type_that_could_break_the_stream_of_events_is_refused() =>
        (await Should.ThrowAsync<Npgsql.PostgresException>(Append("visit-9", "visit\ndata: forged", "{}", "null"))).SqlState.ShouldBe("23514");
}
