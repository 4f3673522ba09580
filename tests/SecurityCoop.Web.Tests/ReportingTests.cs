using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Reporting;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>What the views for reporting say, against what HTTP answers.</summary>
public sealed class ReportingTests(SeededHost host) : IClassFixture<SeededHost>
{
    static readonly DateOnly today = new(2026, 2, 1);

    ReportWriter Writer => host.Services.GetRequiredService<ReportWriter>();

    [Theory]
    [InlineData("2026-02-01")]
    [InlineData("2026-01-21")]
    [InlineData("2027-06-30")]
    public async Task The_views_say_for_a_day_what_HTTP_answers_for_it(string day)
    {
        using var reader = await host.As(Marking.Restricted, Role.Reader);
        var written = await Writer.Write(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), Marking.Restricted, current: false, default);
        written.Position.ShouldBe(await host.Head());
        async Task<IReadOnlyList<JsonElement>> Http(string path) => (await reader.Read($"{path}?asOf={day}&limit=500")).Items;
        async Task Same(string view, IEnumerable<string> answered, params string[] columns)
        {
            var rows = JsonDocument.Parse(await host.Ask<string>($"select coalesce(jsonb_agg(to_jsonb(v)), '[]')::text from report.{view} v where as_of = '{day}'")).RootElement.EnumerateArray().ToList();
            rows.ShouldAllBe(r => r.GetProperty("position").GetInt64() == written.Position);
            rows.Select(r => Text([.. columns.Select(c => r.GetProperty(c))])).Order(StringComparer.Ordinal).ShouldBe(answered.Order(StringComparer.Ordinal), view);
        }

        var partnerships = await Http("/api/partnerships");
        await Same("partnership_status", partnerships.Select(p => Text(Of(p, "partner/code"), Of(p, "status"), Of(p, "certainty"), Of(p, "certainStatus"), Of(p, "lastContact"), Of(p, "topics"),
                Of(p, "counts/meetings"), Of(p, "counts/statements"), Of(p, "counts/openActions"), Of(p, "counts/instruments")) + string.Join(",", p.GetProperty("modifiers").EnumerateArray().Select(m => m.GetProperty("code").GetString())) + "|"),
            "partner", "status", "certainty", "certain_status", "last_contact", "topics", "meetings", "statements", "open_actions", "instruments", "modifiers");
        var meetings = await Http("/api/meetings");
        await Same("meetings", meetings.Select(m => Text(Of(m, "reference"), Of(m, "partners"), Of(m, "kind"), Of(m, "state"), Of(m, "date"), Of(m, "place"), Of(m, "marking"))), "reference", "partners", "kind", "state", "date", "place", "marking");
        await Same("statements", meetings.SelectMany(m => Standing(m, "statements").Select(s => Text(Of(m, "reference"), Of(s, "said/number"), Of(s, "said/force"), Of(s, "said/speaker"), Of(s, "said/topics"), Of(s, "said/text")))),
            "record", "number", "force", "speaker", "topics", "text");
        var actions = await Http("/api/actions");
        await Same("actions", actions.Select(a => Text(Of(a, "reference"), Of(a, "partner"), Of(a, "what"), Of(a, "owedBy"), Of(a, "due"), Of(a, "states"), Of(a, "open"), Of(a, "overdue"), Of(a, "reviewDue"))),
            "reference", "partner", "what", "owed_by", "due", "states", "open", "overdue", "review_due");
        await Same("follow_ups", actions.SelectMany(a => Standing(a, "followUps").Select(f => Text(Of(a, "reference"), Of(f, "on"), Of(f, "note"), Of(f, "state")))), "action", "date", "note", "state");
        await Same("instruments", (await Http("/api/instruments")).Select(i => Text(Of(i, "reference"), Of(i, "partners"), Of(i, "title"), Of(i, "binding"), Of(i, "states"), Of(i, "reviewOn"), Of(i, "expiring"))),
            "reference", "partners", "title", "binding", "states", "review_on", "expiring");
    }

    [Fact]
    public async Task Todays_rows_take_each_others_place_and_a_day_that_somebody_asked_for_stays_beside_them()
    {
        await Writer.Write(today, Marking.Restricted, current: true, default);
        await Writer.Write(new(2025, 12, 31), Marking.Restricted, current: false, default);
        await Writer.Write(today.AddDays(1), Marking.Restricted, current: true, default);
        (await host.Ask<string>("select string_agg(distinct as_of::text, ' ') from report.partnership_status where current")).ShouldBe("2026-02-02");
        (await host.Ask<long>("select count(*) from report.meetings where as_of = '2026-02-01' and current")).ShouldBe(0);
        (await host.Ask<long>("select count(*) from report.partnership_status where as_of = '2025-12-31' and not current")).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Neither_protected_values_nor_what_lies_above_the_clearance_is_written()
    {
        var person = (await host.Http.Record("/api/people", """{"name":"N. N."}""")).Reference;
        var action = (await host.Http.Record("/api/actions", """{"partner":"NO","what":"exchange lists","owedBy":"home"}""")).Reference;
        await host.Http.Record($"/api/actions/{action}/follow-ups", $$"""{"note":"told in confidence","protectFor":"{{person}}"}""");
        var secret = (await host.Http.Record("/api/meetings", """{"partners":["NO"],"kind":"talks","date":"2026-01-02","marking":"secret"}""")).Reference;
        var written = await Writer.Write(new(2026, 5, 5), Marking.Confidential, current: false, default);
        (await host.Ask<bool>($"select protected and note is null from report.follow_ups where as_of = '2026-05-05' and action = '{action}'")).ShouldBeTrue();
        (await host.Ask<long>($"select count(*) from report.line where document::text like '%in confidence%' or document::text like '%{secret}%'")).ShouldBe(0);
        (await host.Ask<long>("select count(*) from report.line where as_of = '2026-05-05'")).ShouldBe(written.Rows);
    }

    static IEnumerable<JsonElement> Standing(JsonElement record, string items) => record.TryGetProperty(items, out var all) ? all.EnumerateArray().Where(i => !(i.TryGetProperty("withdrawn", out var gone) && gone.GetBoolean())) : [];

    static JsonElement Of(JsonElement answer, string path)
    {
        foreach (var name in path.Split('/'))
            if (!answer.TryGetProperty(name, out answer)) return default;
        return answer;
    }

    // A list that is not there is an empty one, and a protected text is none.
    static string Text(params JsonElement[] values) => string.Concat(values.Select(v => v.ValueKind switch
    {
        JsonValueKind.Array => string.Join(",", v.EnumerateArray().Select(i => i.ToString())) + "|",
        JsonValueKind.Undefined or JsonValueKind.Null => "|",
        JsonValueKind.Object when v.TryGetProperty("protectedFor", out _) => "|",
        _ => v + "|",
    }));
}

/// <summary>A host that keeps the rows up to date by itself, every second.</summary>
public sealed class ReportingHost(TestPostgres postgres) : HostFixture(postgres)
{
    protected override void Configure(WebApplicationBuilder builder) => builder.Configuration["Register:ReportSeconds"] = "1";
}

public sealed class ReportKeeperTests(ReportingHost host) : IClassFixture<ReportingHost>
{
    [Fact]
    public async Task What_is_recorded_stands_in_the_views_soon_after_and_so_does_a_new_day()
    {
        await host.Http.Record("/api/actions", """{"partner":"DK","what":"send the list","owedBy":"partner","due":"2026-02-01"}""");
        await Until("select count(*) from report.actions where current and as_of = '2026-02-01' and overdue is null");
        host.Clock.Set(new(2026, 2, 2, 12, 0, 0, TimeSpan.Zero));
        await Until("select count(*) from report.actions where current and as_of = '2026-02-02' and overdue = 'certain'");
    }

    async Task Until(string count)
    {
        for (var tries = 0; await host.Ask<long>(count) != 1; tries++)
        {
            tries.ShouldBeLessThan(600, count);
            await Task.Delay(100);
        }
    }
}
