namespace SecurityCoop.Web.Hosting;

/// <summary>
/// What a request holds belongs into no log, whatever level an operator sets: addresses name records and may hold secrets, headers hold
/// tokens, bodies are what the register is for.
/// These write such things; what an operator needs of them the register logs itself.
/// </summary>
static class LogContent
{
    static readonly string[] silent =
    [
        "Microsoft.AspNetCore.Hosting.Diagnostics", // addresses of requests
        "Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", // what a refusal quotes; Problems logs what was not foreseen
        "Microsoft.AspNetCore.Server.Kestrel.BadRequests", // lines and headers that could not be read
        "Microsoft.AspNetCore.HttpOverrides", // headers of proxies
        "Microsoft.AspNetCore.HostFiltering", // names of hosts; the library's filter is always there
    ];

    static readonly string[] warningsOnly = ["Microsoft.AspNetCore.Routing"];

    public static void AddContentFilters(this ILoggingBuilder logging)
    {
        foreach (var category in silent) logging.AddFilter(category, LogLevel.None);
        foreach (var category in warningsOnly) logging.AddFilter(category, LogLevel.Warning);
    }
}
