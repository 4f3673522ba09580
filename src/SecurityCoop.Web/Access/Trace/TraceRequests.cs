using Microsoft.AspNetCore.Diagnostics;

namespace SecurityCoop.Web.Access;

/// <summary>Tells the trace of every request that was refused for who sent it.</summary>
static class TraceRequests
{
    /// <summary>To stand before everything that answers, so that it sees every answer's status.</summary>
    public static void UseAccessTrace(this WebApplication app)
    {
        var trace = app.Services.GetRequiredService<AccessTrace>();
        app.Use(async (http, next) =>
        {
            await next(http);
            var caller = (http.User.Identity as CallerIdentity)?.Access.Caller;
            switch (http.Response.StatusCode)
            {
                case StatusCodes.Status401Unauthorized when caller is null: // Somebody who is to sign in again is known.
                case StatusCodes.Status429TooManyRequests when caller is null:
                    trace.Stranger();
                    break;
                case StatusCodes.Status403Forbidden when caller is not null:
                    trace.Refused(caller.Subject, http.RouteTemplate());
                    break;
                case StatusCodes.Status403Forbidden:
                    trace.Stranger();
                    break;
            }
        });
    }

    /// <summary>Method and route template: never the address, which may hold a name or a secret.</summary>
    public static string RouteTemplate(this HttpContext http)
    {
        var endpoint = http.GetEndpoint() ?? http.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        return $"{http.Request.Method} {(endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "no route"}";
    }
}
