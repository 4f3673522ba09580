using System.Diagnostics;
using Npgsql;
using SecurityCoop.Store;

namespace SecurityCoop.Web.Audit;

/// <summary>
/// Reads the whole history again after the start, in the background: what was changed in an old event while no host ran shows in no tile and in no root, only in the
/// event itself (ADR 44).
/// </summary>
sealed partial class HistoryWatch(RegisterStore store, Readiness ready, ILogger<HistoryWatch> logger) : BackgroundService
{
    static readonly TimeSpan ShownAfter = TimeSpan.FromSeconds(10), Second = TimeSpan.FromSeconds(1);
    readonly long begun = Stopwatch.GetTimestamp();
    volatile string? progress;

    /// <summary>How far it has come, where it takes long; null before and afterwards.</summary>
    public string? Progress => Stopwatch.GetElapsedTime(begun) > ShownAfter ? progress : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The first answer comes first.
        while (!ready.Loaded) await Task.Delay(Second / 10, stoppingToken);
        for (var again = true; again;)
        {
            try
            {
                if (await store.Reread((done, of) => progress = FormattableString.Invariant($"reading the history again: {100 * done / Math.Max(1, of)} %"), stoppingToken) is { } fault) Log.Broken(logger, fault.Position, fault.Message);
                again = false;
            }
            catch (NpgsqlException)
            {
                // The database is away, which /health/ready says; then from the beginning.
                await Task.Delay(Second, stoppingToken);
            }
        }
        progress = null;
    }

    static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Critical, Message = "THE HISTORY IS BROKEN at position {Position}: {Why}. The register is read-only until it is started upon a database that holds what was recorded")]
        public static partial void Broken(ILogger log, long position, string why);
    }
}
