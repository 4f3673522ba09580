using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Npgsql;
using SecurityCoop.Store;
using SecurityCoop.Register;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Hosting;
using SecurityCoop.Web.Pages;

namespace SecurityCoop.Web;

/// <summary>What a problem is called in three languages. {0}, {1}, … of the detail are filled in from the refusal.</summary>
public sealed record ProblemText(int Status, Label Title, Label? Detail);

/// <summary>A problem document (RFC 9457, section 3) with, for bad input, errors by JSON pointer (of a query parameter: "?name").</summary>
/// <param name="Correlation">Of an answer of 5xx: what the log's line about it says too.</param>
public sealed record ProblemBody(
    string Type, string Title, int Status, string? Detail, IReadOnlyDictionary<string, string[]>? Errors, string? Instance, string? Correlation = null);

/// <summary>The one place where what went wrong becomes an answer. Anything that is not foreseen is a 500 without its message.</summary>
public static partial class Problems
{
    static readonly IReadOnlyDictionary<string, ProblemText> texts = Load();

    public static IReadOnlyCollection<string> Known => (IReadOnlyCollection<string>)texts.Keys;

    /// <summary>What is said of a slug.</summary>
    public static ProblemText Text(string slug) => texts[slug];

    /// <summary>The status that it is answered with: where a field is at fault, the model's no is the request's fault.</summary>
    public static int Status(string slug, bool ofField) => ofField && texts[slug].Status == 409 ? 400 : texts[slug].Status;

    /// <summary>The status that the refusal is answered with.</summary>
    public static int Status(Refusal refused) => Status(refused.Slug, refused.Field is not null && !refused.OfModel);

    /// <summary>What the refusal says to a reader of this language.</summary>
    public static string Say(Refusal refused, Language language) => Say(refused.Slug, refused.Args, language.Code);

    /// <summary>Turns what an endpoint throws into its problem document.</summary>
    public static void UseProblems(this WebApplication app) => app.UseExceptionHandler(new ExceptionHandlerOptions
    {
        // A client that has gone gets no answer, which would be taken for a missing page, and logged with what the refusal quotes.
        AllowStatusCode404Response = true,
        ExceptionHandler = http => Answer(app, http),
    });

    static async Task Answer(WebApplication app, HttpContext http)
    {
        var feature = http.Features.Get<IExceptionHandlerFeature>()!;
        var thrown = feature.Error;
        var (slug, field, args) = Of(thrown);
        if (slug == "internal" || thrown is DiskRefused or KeysUnusable) Log.Unforeseen(app.Logger, thrown, Route(feature.Endpoint), Correlation.Of(http));
        await Write(http, slug, field, args, thrown is Refusal { OfModel: true });
    }

    // Never the address itself, which may hold a secret.
    static string Route(Endpoint? endpoint) => (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "no route";

    /// <summary>Turns a status that no endpoint has answered with into its problem document.</summary>
    public static void UseProblemsOfRouting(this WebApplication app) => app.UseStatusCodePages(status =>
    {
        var http = status.HttpContext;
        if (http.Response.HasStarted) return Task.CompletedTask;
        var unread = http.Response.StatusCode == 400 ? Unread(http) : null;
        return Write(http, http.Response.StatusCode switch
        {
            404 => "not-found",
            405 => "method-not-allowed",
            // The only route that takes something else than JSON.
            415 => http.Request.Path.StartsWithSegments("/api/intake", StringComparison.OrdinalIgnoreCase) ? "not-a-document" : "not-json",
            _ => unread is null ? "malformed-request" : "invalid-parameter",
        }, unread);
    });

    // What hands a request to its endpoint answers 400 where a parameter cannot be read, and does not say which it was.
    static string? Unread(HttpContext http) => http.GetEndpoint()?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>()
        .FirstOrDefault(p => Readings.GetValueOrDefault(p.ParameterInfo.ParameterType) is { } reads && (string?)http.Request.Query[p.Name] is { Length: > 0 } given && !reads(given)) is { } unread ? $"?{unread.Name}" : null;

    /// <summary>The types that a query's parameters may have beside texts: whether such a text can be read as one.</summary>
    internal static IReadOnlyDictionary<Type, Func<string, bool>> Readings { get; } = new Dictionary<Type, Func<string, bool>>
    {
        [typeof(int?)] = text => int.TryParse(text, CultureInfo.InvariantCulture, out _),
        [typeof(long?)] = text => long.TryParse(text, CultureInfo.InvariantCulture, out _),
        [typeof(bool?)] = text => bool.TryParse(text, out _),
    };

    internal static (string Slug, string? Field, IReadOnlyList<string> Args) Of(Exception thrown) => thrown switch
    {
        Refusal r => (r.Slug, r.Field, r.Args),
        StaleVersion v => ("stale-version", null, [ETags.Of(v.Expected), ETags.Of(v.Actual)]),
        VersionConflict => ("busy", null, []),
        KeyReused => ("key-reused", null, []),
        SubjectErased s => ("erased", null, [s.Subject]),
        SubjectKeyMissing s => ("key-missing", null, [s.Subject]),
        HistoryBroken => ("history-broken", null, []),
        NotCanonical c => ("invalid-text", c.Pointer, []),
        StoreBusy => ("busy", null, []),
        DocumentsOutdated d => ("view-outdated", null, [string.Join(", ", d.Kinds)]),
        DiskRefused => ("disk-full", null, []),
        KeysUnusable => ("keys-unusable", null, []),
        NotCommitted => ("busy", null, []),
        OutcomeUnknown => ("outcome-unknown", null, []),
        // What is no answer of the database's is a connection that was lost or could not be had.
        StoreAway or NpgsqlException { IsTransient: true } or (NpgsqlException and not PostgresException) => ("database-away", null, []),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => ("too-large", null, []),
        BadHttpRequestException => ("malformed-request", null, []),
        _ => ("internal", null, []),
    };

    /// <summary>What a slug says to a reader of this language: the detail with its places filled in, or the title.</summary>
    public static string Say(string slug, IReadOnlyList<string>? args, string language) => texts[slug].Detail is { } detail
        ? string.Format(CultureInfo.InvariantCulture, In(detail, language), [.. Enumerable.Range(0, 8).Select(i => (object)(args?.ElementAtOrDefault(i) ?? ""))]) : In(texts[slug].Title, language);

    /// <param name="ofModel">The model's no stays a conflict where it names the one among several things at fault.</param>
    public static Task Write(HttpContext http, string slug, string? field = null, IReadOnlyList<string>? args = null, bool ofModel = false)
    {
        var (known, language) = (texts.ContainsKey(slug) ? slug : "internal", LanguageOf(http.Request));
        var status = Status(known, field is not null && !ofModel);
        http.Response.StatusCode = status;
        if (status is 429 or 503) http.Response.Headers.RetryAfter = "1";
        var correlation = status >= 500 ? Correlation.Of(http) : null;
        if (correlation is not null && known != "internal")
            Log.Refused(http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Problems)), known, Route(http.GetEndpoint()), correlation);
        http.Response.Headers.ContentLanguage = language;
        // A person who follows a link reads a page, not a document for programs.
        if (!http.Request.Path.StartsWithSegments("/api") && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
            return WritePage(http, known, args, status, correlation);
        var document = Document(slug, field, args, ofModel, language, http.Request.Path, correlation);
        return http.Response.WriteAsJsonAsync(document, BodiesJson.Shown<ProblemBody>(), "application/problem+json");
    }

    /// <summary>What is answered, whichever way.</summary>
    /// <param name="asked">The address that was asked.</param>
    internal static ProblemBody Document(
        string slug, string? field, IReadOnlyList<string>? args, bool ofModel, string language, string asked, string? correlation = null)
    {
        var known = texts.ContainsKey(slug) ? slug : "internal";
        var text = texts[known];
        var (title, detail) = (In(text.Title, language), text.Detail is null ? null : Say(known, args, language));
        var errors = field is null ? null : new Dictionary<string, string[]> { [field] = [detail ?? title] };
        return new($"/problems/{slug}", title, Status(known, field is not null && !ofModel), detail, errors, asked, correlation);
    }

    /// <summary>The same as a page, in the frame and the language of the pages.</summary>
    internal static Task WritePage(HttpContext http, string slug, IReadOnlyList<string>? args, int status, string? correlation = null)
    {
        var (text, language) = (texts[slug], Language.OfRefusal(http.Request));
        http.Response.Headers.ContentLanguage = language.Code;
        PageRoutes.Protect(http.Response);
        string? detail = text.Detail is null ? null : Say(slug, args, language.Code);
        var page = new RazorComponentResult<FaultPage>(new { Language = language, Title = In(text.Title, language.Code), Detail = detail, Correlation = correlation });
        page.StatusCode = status;
        return page.ExecuteAsync(http);
    }

    /// <summary>The first of fr, en, ar that the request accepts; French where it says nothing.</summary>
    public static string LanguageOf(HttpRequest request) => Sentence.LanguageOf(request);

    public static string In(Label label, string language) => language switch { "en" => label.En, "ar" => label.Ar, _ => label.Fr };

    static Dictionary<string, ProblemText> Load()
    {
        using var file = typeof(Problems).Assembly.GetManifestResourceStream("problems.json")!;
        return JsonSerializer.Deserialize(file, BodiesJson.Of<Dictionary<string, ProblemText>>())!;
    }

    static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Unforeseen at {Route}, correlation {Correlation}")]
        public static partial void Unforeseen(ILogger logger, Exception thrown, string route, string correlation);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Answered {Slug} at {Route}, correlation {Correlation}")]
        public static partial void Refused(ILogger logger, string slug, string route, string correlation);
    }
}
