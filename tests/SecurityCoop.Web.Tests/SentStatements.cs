using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace SecurityCoop.Web.Tests;

/// <summary>The statements that a piece of work sends to the database, in their order; those of nobody else.</summary>
static class SentStatements
{
    /// <param name="work">Runs in this process. Reading the head is left out: one of those who ask at a time does it for all.</param>
    public static async Task<IReadOnlyList<string>> Of(Func<Task> work)
    {
        var sent = new ConcurrentQueue<string>();
        using var own = new Activity("test").Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = a =>
            {
                if (a.TraceId == own.TraceId) sent.Enqueue(Convert.ToString(a.GetTagItem("db.query.text"), CultureInfo.InvariantCulture) ?? "");
            },
        };
        ActivitySource.AddActivityListener(listener);
        await work();
        return [.. sent.Where(s => !s.Contains("from register.log_head", StringComparison.Ordinal))];
    }
}
