using System.Globalization;
using Microsoft.Net.Http.Headers;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using Wolverine;

namespace SecurityCoop.Web.Commands;

/// <summary>Commands over HTTP: how requests become messages, and answers responses.</summary>
static class CommandHttp
{
    /// <summary>Routes for all commands of a feature.</summary>
    public static void MapCommands(this RouteGroupBuilder api, CommandSet commands)
    {
        // One route handler for all of them, which is made when the host is built (ADR 43).
        foreach (var command in commands)
        {
            var route = api.MapPost(command.Pattern, (HttpContext http, IMessageBus bus) => command.Invoke(http, bus));
            command.Describe(route.Needs(command.Role).WithMetadata(command));
            if (command.Recent) route.NeedsRecentSignIn();
        }
    }

    /// <summary>What the request says of its command beside the body.</summary>
    public static CommandEnvelope Envelope(HttpContext http, byte[] body)
    {
        var (caller, dryRun) = (http.GetCaller(), http.Request.Query["dryRun"] == "true");
        return new(caller)
        {
            Key = dryRun ? null : Key(http, caller.Subject, body),
            IfMatch = http.Request.Headers[HeaderNames.IfMatch] is [{ } tag] ? tag : null,
            DryRun = dryRun,
        };
    }

    /// <summary>The response: 201 where a record was opened.</summary>
    public static IResult Answer(HttpContext http, CommandAnswer answer)
    {
        if (answer.Opened is { } address) http.Response.Headers.Location = address;
        http.Response.Headers.ETag = ETags.Of(answer.Version);
        http.SetPosition(answer.Position);
        return TypedResults.Json(answer, BodiesJson.Shown<CommandAnswer>(), statusCode: StatusOf(answer));
    }

    /// <summary>201 where the command opened a record, otherwise 200.</summary>
    public static int StatusOf(CommandAnswer answer) => answer.Opened is null ? StatusCodes.Status200OK : StatusCodes.Status201Created;

    /// <summary>The record that a command's address names; "" where it names none.</summary>
    public static string NameIn(RouteValueDictionary values) => values.Values.OfType<string>().LastOrDefault() ?? "";

    /// <summary>An idempotency key has so many characters at most.</summary>
    public const int LongestKey = 200;

    public static Refusal KeyLength() => Refusal.OfField("#Idempotency-Key", "key-length", "200");

    static IdempotencyKey? Key(HttpContext http, string subject, byte[] body)
    {
        var given = http.Request.Headers["Idempotency-Key"];
        if (given.Count == 0) return null;
        if (given is not [{ } key] || key.Length is 0 or > LongestKey) throw KeyLength();
        return new(subject, $"{http.Request.Method} {http.Request.Path}", key, body);
    }
}

/// <summary>Versions as entity tags.</summary>
public static class ETags
{
    /// <summary>The tag of a version.</summary>
    public static string Of(long version) => FormattableString.Invariant($"\"{version}\"");

    /// <summary>Whether If-Match (RFC 9110, section 13.1.1: "*", or tags separated by commas) takes the version.</summary>
    public static bool Match(string ifMatch, long version) =>
        ifMatch.Split(',', StringSplitOptions.TrimEntries).Any(tag => tag == "*" || tag == Of(version));

    /// <summary>The version that a tag names; -1 where it is none of ours.</summary>
    public static long Version(string tag) => long.TryParse(tag.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var v) ? v : -1;
}

/// <summary>Headers that answers have in common.</summary>
public static class Answers
{
    /// <summary>The position of the log up to which the answer speaks.</summary>
    public static void SetPosition(this HttpContext http, long position)
    {
        // Of a table that is under way the first page has said it.
        if (!http.Response.HasStarted) http.Response.Headers["Register-Position"] = position.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Says where the list goes on.</summary>
    public static void SetNext(this HttpContext http, string after)
    {
        if (!http.Response.HasStarted) http.Response.Headers.Link = $"<{RecordQueries.NextUrl(http, after)}>; rel=\"next\"";
    }
}
