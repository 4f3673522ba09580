using SecurityCoop.Web.Search;
using Microsoft.Extensions.DependencyInjection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using Shouldly;

namespace SecurityCoop.Web.Tests.Hidden;

/// <summary>
/// A host with open records that everybody sees, and secret ones of every kind that an officer recorded: with words, a partner and an actor
/// that stand in nothing open. Some open records name secret ones, and some records were open until something secret was added to them.
/// </summary>
public sealed class HiddenWorld(TestPostgres postgres) : HostFixture(postgres)
{
    /// <summary>A word in every text of what is hidden.</summary>
    public const string Word = "Zyxquark";

    /// <summary>Who recorded all of it.</summary>
    public const string Officer = "officer-zq77";

    /// <summary>A partner of hidden records alone, and one of whom nothing was ever recorded.</summary>
    public const string Partner = "KM", NoPartner = "TV";

    /// <summary>Names of hidden records with a name of the same shape that no record bears: references and stream ids.</summary>
    public List<(string Kind, string Name, string Absent)> Names { get; } = [];

    /// <summary>A word in every text of what is open to the members of one need-to-know group, and hidden from others of any clearance.</summary>
    public const string GroupWord = "Vexilgroup";

    /// <summary>The group, a member of it who recorded all of that, and a partner of whom only such records are.</summary>
    public const string Group = "zq-desk", Member = "member-zq55", GroupPartner = "SC";

    /// <summary>Of <see cref="Names"/> those of what is for the group.</summary>
    public List<(string Kind, string Name, string Absent)> OfGroup { get; } = [];

    /// <summary>What may stand in no answer to whoever is not in the group.</summary>
    public List<string> ForbiddenOfGroup { get; } = [GroupWord];

    /// <summary>References of open records by kind; those that name hidden ones and those that do not.</summary>
    public Dictionary<string, List<string>> Open { get; } = [];

    /// <summary>What may stand in no answer.</summary>
    public List<string> Forbidden { get; } = [Word, Officer, "zq-owner"];

    /// <summary>Positions of hidden records' events.</summary>
    public List<long> Positions { get; } = [];

    public HttpClient OfOfficer { get; private set; } = null!;

    public HttpClient OfMember { get; private set; } = null!;

    /// <inheritdoc/>
    public override async ValueTask InitializeAsync()
    {
        Settings["Register:RequestsPerSecond"] = "0"; // Some thousands come at once.
        await base.InitializeAsync();
        OfOfficer = Client(await NewToken(Officer, Marking.Secret, Role.Steward));
        await RecordOpen();
        await RecordHidden();
        await Tie();
        await Raise();
        await Part();
        OfMember = await NewMember(Member, Marking.Open, [Group], Role.Steward);
        await ForGroup();
        // What the index of words has not come to is looked through whole, and found by its reference too: two answers would differ by that.
        await Indexed();
    }

    /// <summary>The index of words has come to the end of the log.</summary>
    public async Task Indexed()
    {
        var (index, head) = (Services.GetRequiredService<WordIndex>(), await Head());
        for (var until = DateTime.UtcNow.AddSeconds(60); await index.Reach(default) < head; await Task.Delay(100)) DateTime.UtcNow.ShouldBeLessThan(until);
    }

    /// <summary>How many events there are, those aside that tell who was let in, refused or read: these are written each minute.</summary>
    public Task<long> Recorded() => Ask<long>("select count(*) from register.mt_events where stream_id not like 'access-%'");

    /// <summary>A client of a user who is in groups; dispose it.</summary>
    public async Task<HttpClient> NewMember(string subject, Marking clearance, IReadOnlyList<string> groups, params Role[] roles)
    {
        var body = new JsonObject
        {
            ["subject"] = subject, ["clearance"] = Slug.Of(clearance), ["roles"] = new JsonArray([.. roles.Select(r => (JsonNode)Slug.Of(r))]),
            ["groups"] = new JsonArray([.. groups.Select(g => (JsonNode)g)]),
        };
        await Http.Record("/api/users", body.ToJsonString());
        var token = await Http.Record($"/api/users/{subject}/tokens", "{}");
        return Client(token.Json.GetProperty("token").GetString());
    }

    async Task RecordOpen()
    {
        await Seen("/api/sources", """{"title": "Open paper", "marking": "open"}""");
        await Seen("/api/occasions", """{"what": "Open fair", "date": "2030", "marking": "open"}""");
        await Seen("/api/organisations", """{"names": {"en": "Open Police"}, "marking": "open"}""");
        await Seen("/api/people", """{"name": "Openname Body", "marking": "open"}""");
        await Seen("/api/meetings", """
            {"partners": ["EE"], "kind": "talks", "date": "2025-10-01", "marking": "open",
             "statements": [{"force": "discussed", "speaker": "joint", "text": "plain"}]}
            """);
        await Seen("/api/actions", """
            {"partner": "EE", "what": "plain deed", "owedBy": "home", "on": "2025-10-01", "due": "2026-03-01", "meeting": "EE-MTG-0001",
             "marking": "open"}
            """);
        await Seen("/api/instruments", """
            {"partners": ["EE"], "kind": "agreement", "title": "plain text", "binding": "binding", "marking": "open",
             "acts": [{"kind": "signed", "on": "2025-11-01"}]}
            """);
    }

    async Task RecordHidden()
    {
        string Secret(string fields) => $$"""{"marking": "secret", "reason": "{{Word}} why", {{fields}}}""";
        var source = await Kept("/api/sources", Secret($"\"title\": \"{Word} paper\""));
        var occasion = await Kept("/api/occasions", Secret($"\"what\": \"{Word} fair\", \"date\": \"2031\""));
        var organisation = await Kept("/api/organisations", Secret($$"""
            "names": {"en": "{{Word}} Police"}
            """));
        var person = await Kept("/api/people", Secret($"\"name\": \"{Word} Body\""));
        var meeting = await Kept("/api/meetings", Secret($$"""
            "partners": ["{{Partner}}"], "kind": "visit", "date": "2025-12-05", "place": "{{Word}} town", "occasions": ["{{occasion}}"],
            "source": {"document": "{{source}}", "paragraph": 1},
            "statements": [{"force": "intent", "speaker": "joint", "topics": ["CYB"], "text": "{{Word}} said"}]
            """));
        var action = await Kept("/api/actions", Secret($$"""
            "partner": "{{Partner}}", "what": "{{Word}} deed", "owedBy": "home", "owner": "zq-owner", "on": "2025-12-05",
            "due": "2026-01-01", "meeting": "{{meeting}}"
            """));
        await Kept($"/api/actions/{action}/follow-ups", $$"""{"note": "{{Word}} followed", "on": "2026-01-10"}""");
        // Said to be open, of a record that is not.
        await Kept($"/api/actions/{action}/follow-ups", $$"""{"note": "{{Word}} let out", "on": "2026-01-11", "marking": "open"}""");
        var instrument = await Kept("/api/instruments", Secret($$"""
            "partners": ["{{Partner}}"], "kind": "mou", "title": "{{Word}} pact", "binding": "non-binding",
            "acts": [{"kind": "signed", "on": "2025-12-06"}]
            """));
        await Kept($"/api/instruments/{instrument}/acts", $$"""{"kind": "terminated", "on": "2026-01-06", "party": "{{Partner}}"}""");
        await Kept($"/api/partnerships/{Partner}/notes", $$"""{"note": "{{Word}} noted", "marking": "secret"}""");
        Names.Add(("partnership", Partner, NoPartner));
        Named = (source, occasion, organisation, person, meeting, action, instrument);
    }

    /// <summary>References of one hidden record of each kind.</summary>
    public (string Source, string Occasion, string Organisation, string Person, string Meeting, string Action, string Instrument) Named
    {
        get;
        private set;
    }

    // Open records that name hidden ones, by whoever may see both.
    async Task Tie()
    {
        var n = Named;
        await Seen("/api/organisations", $$"""{"names": {"en": "Open part"}, "partOf": "{{n.Organisation}}", "marking": "open"}""");
        await Seen("/api/people", """{"name": "Second Openname", "marking": "open"}""");
        await Http.Record("/api/people/PER-0003/offices", $$"""
            {"title": "Head", "organisation": "{{n.Organisation}}", "marking": "open"}
            """);
        await Seen("/api/meetings", $$"""
            {"partners": ["EE"], "kind": "talks", "date": "2025-10-02", "marking": "open", "partOf": "{{n.Meeting}}",
             "occasions": ["{{n.Occasion}}"], "homeOrganisation": "{{n.Organisation}}",
             "source": {"document": "{{n.Source}}", "paragraph": 1},
             "partnerSide": [{"person": "{{n.Person}}"}], "statements": [
                {"force": "discussed", "speaker": "joint", "text": "plain", "source": {"document": "{{n.Source}}", "paragraph": 2} }]}
            """);
        await Seen("/api/actions", $$"""
            {"partner": "EE", "what": "tied deed", "owedBy": "home", "on": "2025-12-20", "due": "2026-01-15", "meeting": "{{n.Meeting}}",
             "source": {"document": "{{n.Source}}", "paragraph": 3}, "marking": "open"}
            """);
        await Http.Record("/api/actions/EE-ACT-0002/follow-ups", $$"""
            {"note": "plain", "on": "2026-01-16", "meeting": "{{n.Meeting}}", "marking": "open"}
            """);
        await Http.Record("/api/partnerships/EE/focal-points", $$"""
            {"side": "partner", "person": "{{n.Person}}", "on": "2026-01-01", "marking": "open"}
            """);
        await Seen("/api/instruments", """
            {"partners": ["EE"], "kind": "agreement", "title": "tied text", "binding": "binding", "marking": "open",
             "acts": [{"kind": "signed", "on": "2025-11-02"}]}
            """);
        await Http.Record("/api/instruments/EE-INS-0002/links", $$"""
            {"kind": "superseded-by", "instrument": "{{n.Instrument}}", "on": "2026-01-20", "marking": "open"}
            """);
        // A hidden person and a hidden organisation that turned out to be open ones, and an open person that turned out to be a hidden one.
        // The first was open until it was merged: a merge raises the survivor.
        var merged = await Kept("/api/people", $$"""{"name": "{{Word}} Merged", "marking": "open"}""");
        await Kept($"/api/people/{merged}/offices", $$"""{"title": "{{Word}} head", "from": "2024"}""");
        await Kept($"/api/people/{merged}/hold", $$"""{"legalBasis": "{{Word}} proceeding", "reason": "{{Word}} audit"}""");
        await Http.Record($"/api/people/{merged}/merges", $$"""{"into": "PER-0001", "reason": "The same."}""");
        await Kept($"/api/records/{merged}/marking", $$"""{"marking": "secret", "reason": "{{Word}} raised"}""");
        await Seen("/api/people", """{"name": "Third Openname", "marking": "open"}""");
        await Http.Record("/api/meetings/EE-MTG-0001/corrections", """
            {"fields": {"partnerSide": [{"person": "PER-0005"}]}, "reason": "As printed.", "marking": "open"}
            """);
        await Http.Record("/api/people/PER-0005/merges", $$"""{"into": "{{n.Person}}", "reason": "The same.", "marking": "open"}""");
        Open["people"].Remove("PER-0005"); // As its survivor it is not there.
    }

    // Open until something secret was added: hidden since, with its early events.
    async Task Raise()
    {
        var meeting = await Kept("/api/meetings", $$"""
            {"partners": ["{{Partner}}"], "kind": "talks", "date": "2025-09-01", "place": "{{Word}} place", "marking": "open"}
            """);
        await Kept($"/api/meetings/{meeting}/statements", $$"""
            {"force": "discussed", "speaker": "joint", "text": "{{Word}} raised", "marking": "secret"}
            """);
        await Kept($"/api/records/{meeting}/marking", $$"""{"marking": "secret", "reason": "{{Word}} raised"}""");
        // What an open statement opened, and was raised since: the statement's meeting stays open.
        var opened = await Http.Record("/api/meetings", """
            {"partners": ["EE"], "kind": "talks", "date": "2025-10-03", "marking": "open", "statements": [
                {"force": "agreed-action", "speaker": "joint", "text": "plain task",
                 "action": {"what": "plain task", "owedBy": "partner"}}]}
            """);
        Add(Open, "meetings", opened.Reference!);
        await Kept("/api/actions/EE-ACT-0003/follow-ups", $$"""{"note": "{{Word}} raised", "marking": "secret"}""");
        await Kept("/api/records/EE-ACT-0003/marking", $$"""{"marking": "secret", "reason": "{{Word}} raised"}""");
        var action = await OfOfficer.Read("/api/actions/EE-ACT-0003");
        Hide("action", "EE-ACT-0003", action.Json.GetProperty("id").GetString()!);
    }

    // Secret parts of records that stay open.
    async Task Part()
    {
        await Kept("/api/meetings/EE-MTG-0001/statements", $$"""
            {"force": "intent", "speaker": "joint", "topics": ["CYB"], "text": "{{Word}} aside", "marking": "secret"}
            """);
        await Kept("/api/partnerships/EE/notes", $$"""{"note": "{{Word}} aside", "marking": "secret"}""");
        await Kept("/api/actions/EE-ACT-0001/follow-ups", $$"""
            {"on": "2026-01-12", "note": "{{Word}} aside", "state": "blocked", "nextReview": "2026-08-08", "marking": "secret"}
            """);
    }

    // Records of every kind, and parts of open ones, that are marked open and are for a group.
    async Task ForGroup()
    {
        async Task<string> Given(string path, string fields) =>
            await Kept(path, $$"""{"marking": "open", "groups": ["{{Group}}"], "reason": "{{GroupWord}} why", {{fields}}}""", OfMember);
        await Given("/api/sources", $"\"title\": \"{GroupWord} paper\"");
        await Given("/api/occasions", $"\"what\": \"{GroupWord} fair\", \"date\": \"2032\"");
        await Given("/api/organisations", $$"""
            "names": {"en": "{{GroupWord}} Police"}
            """);
        await Given("/api/people", $"\"name\": \"{GroupWord} Body\"");
        var meeting = await Given("/api/meetings", $$"""
            "partners": ["{{GroupPartner}}"], "kind": "visit", "date": "2025-12-06", "place": "{{GroupWord}} town",
            "statements": [{"force": "intent", "speaker": "joint", "topics": ["CYB"], "text": "{{GroupWord}} said"}]
            """);
        var action = await Given("/api/actions", $$"""
            "partner": "{{GroupPartner}}", "what": "{{GroupWord}} deed", "owedBy": "home", "on": "2025-12-06", "due": "2026-01-02", "meeting": "{{meeting}}"
            """);
        await Given($"/api/actions/{action}/follow-ups", $"\"note\": \"{GroupWord} followed\", \"on\": \"2026-01-10\"");
        await Given("/api/instruments", $$"""
            "partners": ["{{GroupPartner}}"], "kind": "mou", "title": "{{GroupWord}} pact", "binding": "non-binding",
            "acts": [{"kind": "signed", "on": "2025-12-07"}]
            """);
        await Given($"/api/partnerships/{GroupPartner}/notes", $"\"note\": \"{GroupWord} noted\"");
        await Given("/api/meetings/EE-MTG-0001/statements", $$"""
            "force": "intent", "speaker": "joint", "topics": ["CYB"], "text": "{{GroupWord}} aside"
            """);
        await Given("/api/partnerships/EE/notes", $"\"note\": \"{GroupWord} aside\"");
        await Given("/api/actions/EE-ACT-0001/follow-ups", $"\"on\": \"2026-01-13\", \"note\": \"{GroupWord} aside\"");
        Names.Add(("partnership", GroupPartner, NoPartner));
        OfGroup.Add(("partnership", GroupPartner, NoPartner));
        Forbidden.AddRange(ForbiddenOfGroup);
    }

    async Task Seen(string path, string json)
    {
        var answer = await Http.Record(path, json);
        Add(Open, path["/api/".Length..], answer.Reference!);
    }

    async Task<string> Kept(string path, string json, HttpClient? by = null)
    {
        var answer = await (by ?? OfOfficer).Record(path, json);
        var forbidden = by is null ? Forbidden : ForbiddenOfGroup;
        foreach (var e in answer.Json.GetProperty("events").EnumerateArray())
        {
            forbidden.Add(e.GetProperty("id").GetString()!);
            Positions.Add(e.GetProperty("position").GetInt64());
        }
        if (path.Count(c => c == '/') > 2) return answer.Reference!;
        var record = answer.Json.GetProperty("records")[0];
        var id = record.GetProperty("id").GetString()!;
        Hide(id[..id.IndexOf('-', StringComparison.Ordinal)], answer.Reference!, id);
        if (by is null) return answer.Reference!;
        OfGroup.AddRange(Names[^2..]);
        ForbiddenOfGroup.AddRange([answer.Reference!, id]);
        return answer.Reference!;
    }

    void Hide(string kind, string reference, string id)
    {
        Names.Add((kind, reference, Regex.Replace(reference, @"\d{4}\z", "9876")));
        Names.Add((kind, id, id[..^1] + (id[^1] == '0' ? '1' : '0'))); // Its neighbour, which a cursor stands at just so.
        Forbidden.AddRange([reference, id]);
    }

    static void Add(Dictionary<string, List<string>> lists, string kind, string reference)
    {
        if (!lists.TryGetValue(kind, out var list)) lists[kind] = list = [];
        list.Add(reference);
    }

    /// <summary>The answer with the name that was asked for taken out, and what no two answers have alike.</summary>
    public static string Plain(Answer answer, string name)
    {
        var headers = string.Join('\n', answer.Headers.Where(h => h.Key is not ("Date" or "Transfer-Encoding")
                && !(h.Key == "ETag" && answer.MediaType == "text/calendar")) // of its bytes, in which the partner's name stands
            .OrderBy(h => h.Key, StringComparer.Ordinal).Select(h => $"{h.Key}: {string.Join(',', h.Value)}"));
        var text = $"{(int)answer.Status} {answer.MediaType}\n{headers}\n{answer.Text}";
        if (name is Partner or GroupPartner or NoPartner)
            foreach (var label in (string[])[Known.PartnerName(name).Fr, Known.PartnerName(name).En, Known.PartnerName(name).Ar])
                text = text.Replace(label, "<partner>", StringComparison.Ordinal)
                    .Replace(System.Net.WebUtility.HtmlEncode(label), "<partner>", StringComparison.Ordinal);
        return Regex.Replace(text, $@"\b{Regex.Escape(name)}\b", "<name>");
    }

    /// <summary>
    /// Asks by a hidden record's name and by one that nobody bears, and compares. Asked once more where they differ: the trace of access is
    /// written each minute, and each answer says how far the log reaches.
    /// </summary>
    /// <returns>The answer for the hidden record, and how the two differ; null where they do not.</returns>
    public static async Task<(Answer Hidden, string? Difference)> Compare(string name, string absent, Func<string, Task<Answer>> ask)
    {
        for (var first = true; ; first = false)
        {
            var (hidden, nobody) = (await ask(name), await ask(absent));
            var (a, b) = (Plain(hidden, name), Plain(nobody, absent));
            if (a == b || !first) return (hidden, a == b ? null : $"{name}:\n  {a}\n  {b}");
        }
    }

    /// <summary>Adds to faults what an answer must not hold; the name that was asked for it may repeat.</summary>
    /// <param name="ofGroup">Only of what is for the group: whoever asked is cleared for the rest.</param>
    public void Scan(string request, Answer answer, List<string> faults, string? asked = null, bool ofGroup = false)
    {
        var text = string.Join('\n', answer.Headers.SelectMany(h => h.Value)) + answer.Text;
        if (asked is not null) text = text.Replace(asked, "", StringComparison.Ordinal);
        faults.AddRange((ofGroup ? ForbiddenOfGroup : Forbidden).Where(f => f != asked && text.Contains(f, StringComparison.OrdinalIgnoreCase)).Take(2)
            .Select(f => $"{request} tells {f}: {Around(text, f)}"));
        if (!ofGroup && text.Contains("\"marking\":\"secret\"", StringComparison.Ordinal)) faults.Add($"{request} tells a marking");
    }

    static string Around(string text, string found)
    {
        var at = text.IndexOf(found, StringComparison.OrdinalIgnoreCase);
        return text[Math.Max(0, at - 90)..Math.Min(text.Length, at + found.Length + 30)];
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        OfOfficer?.Dispose();
        OfMember?.Dispose();
        await base.DisposeAsync();
    }
}
