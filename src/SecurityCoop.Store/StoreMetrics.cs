using System.Diagnostics.Metrics;

namespace SecurityCoop.Store;

/// <summary>What the store counts, for whoever listens (System.Diagnostics.Metrics); where nobody does it costs nothing.</summary>
public static class StoreMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string Meter = "SecurityCoop.Store";

    static readonly Meter meter = new(Meter);

    static readonly Histogram<int> commits = meter.CreateHistogram<int>("securitycoop.commit.commands", "{command}", "Commands that were committed together.");

    internal static void Committed(int commands) => commits.Record(commands);
}
