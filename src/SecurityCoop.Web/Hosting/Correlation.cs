using System.Diagnostics;

namespace SecurityCoop.Web.Hosting;

/// <summary>
/// By what a failure is found again in the log: the request's trace id (W3C Trace Context, section 3.2.2.3), made up where nothing
/// traces it. An answer of 5xx has it in its
/// header and its problem document, the log in the line about it.
/// </summary>
static class Correlation
{
    public const string Header = "Correlation-Id";

    public static string Of(HttpContext http)
    {
        if (http.Items[typeof(Correlation)] is string known) return known;
        var id = Activity.Current?.TraceId.ToHexString() ?? ActivityTraceId.CreateRandom().ToHexString();
        http.Items[typeof(Correlation)] = id;
        return id;
    }
}
