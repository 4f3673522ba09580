using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>Lists, the timeline and the audit's lists, on the five communiqués.</summary>
public sealed class QueryTests(SeededHost host) : IClassFixture<SeededHost>
{
    [Theory]
    [InlineData("/api/partnerships", "partner", 6)]
    [InlineData("/api/meetings", "reference", 8)]
    [InlineData("/api/people", "reference", null)]
    [InlineData("/api/organisations", "reference", null)]
    [InlineData("/api/sources", "reference", 5)]
    [InlineData("/api/occasions", "reference", null)]
    [InlineData("/api/actions", "reference", 1)]
    [InlineData("/api/instruments", "reference", 1)]
    [InlineData("/api/partnerships/GB/timeline", "position", null)]
    [InlineData("/api/audit/events", "position", null)]
    [InlineData("/api/audit/events?partner=DK", "position", null)]
    public async Task One_by_one_by_its_cursor_a_list_gives_every_item_once_and_in_order(string path, string name, int? count)
    {
        var whole = (await host.Http.Read($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit=500")).Items.Select(i => i.GetProperty(name).GetRawText()).ToList();
        if (count is { } expected) whole.Count.ShouldBe(expected);
        whole.Count.ShouldBeGreaterThan(0);
        whole.ShouldBeUnique();
        var walked = new List<string>();
        for (var next = $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit=1"; next is not null;)
        {
            var page = await host.Http.Read(next);
            walked.AddRange(page.Items.Select(i => i.GetProperty(name).GetRawText()));
            walked.Count.ShouldBeLessThanOrEqualTo(whole.Count);
            var more = page.Json.TryGetProperty("next", out var cursor) && cursor.ValueKind != JsonValueKind.Null;
            page.Headers.Contains("Link").ShouldBe(more);
            next = more ? page.Headers.GetValues("Link").Single().Split('<', '>')[1] : null;
            if (more) page.Headers.GetValues("Link").Single().ShouldEndWith("; rel=\"next\"");
        }
        walked.ShouldBe(whole);
    }

    [Theory]
    [InlineData("/api/meetings?partner=GB", "GB-MTG-0001 GB-MTG-0002 GB-MTG-0003")]
    [InlineData("/api/meetings?partner=FR", "")]
    [InlineData("/api/actions?undated=true", "DK-ACT-0001")]
    [InlineData("/api/actions?undated=false", "")]
    [InlineData("/api/actions?overdue=true", "")]
    [InlineData("/api/actions?owedBy=both&state=agreed", "DK-ACT-0001")]
    [InlineData("/api/actions?owedBy=home", "")]
    [InlineData("/api/actions?owner=nobody", "")]
    [InlineData("/api/actions?state=dropped", "")]
    [InlineData("/api/instruments?state=planned", "DK-INS-0001")]
    [InlineData("/api/instruments?state=in-force", "")]
    public async Task A_list_is_narrowed_by_its_filters(string path, string references) =>
        string.Join(' ', (await host.Http.Read(path)).Items.Select(i => i.GetProperty("reference").GetString())).ShouldBe(references);

    [Fact]
    public async Task The_list_of_events_is_narrowed_by_record_partner_type_actor_and_time()
    {
        var all = (await host.Http.Read("/api/audit/events?limit=500")).Items;
        all.Select(Position).ShouldBe(Enumerable.Range(1, all.Count).Select(i => (long)i));
        await Narrowed("stream=DK-MTG-0001", all, e => e.GetProperty("reference").GetString() == "DK-MTG-0001");
        await Narrowed("type=meeting_held", all, e => e.GetProperty("type").GetString() == "meeting_held");
        await Narrowed("actor=seeds", all, e => e.GetProperty("actor").GetString() == "seeds");
        await Narrowed("actor=nobody", all, _ => false);
        await Narrowed("partner=DK", all, e => e.GetProperty("reference").GetString() is "DK" or "DK-MTG-0001" or "DK-ACT-0001" or "DK-INS-0001");
        await Narrowed("after=7&stream=SRC-0001", all, e => Position(e) > 7 && e.GetProperty("reference").GetString() == "SRC-0001");
        var middle = all[all.Count / 2].GetProperty("recordedAt").GetString();
        await Narrowed($"from={middle}", all, e => string.CompareOrdinal(Time(e), Time(all[all.Count / 2])) >= 0);
        await Narrowed($"to={middle}", all, e => string.CompareOrdinal(Time(e), Time(all[all.Count / 2])) < 0);
    }

    async Task Narrowed(string query, IReadOnlyList<JsonElement> all, Func<JsonElement, bool> which)
    {
        var head = all.Max(Position);
        (await host.Http.Read($"/api/audit/events?limit=500&{query}")).Items.Select(Position).Where(p => p <= head).ShouldBe(all.Where(which).Select(Position), query);
    }

    [Fact]
    public async Task One_event_is_shown_whole_with_the_digest_of_its_stored_body()
    {
        var one = (await host.Http.Read("/api/audit/events/1")).Json;
        one.GetProperty("version").GetInt32().ShouldBe(1);
        one.GetProperty("schema").GetInt32().ShouldBe(1);
        one.GetProperty("digest").GetString().ShouldBe(await host.Ask<string>("select encode(sha256(body), 'hex') from register.ledger_entry where position = 1"));
        var listed = (await host.Http.Read("/api/audit/events?limit=1")).Items.Single();
        listed.GetRawText().ShouldBe(one.GetRawText());
    }

    [Fact]
    public async Task A_records_history_is_found_by_reference_stream_id_and_partner_code()
    {
        var byReference = await host.Http.Read("/api/audit/records/DK-MTG-0001");
        byReference.ETag.ShouldBe($"\"{byReference.Json.GetProperty("version")}\"");
        (await host.Http.Read($"/api/audit/records/{byReference.Json.GetProperty("stream")}")).Text.ShouldBe(byReference.Text);
        (await host.Http.Read("/api/audit/records/DK")).Json.GetProperty("stream").GetString().ShouldBe("partnership-DK");
    }

    [Fact]
    public async Task The_typing_error_of_a_communique_shows_with_its_correction()
    {
        var occasions = (await host.Http.Read("/api/occasions")).Items;
        var cup = occasions.Single(o => o.TryGetProperty("dateAsGiven", out var given) && given.GetString()!.Contains("20230", StringComparison.Ordinal));
        cup.GetProperty("date").GetString().ShouldBe("2030");
        var history = (await host.Http.Read($"/api/audit/records/{cup.GetProperty("reference").GetString()}")).Json.GetProperty("events").EnumerateArray().ToList();
        history.ShouldContain(e => e.GetProperty("type").GetString() == "occasion_corrected" && e.GetProperty("explained").GetArrayLength() > 0);
    }

    [Fact]
    public async Task The_interfaces_description_is_served_and_names_every_route()
    {
        var document = (await host.Http.Read("/openapi/v1.json")).Json;
        var described = document.GetProperty("paths").EnumerateObject()
            .SelectMany(p => p.Value.EnumerateObject().Select(o => $"{o.Name.ToUpperInvariant()} {p.Name}")).ToHashSet();
        var mapped = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(m => $"{m} {e.RoutePattern.RawText!.Replace(":long", "", StringComparison.Ordinal).Replace("{**", "{", StringComparison.Ordinal)}")).ToList();
        mapped.Count.ShouldBeGreaterThan(60);
        mapped.Where(m => !described.Contains(m)).ShouldBeEmpty();
        document.GetProperty("paths").EnumerateObject().Where(p => p.Value.TryGetProperty("post", out var post) && !post.TryGetProperty("requestBody", out _)).Select(p => p.Name)
            .ShouldBe(["/api/calendar/feeds/{feed}/revocation", "/api/sessions/{session}/revocation", "/api/sessions/revocation"], "every other takes a body");
    }

    [Fact]
    public void Every_parameter_that_must_be_read_is_of_a_type_whose_misreading_is_named()
    {
        var read = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(e => e.Metadata.GetOrderedMetadata<IParameterBindingMetadata>().Where(p => p.HasTryParse && e.RoutePattern.GetParameter(p.Name) is null)).ToList();
        read.ShouldContain(p => p.Name == "limit");
        read.Where(p => p.ParameterInfo.ParameterType != typeof(string) && !Problems.Readings.ContainsKey(p.ParameterInfo.ParameterType)).Select(p => p.Name).ShouldBeEmpty();
    }

    static long Position(JsonElement e) => e.GetProperty("position").GetInt64();

    static string Time(JsonElement e) => e.GetProperty("recordedAt").GetDateTime().ToString("O", CultureInfo.InvariantCulture);
}
