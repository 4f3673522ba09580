using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.Metadata;
using SecurityCoop.Register;
using SecurityCoop.Web.Description;
using SecurityCoop.Web.Exchange;

namespace SecurityCoop.Web;

/// <summary>
/// Which parameters an address takes. A misspelt filter that is passed over would give a list of everything and look like an answer, so
/// what is not known is refused.
/// </summary>
static class QueryParameters
{
    const string Language = "lang"; // Every address takes it: refusals are in a language too.

    static readonly ConditionalWeakTable<Endpoint, string[]> known = [];

    /// <exception cref="Refusal">unknown-parameter at the parameter, which names those that there are, the most alike first.</exception>
    public static void MustBeKnown(HttpContext http)
    {
        if (http.Request.Query.Count == 0 || !http.Request.Path.StartsWithSegments("/api") || http.GetEndpoint() is not RouteEndpoint endpoint) return;
        var taken = known.GetValue(endpoint, e => Of((RouteEndpoint)e));
        foreach (var given in http.Request.Query.Keys)
            if (!taken.Contains(given, StringComparer.Ordinal) && given != Language)
                throw Refusal.OfField($"?{given}", "unknown-parameter", given, string.Join(", ", taken.OrderBy(t => Distance(t, given)).ThenBy(t => t, StringComparer.Ordinal)));
    }

    /// <summary>The names that a route takes in its query.</summary>
    internal static string[] Of(RouteEndpoint endpoint)
    {
        var inPath = endpoint.RoutePattern.Parameters.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        var own = endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>()
            .Where(p => IsText(p.ParameterInfo.ParameterType) && !inPath.Contains(p.Name)).Select(p => p.Name);
        if (endpoint.Metadata.GetMetadata<AlsoTable>() is not null) own = own.Concat(TableShape.Parameters.Select(p => p.Name));
        if (endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is not null && endpoint.Metadata.GetMetadata<RecordsNothing>() is null) own = own.Append("dryRun");
        return [.. own];
    }

    static bool IsText(Type type) => type == typeof(string) || type == typeof(string[]) || Problems.Readings.Keys.Any(k => k == type || Nullable.GetUnderlyingType(k) == type);

    // Levenshtein's: how many letters are added, left out or replaced.
    static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var (diagonal, _) = (row[0], row[0] = i);
            for (var j = 1; j <= other.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1)));
        }
        return row[^1];
    }
}
