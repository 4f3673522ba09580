using SecurityCoop.PrivateServer;

namespace SecurityCoop.Web.Hosting;

/// <summary>How the log is written: for people, or a JSON object a line for programs (`Register__Log=json`).</summary>
static class LogFormat
{
    /// <exception cref="StartRefused">Register__Log is neither.</exception>
    public static void AddLogFormat(this ILoggingBuilder logging, IConfiguration configuration)
    {
        switch (configuration["Register:Log"])
        {
            case null or "" or "text":
                return;
            case "json":
                logging.AddJsonConsole(json =>
                {
                    (json.TimestampFormat, json.UseUtcTimestamp) = ("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", true);
                    json.IncludeScopes = false; // They hold paths.
                });
                return;
            case var other:
                throw new StartRefused($"Register__Log: {other} is no form of the log (text, json).");
        }
    }
}
