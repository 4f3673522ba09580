using System.Globalization;
using System.Net;
using System.Text.Json;
using SecurityCoop.PrivateServer;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>Where six partnerships stand after the five communiqués, and why: the table that the register was built to answer.</summary>
public sealed class CommuniquesTests(SeededHost host) : IClassFixture<SeededHost>
{
    [Fact]
    public async Task On_1_February_2026_the_six_partnerships_stand_as_the_communiques_leave_them()
    {
        var list = await host.Http.Read("/api/partnerships?asOf=2026-02-01");
        list.Items.Select(Line).ShouldBe([
            "BE intent (certain; at least intent) + dormant certain",
            "DK committed (certain; at least committed) + undated-commitment certain",
            "GA intent (certain; at least intent)",
            "GB intent (possible; at least contact)",
            "MY contact (certain; at least contact)",
            "PK intent (certain; at least intent) + dormant certain",
        ]);
        list.Position.ShouldBe(await host.Head());
    }

    [Theory]
    [InlineData("DK", "action_agreed DK-ACT-0001 from DK-MTG-0001.4", "instrument_act_recorded DK-INS-0001 from DK-MTG-0001.5")]
    [InlineData("GA", "meeting_statement_recorded GA-MTG-0001.4")]
    [InlineData("PK", "meeting_statement_recorded PK-MTG-0001.5", "meeting_statement_recorded PK-MTG-0001.6")]
    [InlineData("BE", "meeting_statement_recorded BE-MTG-0001.3", "meeting_statement_recorded BE-MTG-0001.4", "meeting_statement_recorded BE-MTG-0001.5")]
    [InlineData("GB", "meeting_statement_recorded GB-MTG-0003.2")]
    [InlineData("MY", "meeting_held MY-MTG-0001")]
    public async Task A_status_names_the_events_that_justify_it_and_they_are_at_their_positions(string partner, params string[] justification)
    {
        var status = (await host.Http.Read($"/api/partnerships/{partner}?asOf=2026-02-01")).Json;
        var because = status.GetProperty("because").EnumerateArray().ToList();
        (await Task.WhenAll(because.Select(Justification))).ShouldBe(justification);
        because.ShouldAllBe(b => b.GetProperty("sources").GetArrayLength() > 0);
    }

    [Fact]
    public async Task Each_answer_for_one_partner_is_the_lists_answer_with_its_frame()
    {
        foreach (var listed in (await host.Http.Read("/api/partnerships?asOf=2026-02-01")).Items)
        {
            var partner = listed.GetProperty("partner").GetProperty("code").GetString();
            (await host.Http.Read($"/api/partnerships/{partner}?asOf=2026-02-01")).Json.ToString().Replace("\"reviewMonths\":12,\"focalPoints\":[],\"notes\":[],", "", StringComparison.Ordinal).ShouldBe(listed.ToString());
        }
    }

    [Fact]
    public async Task Denmark_has_no_record_before_its_first_meeting()
    {
        (await Status("DK", "asOf=2026-01-26")).ShouldBe("no-record");
        (await Status("DK", "asOf=2026-01-27")).ShouldBe("committed");
    }

    [Fact]
    public async Task Before_the_seeds_were_recorded_nobody_was_known_and_the_list_was_empty()
    {
        foreach (var then in (string[])["@0", "2026-01-01T00:00:00Z"])
        {
            var list = await host.Http.Read($"/api/partnerships?asOf=2026-02-01&knownAt={then}");
            list.Items.ShouldBeEmpty();
            list.Position.ShouldBe(0);
            foreach (var partner in (string[])["BE", "DK", "GA", "GB", "MY", "PK"]) (await Status(partner, $"asOf=2026-02-01&knownAt={then}")).ShouldBe("no-record");
        }
    }

    [Fact]
    public async Task Asked_for_the_service_alone_the_United_Kingdom_is_a_contact()
    {
        Line((await host.Http.Read("/api/partnerships/GB?asOf=2026-02-01&home=service")).Json).ShouldBe("GB contact (certain; at least contact)");
        (await host.Http.Read("/api/partnerships?asOf=2026-02-01&home=service&status=contact")).Items.Select(Code).ShouldBe(["GB", "MY"]);
    }

    [Fact]
    public async Task What_was_known_at_a_position_and_at_the_instant_of_that_position_agree()
    {
        for (long position = 1, head = await host.Head(); position <= head; position += 9)
        {
            var at = (await host.Http.Read($"/api/audit/events/{position}")).Json.GetProperty("recordedAt").GetString();
            var byPosition = await host.Http.Read($"/api/partnerships?asOf=2026-02-01&knownAt=@{position}");
            var byInstant = await host.Http.Read($"/api/partnerships?asOf=2026-02-01&knownAt={at}");
            (byPosition.Position, byInstant.Position).Item1.ShouldBe(position);
            // Events of one batch share their instant: it resolves to the last of them.
            if (byInstant.Position != position) continue;
            byInstant.Items.Select(Line).ShouldBe(byPosition.Items.Select(Line));
        }
        var now = await host.Http.Read($"/api/partnerships?asOf=2026-02-01&knownAt=@{await host.Head()}");
        now.Items.Select(Line).ShouldBe((await host.Http.Read("/api/partnerships?asOf=2026-02-01")).Items.Select(Line));
    }

    [Fact]
    public async Task An_instant_after_the_newest_event_is_answered_provisionally()
    {
        var ahead = (await host.Http.Read("/api/partnerships/DK?asOf=2026-02-01&knownAt=2999-01-01T00:00:00Z")).Json;
        ahead.GetProperty("provisional").GetBoolean().ShouldBeTrue();
        ahead.GetProperty("position").GetInt64().ShouldBe(await host.Head());
        (await host.Http.Read("/api/partnerships/DK?asOf=2026-02-01")).Json.TryGetProperty("provisional", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Loaded_again_the_seeds_add_nothing()
    {
        var before = await host.Head();
        (await host.LoadSeeds()).ShouldBeGreaterThan(50);
        (await host.Head()).ShouldBe(before);
    }

    [Theory]
    [InlineData("status=committed", "DK")]
    [InlineData("modifier=dormant", "BE PK")]
    [InlineData("topic=MIL", "GB")]
    [InlineData("topic=MIL&status=contact", "GB")] // possibly
    public async Task The_list_of_partnerships_can_be_narrowed(string query, string partners) =>
        string.Join(' ', (await host.Http.Read($"/api/partnerships?asOf=2026-02-01&{query}")).Items.Select(Code)).ShouldBe(partners);

    [Fact]
    public async Task Everybody_has_a_name_in_three_languages()
    {
        var name = (await host.Http.Read("/api/partnerships/GB")).Json.GetProperty("partner").GetProperty("name");
        (name.GetProperty("fr").GetString(), name.GetProperty("en").GetString(), name.GetProperty("ar").GetString()).ShouldBe(("Royaume-Uni", "United Kingdom", "المملكة المتحدة"));
    }

    [Fact]
    public async Task The_two_dates_that_trap_are_kept_as_they_are()
    {
        (await host.Http.Read("/api/meetings/BE-MTG-0001")).Json.GetProperty("date").GetString().ShouldBe("[2024-11-04,2024-11-11,2024-11-18,2024-11-25]");
        (await host.Http.Read("/api/meetings/GB-MTG-0003")).Json.GetProperty("date").GetString().ShouldBe("");
        (await host.Http.Read("/api/partnerships/BE?asOf=2024-11-03")).Json.GetProperty("status").GetString().ShouldBe("no-record");
        var possible = (await host.Http.Read("/api/partnerships/BE?asOf=2024-11-12")).Json;
        Line(possible).ShouldStartWith("BE intent (possible; at least no-record)");
    }

    [Fact]
    public async Task The_undated_memorandum_is_reviewed_six_months_after_the_meeting()
    {
        (await host.Http.Read("/api/instruments/DK-INS-0001")).Json.GetProperty("reviewOn").GetString().ShouldBe("2026-07-27");
        (await host.Http.Read("/api/actions/DK-ACT-0001")).Json.GetProperty("reviewOn").GetString().ShouldBe("2026-07-27");
        Line((await host.Http.Read("/api/partnerships/DK?asOf=2026-07-27")).Json).ShouldContain("review-due certain");
    }

    async Task<string> Status(string partner, string query) => (await host.Http.Read($"/api/partnerships/{partner}?{query}")).Json.GetProperty("status").GetString()!;

    async Task<string> Justification(JsonElement because)
    {
        var stored = (await host.Http.Read($"/api/audit/events/{because.GetProperty("position")}")).Json;
        stored.GetProperty("id").GetString().ShouldBe(because.GetProperty("event").GetString());
        stored.GetProperty("reference").GetString().ShouldBe(because.GetProperty("record").GetString());
        var (type, reference, body) = (stored.GetProperty("type").GetString(), stored.GetProperty("reference").GetString(), stored.GetProperty("body"));
        if (type == "meeting_statement_recorded") return $"{type} {reference}.{body.GetProperty("number")}";
        if (type == "meeting_held") return $"{type} {reference}";
        var path = type!.StartsWith("action", StringComparison.Ordinal) ? "actions" : "instruments";
        var record = (await host.Http.Read($"/api/{path}/{reference}")).Json;
        return $"{type} {reference} from {record.GetProperty("meeting")}.{record.GetProperty("statement")}";
    }

    static string Code(JsonElement status) => status.GetProperty("partner").GetProperty("code").GetString()!;

    static string Line(JsonElement s) => string.Create(CultureInfo.InvariantCulture,
        $"{Code(s)} {s.GetProperty("status")} ({s.GetProperty("certainty")}; at least {s.GetProperty("certainStatus")}){string.Concat(s.GetProperty("modifiers").EnumerateArray().Select(m => $" + {m.GetProperty("code")} {m.GetProperty("certainty")}"))}");
}

/// <summary>Seeds that come later than others.</summary>
public sealed class LaterSeedsTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task A_file_added_later_loads_into_the_older_register_and_names_records_of_the_earlier_ones()
    {
        var folder = Directory.CreateTempSubdirectory("seeds-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "000_a.json"), """
                {"document": "000_a", "commands": [{"key": "a/source", "as": "@a", "post": "/api/sources", "body": {"title": "A", "marking": "open"}}]}
                """);
            await host.LoadSeeds(folder);
            var before = await host.Head();
            await File.WriteAllTextAsync(Path.Combine(folder, "001_b.json"), """
                {"document": "001_b", "commands": [{"key": "b/note", "post": "/api/sources/@a/notes", "body": {"note": "later", "marking": "open"}},
                    {"key": "b/meeting", "as": "@m", "post": "/api/meetings", "body": {"partners": ["FR"], "kind": "talks", "date": "2025", "source": {"document": "@a", "paragraph": 2}, "marking": "open"}}]}
                """);
            await host.LoadSeeds(folder);
            (await host.Head()).ShouldBe(before + 3, "a note, a meeting, and the partnership that it opens");
            var meeting = (await host.Http.Read("/api/audit/records/FR-MTG-0001")).Json.GetProperty("events")[0];
            meeting.GetProperty("actor").GetString().ShouldBe("seeds");
            (await host.Http.Read("/api/sources/SRC-0001")).Json.GetProperty("notes")[0].GetString().ShouldBe("later");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_seed_that_is_refused_is_named_with_its_file()
    {
        var folder = Directory.CreateTempSubdirectory("seeds-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "000_bad.json"), """{"document": "000_bad", "commands": [{"key": "bad/one", "post": "/api/partnerships", "body": {"partner": "ZZ"}}]}""");
            var refused = await Should.ThrowAsync<StartRefused>(() => host.LoadSeeds(folder));
            refused.Message.ShouldStartWith("000_bad.json: bad/one was refused:");
            refused.Message.ShouldContain("unknown-partner");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
