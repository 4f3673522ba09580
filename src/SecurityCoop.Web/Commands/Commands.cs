using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Net.Http.Headers;
using SecurityCoop.Store;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;

namespace SecurityCoop.Web.Commands;

/// <summary>Versions as entity tags.</summary>
public static class ETags
{
    public static string Of(long version) => FormattableString.Invariant($"\"{version}\"");

    /// <summary>Whether If-Match (RFC 9110, section 13.1.1: "*", or tags separated by commas) takes the version.</summary>
    public static bool Match(string ifMatch, long version) => ifMatch.Split(',', StringSplitOptions.TrimEntries).Any(tag => tag == "*" || tag == Of(version));

    public static long Version(string tag) => long.TryParse(tag.Trim('"'), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var v) ? v : -1;
}

/// <summary>Every command's way: read the body strictly, run it once for its Idempotency-Key, answer with what was appended.</summary>
public sealed class CommandService(RegisterStore store, CommandRunner runner, Records records, RegisterClock clock)
{
    /// <summary>Runs a command. <paramref name="decide"/> loads through the <see cref="Write"/> it is given and returns the events, the main stream's first.</summary>
    public async Task<IResult> Run<T>(HttpContext http, JsonTypeInfo<T> json, Func<Write, T, Task<IReadOnlyList<StreamFacts>>> decide) where T : Body
    {
        var stop = http.RequestAborted;
        var caller = http.GetCaller();
        var bytes = await Bodies.Read(http, stop);
        var body = Bodies.Parse(bytes, json);
        // Decided like any other, and then not appended: what is right with it today may be refused tomorrow.
        var dryRun = http.Request.Query["dryRun"] == "true";
        var key = dryRun ? null : Key(http, caller, bytes);
        var ifMatch = http.Request.Headers[HeaderNames.IfMatch] is [{ } tag] ? tag : null;
        // Lists are in the order of stream ids; those of one millisecond would fall into any order.
        var (now, made) = (DateTimeOffset.UtcNow, 0);
        var asked = new Asked(clock.Today, kind => $"{kind}-{Guid.CreateVersion7(now.AddMilliseconds(made++))}");
        var commandId = Guid.CreateVersion7();
        Write? last = null;
        var outcome = await runner.Run(commandId, key, async cancelled =>
        {
            last = new Write(store, records, caller, body, ifMatch, asked, cancelled);
            var appends = await last.Appends(await decide(last, body), commandId);
            return dryRun ? [] : appends;
        }, stop);

        if (outcome.Appended is { } appended) return Answered(http, appended);
        if (dryRun) return Answer(http, await Nothing(), StatusCodes.Status200OK);
        var answer = outcome.StoredAnswer ?? JsonSerializer.SerializeToUtf8Bytes(await Nothing(), BodiesJson.Default.CommandAnswer);
        if (outcome.StoredAnswer is null && key is not null) await store.RememberAnswer(key, answer, stop);
        var unchanged = JsonSerializer.Deserialize(answer, BodiesJson.Default.CommandAnswer)!;
        return Answer(http, unchanged, StatusCodes.Status200OK);

        async Task<CommandAnswer> Nothing() => new(last!.Main?.State.Reference, last.Main?.Version ?? 0, (await store.Head(stop)).Size, []);
    }

    /// <summary>A command upon one record on file.</summary>
    /// <param name="itself">Upon the record of that name, even where it was merged into another: what is said of its own events and values.</param>
    public Task<IResult> Change<TBody, TState>(HttpContext http, JsonTypeInfo<TBody> json, ServedKind<TState> kind, string name, Func<Write, TBody, string, TState, Task<IReadOnlyList<Fact>>> decide, bool itself = false)
        where TBody : Body where TState : RecordState => Run(http, json, async (w, body) =>
    {
        var (stream, state) = await w.Load(kind, name, itself);
        var facts = await decide(w, body, stream, state);
        return [new StreamFacts(stream, facts), .. await Meetings.Origins.Follow(w, state, facts)];
    });

    static IResult Answered(HttpContext http, AppendResult appended)
    {
        var main = appended.Events[0];
        var version = appended.Events.Where(e => e.Stream == main.Stream).Max(e => e.Version);
        var answer = new CommandAnswer(main.Reference, version, appended.Last, [.. appended.Events.Select(e => new AnsweredEvent(e.Id, e.Type, e.Position))]);
        if (main.Version != 1) return Answer(http, answer, StatusCodes.Status200OK);
        var kind = (IServedKind)RecordKinds.OfStream(main.Stream)!;
        http.Response.Headers.Location = $"/api/{kind.Path}/{main.Reference}";
        return Answer(http, answer, StatusCodes.Status201Created);
    }

    static IResult Answer(HttpContext http, CommandAnswer answer, int status)
    {
        http.Response.Headers.ETag = ETags.Of(answer.Version);
        http.SetPosition(answer.Position);
        return TypedResults.Json(answer, BodiesJson.Shown.CommandAnswer, statusCode: status);
    }

    static IdempotencyKey? Key(HttpContext http, Caller caller, byte[] body)
    {
        var given = http.Request.Headers["Idempotency-Key"];
        if (given.Count == 0) return null;
        if (given is not [{ } key] || key.Length is 0 or > 200) throw Refusal.OfField("#Idempotency-Key", "key-length", "200");
        return new(caller.Subject, $"{http.Request.Method} {http.Request.Path}", key, body);
    }
}

public sealed record AnsweredEvent(Guid Id, string Type, long Position);

/// <param name="Reference">The record's reference.</param>
/// <param name="Version">Its stream's version, also the ETag.</param>
/// <param name="Position">The log's position up to which the answer speaks.</param>
public sealed record CommandAnswer(string? Reference, long Version, long Position, IReadOnlyList<AnsweredEvent> Events);

/// <summary>The host's clock, and the day it is in the register's time zone.</summary>
public sealed class RegisterClock(TimeProvider time, TimeZoneInfo zone)
{
    /// <summary>The day that a query asks about; today where it does not say.</summary>
    /// <exception cref="Refusal">invalid-day, at the parameter.</exception>
    public DateOnly Day(string? asOf, string parameter = "?asOf") => asOf is null ? Today
        : DateOnly.TryParseExact(asOf, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var day) ? day
        : throw Refusal.OfField(parameter, "invalid-day", asOf);

    public DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone).DateTime);
}

public static class Answers
{
    /// <summary>The position of the log up to which the answer speaks.</summary>
    public static void SetPosition(this HttpContext http, long position)
    {
        // Of a table that is under way the first page has said it.
        if (!http.Response.HasStarted) http.Response.Headers["Register-Position"] = position.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Says where the list goes on.</summary>
    public static void SetNext(this HttpContext http, string after)
    {
        if (!http.Response.HasStarted) http.Response.Headers.Link = $"<{RecordQueries.NextUrl(http, after)}>; rel=\"next\"";
    }
}
