namespace SecurityCoop.Web.Hosting;

/// <summary>What every answer says of itself, whoever writes it: that nobody keeps it, that it is what its type says, and that it loads,
/// frames and sends nothing.</summary>
static class AnswerHeaders
{
    const string Nothing = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /// <summary>First among the middleware, so that refusals and pages of errors have them too. A page that needs more says so
    /// itself.</summary>
    public static void UseAnswerHeaders(this WebApplication app) => app.Use((http, next) =>
    {
        http.Response.OnStarting(static state =>
        {
            var http = (HttpContext)state;
            var headers = http.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            var mayBeKept = http.GetEndpoint()?.Metadata.GetMetadata<MayBeKept>() is not null && http.Response.StatusCode < StatusCodes.Status400BadRequest;
            if (!mayBeKept) headers.CacheControl = "no-store";
            if (headers.ContentSecurityPolicy.Count == 0) headers.ContentSecurityPolicy = Nothing;
            if (!headers.ContainsKey("Referrer-Policy")) headers["Referrer-Policy"] = "no-referrer";
            if (http.Response.StatusCode >= StatusCodes.Status500InternalServerError) headers[Correlation.Header] = Correlation.Of(http);
            return Task.CompletedTask;
        }, http);
        return next(http);
    });
}

/// <summary>On an endpoint whose answer is the same for everybody and has an address that changes with it.</summary>
sealed class MayBeKept;
