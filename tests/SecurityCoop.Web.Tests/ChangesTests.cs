using System.Text.Json;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>What the register learnt between two instants, and why a status holds or does not, in words and as data.</summary>
public sealed class ChangesTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task A_new_action_is_a_new_status_with_its_reason()
    {
        await Record("/api/meetings", """{"partners": ["JO"], "kind": "talks", "date": "2026-01-10"}""");
        var from = await host.Head();
        await Record("/api/actions", """{"partner": "JO", "what": "set up a framework", "owedBy": "both", "on": "2026-01-10"}""");
        await Record("/api/actions/JO-ACT-0001/follow-ups", """{"on": "2026-01-20", "note": "no answer", "state": "blocked"}""");
        var changes = (await host.Http.Read($"/api/partnerships/JO/changes?from=@{from}")).Json;
        Standing(changes, "before").ShouldBe("contact certain contact");
        Standing(changes, "after").ShouldBe("committed certain committed");
        changes.GetProperty("status").GetProperty("changed").GetBoolean().ShouldBeTrue();
        changes.GetProperty("status").GetProperty("because").EnumerateArray().Select(b => b.GetProperty("record").GetString()).ShouldBe(["JO-ACT-0001"]);
        changes.GetProperty("modifiers").GetProperty("added").EnumerateArray().Select(m => m.GetProperty("code").GetString()).ShouldBe(["undated-commitment"]);
        changes.GetProperty("modifiers").GetProperty("removed").GetArrayLength().ShouldBe(0);
        Records(changes).ShouldBe($"JO-ACT-0001 action opened @{from + 1} @{from + 2} @{from + 3}");
        changes.GetProperty("from").ToString().ShouldBe($$"""{"knownAt":"@{{from}}","position":{{from}}}""");
        changes.GetProperty("to").GetProperty("position").GetInt64().ShouldBe(from + 3);
        changes.GetProperty("asOf").GetString().ShouldBe("2026-02-01");
        Words(changes).ShouldBe([
            "JO: contact → committed, because of JO-ACT-0001", "JO: now to note: undated commitment, because of JO-ACT-0001", "JO-ACT-0001 (set up a framework): agreed, follow-up and blocked"]);
        Words((await host.Http.Read($"/api/partnerships/JO/changes?from=@{from}", ("Accept-Language", "fr"))).Json)[0].ShouldBe("JO : contact établi → engagements pris, en raison de JO-ACT-0001");
        Words((await host.Http.Read($"/api/partnerships/JO/changes?from=@{from}", ("Accept-Language", "ar"))).Json)[0].ShouldBe("JO: اتصال قائم ← التزامات متفق عليها، بسبب JO-ACT-0001");
        Words((await host.Http.Read($"/api/partnerships/JO/changes?from=@{from}", ("Accept-Language", "ar"))).Json)[2].ShouldBe("JO-ACT-0001 (\u2068set up a framework\u2069): الاتفاق على الإجراء، متابعة وتعثر");

        // Between two instants in the past, and as of a day on which nothing had happened yet.
        var between = (await host.Http.Read($"/api/partnerships/JO/changes?from=@{from + 1}&to=@{from + 3}")).Json;
        Words(between).ShouldBe(["JO: committed, as before", "JO-ACT-0001 (set up a framework): follow-up and blocked"]);
        Records(between).ShouldBe($"JO-ACT-0001 action changed @{from + 2} @{from + 3}");
        Fields(between, 0)["states"].ShouldBe("""["agreed"] → ["blocked"]""");
        Fields(between, 0)["blocked"].ShouldBe("none → \"certain\"");
        Standing((await host.Http.Read($"/api/partnerships/JO/changes?from=@{from}&asOf=2026-01-09")).Json, "after").ShouldBe("no-record certain no-record");
    }

    [Fact]
    public async Task What_is_settled_corrected_and_withdrawn_is_told_with_what_stood_there()
    {
        var meeting = (await host.Http.Record("/api/meetings", """{"partners": ["TN"], "kind": "talks", "date": "2026-01-10", "place": "Tunis"}""")).Reference;
        await Record("/api/meetings", """{"partners": ["TN"], "kind": "conference", "date": "2026-01-12"}""");
        await Record("/api/actions", """{"partner": "TN", "what": "a list", "owedBy": "partner", "on": "2026-01-10", "due": "2026-01-20"}""");
        var from = await host.Head();
        await Record("/api/actions/TN-ACT-0001/follow-ups", """{"on": "2026-01-25", "note": "received", "state": "verified"}""");
        await Record($"/api/meetings/{meeting}/corrections", """{"fields": {"place": "Rabat"}, "reason": "misheard"}""");
        await Record("/api/meetings/TN-MTG-0002/withdrawal", """{"reason": "another country's"}""");
        var changes = (await host.Http.Read($"/api/partnerships/TN/changes?from=@{from}")).Json;
        Records(changes).ShouldBe($"TN-ACT-0001 action changed @{from + 1} @{from + 2}, TN-MTG-0001 meeting corrected @{from + 3}, TN-MTG-0002 meeting withdrawn @{from + 4}");
        Fields(changes, 1).ShouldBe(new Dictionary<string, string> { ["place"] = "\"Tunis\" → \"Rabat\"" });
        changes.GetProperty("modifiers").GetProperty("removed").EnumerateArray().Select(m => m.GetProperty("code").GetString()).ShouldBe(["overdue"]);
        Words(changes).ShouldBe([
            "TN: committed → contact, because of TN-MTG-0001 and TN-ACT-0001", "TN: no longer to note: overdue", "TN-ACT-0001 (a list): follow-up and verified",
            "TN-MTG-0001 (Talks, 10 January 2026): corrected", "TN-MTG-0002 (Conference, 12 January 2026): withdrawn"]);
    }

    [Fact]
    public async Task Nothing_between_is_nothing_changed_and_the_list_of_all_leaves_it_out()
    {
        await Record("/api/meetings", """{"partners": ["LB"], "kind": "talks", "date": "2026-01-10"}""");
        var from = await host.Head();
        var nothing = (await host.Http.Read($"/api/partnerships/LB/changes?from=@{from}&to=@{from}")).Json;
        nothing.GetProperty("status").GetProperty("changed").GetBoolean().ShouldBeFalse();
        Words(nothing).ShouldBe(["LB: contact, as before"]);
        await Record("/api/meetings", """{"partners": ["KW", "OM"], "kind": "talks", "date": "2026-01-10"}""");
        var to = await host.Head();
        var all = await host.Http.Read($"/api/changes?from=@{from}&to=@{to}&limit=1");
        all.Items.Select(i => i.GetProperty("partner").GetProperty("code").GetString()).ShouldBe(["KW"]);
        Words(all.Items[0])[0].ShouldBe("KW: nothing on record → contact, because of MUL-MTG-0001");
        var rest = await host.Http.Read(all.Headers.GetValues("Link").Single().Split('<', '>')[1]);
        rest.Items.Select(i => i.GetProperty("partner").GetProperty("code").GetString()).ShouldBe(["OM"]);
        rest.Json.TryGetProperty("next", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Changes_tell_nobody_what_they_may_not_see()
    {
        await Record("/api/meetings", """{"partners": ["SA"], "kind": "talks", "date": "2026-01-10", "marking": "open"}""");
        var from = await host.Head();
        await Record("/api/actions", """{"partner": "SA", "what": "hidden", "owedBy": "home", "on": "2026-01-10", "marking": "secret"}""");
        using var reader = await host.As(Marking.Open, Role.Reader);
        var changes = (await reader.Read($"/api/partnerships/SA/changes?from=@{from}")).Json;
        (Records(changes), Standing(changes, "after")).ShouldBe(("", "contact certain contact"));
        (await reader.Read($"/api/changes?from=@{from}&to=@{from + 1}")).Items.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/api/partnerships/JO/changes", "required", "?from")]
    [InlineData("/api/partnerships/JO/changes?from=yesterday", "invalid-known-at", "?from")]
    [InlineData("/api/partnerships/JO/changes?from=@0&to=@999999", "unknown-position", "?to")]
    [InlineData("/api/partnerships/JO/changes?from=@1&to=@0", "from-after-to", "?from")]
    [InlineData("/api/partnerships/JO/changes?from=@0&home=mine", "only-for", "?home")]
    [InlineData("/api/changes", "required", "?from")]
    [InlineData("/api/changes?from=@0&after=ZZ", "invalid-parameter", "?after")]
    [InlineData("/api/partnerships/JO/why", "required", "?status")]
    [InlineData("/api/partnerships/JO/why?status=active", "unknown-code", "?status")]
    public async Task What_is_asked_wrongly_is_refused_by_name(string path, string slug, string parameter)
    {
        await Record("/api/partnerships", """{"partner": "JO"}""");
        (await host.Http.Read(path)).ShouldBeProblem(400, slug, parameter);
    }

    async Task Record(string path, string body) => await host.For(path, body).Record(path, body);

    static string Standing(JsonElement changes, string when)
    {
        var s = changes.GetProperty("status").GetProperty(when);
        return $"{s.GetProperty("status")} {s.GetProperty("certainty")} {s.GetProperty("certainStatus")}";
    }

    static string Records(JsonElement changes) => string.Join(", ", changes.GetProperty("records").EnumerateArray()
        .Select(r => $"{r.GetProperty("reference")} {r.GetProperty("kind")} {r.GetProperty("change")}{string.Concat(r.GetProperty("events").EnumerateArray().Select(e => $" @{e}"))}"));

    static Dictionary<string, string> Fields(JsonElement changes, int record) => changes.GetProperty("records")[record].GetProperty("fields").EnumerateArray()
        .ToDictionary(f => f.GetProperty("field").GetString()!, f => $"{Raw(f, "was")} → {Raw(f, "is")}");

    static string Raw(JsonElement field, string name) => field.TryGetProperty(name, out var value) ? value.GetRawText() : "none";

    static IReadOnlyList<string> Words(JsonElement changes) => [.. changes.GetProperty("words").EnumerateArray().Select(w => w.GetString()!)];
}

/// <summary>On the five communiqués.</summary>
public sealed class WhyTests(SeededHost host) : IClassFixture<SeededHost>
{
    [Fact]
    public async Task Denmarks_framework_is_not_active_and_the_answer_says_what_would_make_it_so()
    {
        var why = (await host.Http.Read("/api/partnerships/DK/why?status=framework-active")).Json;
        (why.GetProperty("asked").GetString(), why.GetProperty("holds").GetString(), why.GetProperty("status").GetProperty("status").GetString()).ShouldBe(("framework-active", "no", "committed"));
        why.GetProperty("because").EnumerateArray().Select(b => b.GetProperty("record").GetString()).ShouldBe(["DK-ACT-0001", "DK-INS-0001"]);
        var rules = why.GetProperty("rules").EnumerateArray().ToList();
        rules.Select(r => $"{r.GetProperty("rule")} {r.GetProperty("status")} {r.GetProperty("holds")}").ShouldBe(["1 suspended no", "2 framework-active no"]);
        rules[0].GetProperty("missing").GetArrayLength().ShouldBe(0);
        rules[1].GetProperty("missing").EnumerateArray().Select(m => m.ToString()).ShouldBe([
            """{"record":"DK-INS-0001","needs":"signed","party":"home"}""", """{"record":"DK-INS-0001","needs":"signed","party":"DK"}""", """{"record":"DK-INS-0001","needs":"entered-into-force"}"""]);
        why.GetProperty("position").GetInt64().ShouldBe(await host.Head());
    }

    [Theory]
    [InlineData("en", "DK", "framework-active", "Denmark: not “framework in force” but “committed”, because of DK-ACT-0001 and DK-INS-0001. No instrument is in force. DK-INS-0001 (planned) would need its signature (our side and Denmark) and its entry into force.")]
    [InlineData("fr", "DK", "framework-active", "Danemark : l’état n’est pas « cadre en vigueur », mais « engagements pris », en raison de DK-ACT-0001 et DK-INS-0001. Aucun instrument n’est en vigueur. DK-INS-0001 (envisagé) : il y faudrait sa signature (notre côté et Danemark) et son entrée en vigueur.")]
    [InlineData("ar", "DK", "framework-active", "الدانمرك: الحالة ليست «إطار ساري المفعول» بل «التزامات متفق عليها»، بسبب DK-ACT-0001 وDK-INS-0001. لا يوجد صك ساري المفعول. DK-INS-0001 (مزمع إبرامه): يلزم لذلك توقيعه (جانبنا والدانمرك) ودخوله حيز التنفيذ.")]
    [InlineData("en", "DK", "committed", "Denmark: committed, because of DK-ACT-0001 and DK-INS-0001.")]
    [InlineData("en", "DK", "contact", "Denmark: not “contact” but “committed”, because of DK-ACT-0001 and DK-INS-0001. DK-INS-0001 (planned) stands in the way; what would end that: its abandonment. DK-ACT-0001 stands in the way; what would end that: the settlement of the action. DK-MTG-0001 stands in the way; what would end that: its withdrawal from the register.")]
    [InlineData("en", "MY", "intent", "Malaysia: not “intent expressed” but “contact”, because of MY-MTG-0001. No intent was expressed by the partner or jointly. MY-MTG-0001 would need the partner’s word beside our side’s. A statement of intent by the partner or a joint one would do.")]
    [InlineData("en", "MY", "committed", "Malaysia: not “committed” but “contact”, because of MY-MTG-0001. There is neither an open action nor an instrument that both sides want. An agreed action would do.")]
    [InlineData("en", "GB", "intent", "United Kingdom: intent expressed (possible), because of GB-MTG-0003.")]
    [InlineData("fr", "SE", "contact", "Suède : l’état n’est pas « contact établi », mais « rien d'enregistré ». Aucune rencontre n’a eu lieu. Il y suffirait d’une rencontre.")]
    public async Task It_says_so_in_words(string language, string partner, string status, string words) =>
        string.Join(' ', (await host.Http.Read($"/api/partnerships/{partner}/why?status={status}", ("Accept-Language", language))).Json.GetProperty("words").EnumerateArray().Select(w => w.GetString())).ShouldBe(words);

    [Fact]
    public async Task A_status_that_holds_has_the_reasons_of_the_status_query()
    {
        foreach (var partner in (string[])["BE", "DK", "GA", "GB", "MY", "PK"])
        {
            var status = (await host.Http.Read($"/api/partnerships/{partner}")).Json;
            var why = (await host.Http.Read($"/api/partnerships/{partner}/why?status={status.GetProperty("status")}")).Json;
            why.GetProperty("holds").GetString().ShouldBe(status.GetProperty("certainty").GetString());
            why.GetProperty("because").GetRawText().ShouldBe(status.GetProperty("because").GetRawText());
            why.GetProperty("rules").EnumerateArray().Last().GetProperty("because").GetRawText().ShouldBe(status.GetProperty("because").GetRawText());
        }
        (await host.Http.Read("/api/partnerships/DK/why?status=no-record&asOf=2026-01-26")).Json.GetProperty("holds").GetString().ShouldBe("certain");
        (await host.Http.Read("/api/partnerships/DK/why?status=no-record&knownAt=@0")).Json.GetProperty("holds").GetString().ShouldBe("certain");
    }
}
