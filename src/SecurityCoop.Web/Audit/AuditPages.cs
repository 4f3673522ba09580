using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using SecurityCoop.Ledger;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Partnerships;

namespace SecurityCoop.Web.Audit;

/// <summary>What the page of the log shows.</summary>
/// <param name="Given">The parameters of the address that are given, without the language.</param>
/// <param name="Next">After which position the list goes on; null: here it ends.</param>
/// <param name="Earlier">After which position the page before begins; null: there is none, or filters hide where it is.</param>
public sealed record AuditView(
    Language Language, RegisterClock Clock, IReadOnlyList<EventBody> Events, long Head, IReadOnlyList<(string Name, string Value)> Given, long? Next, long? Earlier)
{
    /// <summary>What the address gives of a parameter; "" where it gives nothing.</summary>
    public string Value(string name) => Given.FirstOrDefault(g => g.Name == name).Value ?? "";

    /// <summary>The same page with one parameter otherwise.</summary>
    public string With(string name, string value) =>
        $"{AuditPages.Path}?{string.Join('&', Given.Where(g => g.Name != name).Append((name, value)).Select(q => $"{Uri.EscapeDataString(q.Item1)}={Uri.EscapeDataString(q.Item2)}"))}";
}

/// <summary>What the page of one event shows.</summary>
/// <param name="Key">The key with which the register signs, as auditors keep it; null: it signs with none.</param>
/// <param name="Proof">That the event is in the tree of the newest checkpoint, or of the head.</param>
public sealed record EventView(Language Language, RegisterClock Clock, EventBody Event, long Head, VerifierKey? Key, InclusionBody Proof)
{
    /// <summary>The key's fingerprint: SHA-256 of its text, in hexadecimal.</summary>
    public string Fingerprint => Key is null ? "" : Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Key.ToString())));
}

/// <summary>What the page of openings shows.</summary>
public sealed record OpeningsView(Language Language, RegisterClock Clock, OpeningList List);

/// <summary>The log for auditors, in the browser: the same answers as the interface's below /api/audit.</summary>
static class AuditPages
{
    public const string Path = "/audit";

    /// <summary>The parameters by which the log is narrowed.</summary>
    public static readonly IReadOnlyList<string> Filters = ["stream", "partner", "type", "actor", "from", "to"];

    const int OnPage = 100;

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet(Path, (Delegate)Log).Needs(Role.Auditor);
        pages.MapGet($"{Path}/events/{{position:long}}", Event).Needs(Role.Auditor);
        pages.MapGet($"{Path}/openings", Openings).Needs(Role.Auditor);
        pages.MapGet(News.Path, News.Get).Needs(Role.Reader);
    }

    static async Task<IResult> Log(HttpContext http, RegisterStore store, RegisterClock clock)
    {
        string? Given(string name) => StatusPages.Given(http.Request.Query[name].FirstOrDefault());
        var head = (await store.Head(http.RequestAborted)).Size;
        var given = Filters.Select(f => (f, Given(f))).Where(g => g.Item2 is not null).Select(g => (g.f, g.Item2!)).ToList();
        // The end of the log first; where filters narrow it, its beginning, since where its end is only reading tells.
        var after = long.TryParse(Given("after"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : given.Count > 0 ? 0 : Math.Max(0, head - OnPage);
        var answer = await AuditEndpoints.Events(http, store, clock, after, OnPage, Given("stream"), Given("partner"), Given("type"), Given("actor"), Given("from"), Given("to"));
        var (events, next) = (EventList)((IValueHttpResult)answer).Value!;
        return new RazorComponentResult<AuditPage>(new { View = new AuditView(Language.Of(http), clock, events, head, given, next, given.Count > 0 || after == 0 ? null : Math.Max(0, after - OnPage)) });
    }

    static async Task<IResult> Event(long position, HttpContext http, RegisterStore store, RegisterClock clock)
    {
        var (stop, head) = (http.RequestAborted, (await store.Head(http.RequestAborted)).Size);
        var found = await store.ReadAll(new EventFilter { After = position - 1, Through = position, Limit = 1 }, stop).ToListAsync(stop);
        if (position < 1 || found.Count == 0) throw Refusal.Because("not-found", FormattableString.Invariant($"@{position}"));
        var body = (await AuditEndpoints.Shown(found, http.GetCaller(), store, stop))[0];
        AuditEndpoints.Showed(http, [body]);
        http.SetPosition(head);
        var proof = await LedgerEndpoints.InclusionOf(store, position, await LedgerEndpoints.SizeOf(store, "?size", null, position, head, stop), stop);
        return new RazorComponentResult<EventPage>(new { View = new EventView(Language.Of(http), clock, body, head, store.VerifierKey, proof) });
    }

    static async Task<IResult> Openings(HttpContext http, Records records, RegisterStore store, RegisterClock clock, string? subject, string? actor, string? from, string? to, long? after)
    {
        var answer = await OpeningQueries.List(http, records, store, clock, StatusPages.Given(subject), StatusPages.Given(actor), StatusPages.Given(from), StatusPages.Given(to), after, OnPage);
        return new RazorComponentResult<OpeningsPage>(new { View = new OpeningsView(Language.Of(http), clock, (OpeningList)((IValueHttpResult)answer).Value!) });
    }

    /// <summary>What the module says, for it to read.</summary>
    public static string Words(Language l) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["agrees"] = l.Say(AuditWords.Agrees), ["differs"] = l.Say(AuditWords.Differs), ["unchecked"] = l.Say(AuditWords.Unchecked), ["withheld"] = l.Say(AuditWords.Withheld),
        ["unsigned"] = l.Say(AuditWords.Unsigned), ["otherkey"] = l.Say(AuditWords.OtherKey), ["nokey"] = l.Say(AuditWords.NoKey), ["nonote"] = l.Say(AuditWords.NoNote), ["done"] = l.Say(AuditWords.Done),
        ["steps"] = AuditWords.Steps.ToDictionary(s => s.Key, s => l.Say(s.Value)),
    }, readable);

    // The page's own encoder makes the text safe in its attribute.
    static readonly JsonSerializerOptions readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
