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
public sealed partial class HiddenWorld(TestPostgres postgres) : HostFixture(postgres)
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
