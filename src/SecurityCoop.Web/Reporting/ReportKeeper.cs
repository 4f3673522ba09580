using System.Diagnostics;
using System.Globalization;
using SecurityCoop.Store;
using SecurityCoop.PrivateServer;
using SecurityCoop.Register;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web.Reporting;

/// <summary>
/// Keeps the rows of today, on the host that follows the log for them: after commits, and when a day begins. Not more often than every minute, nor
/// for more than a tenth of the time.
/// </summary>
sealed partial class ReportKeeper(
    LogDaemon daemon, ReportWriter reports, RegisterClock clock, IConfiguration configuration, ILogger<ReportKeeper> logger) : BackgroundService
{
    /// <summary>Its name among those who follow the log.</summary>
    public const string Follower = "report-rows";

    static readonly TimeSpan gathering = TimeSpan.FromSeconds(1);

    readonly Marking clearance = Clearance(configuration["Register:ReportClearance"]);
    readonly TimeSpan every = Every(configuration);
    long followed; // The log has moved up to here.

    /// <summary>Notes that the log moved; the rows are written when they are due.</summary>
    internal async Task Follow(FollowedPage page, CancellationToken stop)
    {
        Volatile.Write(ref followed, page.Through);
        page.NeedNotReachTheDisk(); // A host that takes over writes the rows in any case.
        if (page.Through - page.After < LogFollowers.NotedAtOnce) await Task.Delay(gathering, stop); // One commit for many events.
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (every == TimeSpan.Zero) return;
        WrittenReport? last = null;
        for (var wait = every; ;)
        {
            await Task.Delay(wait, stoppingToken);
            wait = every;
            try
            {
                if (!daemon.Leads(Follower))
                {
                    last = null; // Whoever takes over does not know what the one before has written.
                    continue;
                }
                if (last?.AsOf == clock.Today && Volatile.Read(ref followed) <= last.Position) continue;
                var begun = Stopwatch.GetTimestamp();
                last = await reports.Write(clock.Today, clearance, current: true, stoppingToken);
                var took = Stopwatch.GetElapsedTime(begun);
                if (9 * took > every) wait = 9 * took;
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // What reads the register must not end it. The rows stay as they are, and say as of when.
                Log.Failed(logger, failure);
            }
        }
    }

    /// <exception cref="StartRefused">Register__ReportClearance is no marking.</exception>
    static Marking Clearance(string? given) => given is null ? Marking.Restricted : Slug.TryParse<Marking>(given, out var marking) ? marking
        : throw new StartRefused($"Register__ReportClearance: {given} is none of open, restricted, confidential, secret.");

    /// <exception cref="StartRefused">Register__ReportSeconds is no number of seconds. (0: never.)</exception>
    internal static TimeSpan Every(IConfiguration configuration) => configuration["Register:ReportSeconds"] is not { } given ? TimeSpan.FromMinutes(1)
        : int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= 86_400 ? TimeSpan.FromSeconds(seconds)
        : throw new StartRefused($"Register__ReportSeconds: {given} is no number of seconds up to 86400 (0: never).");

    static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The rows for reporting could not be written; they are tried again")]
        public static partial void Failed(ILogger logger, Exception failure);
    }
}
