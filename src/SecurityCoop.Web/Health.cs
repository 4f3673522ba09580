using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;
using Npgsql;
using SecurityCoop.Store;
using SecurityCoop.PrivateServer;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Audit;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web;

/// <summary>Whether the host can be sent requests: not before its first data is loaded.</summary>
public sealed class Readiness
{
    public volatile bool Loaded;
}

/// <summary>
/// Looks for a snapshot of the database that somebody holds open for long: a forgotten transaction, a dump. While it is open no old version of a row can be
/// cleared away, and the rows that every append replaces become ten times as slow. Nothing of ours holds one longer than a second.
/// </summary>
sealed partial class SnapshotWatch(RegisterStore store, IConfiguration configuration, ILogger<SnapshotWatch> logger) : BackgroundService
{
    readonly TimeSpan longest = Longest(configuration["Register:HeldSnapshotSeconds"]);
    readonly HashSet<HeldSnapshot> told = [];
    volatile IReadOnlyDictionary<HeldSnapshot, long> since = new Dictionary<HeldSnapshot, long>(); // When each was first seen, as Stopwatch tells time.

    /// <summary>Those held for too long, and for how long they have been seen.</summary>
    public IEnumerable<(HeldSnapshot Snapshot, TimeSpan For)> Held =>
        since.Select(s => (s.Key, Stopwatch.GetElapsedTime(s.Value))).Where(s => s.Item2 >= longest);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(longest / 3);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var (before, now) = (since, Stopwatch.GetTimestamp());
                since = (await store.HeldSnapshots(stoppingToken)).ToDictionary(s => s, s => before.TryGetValue(s, out var first) ? first : now);
                told.IntersectWith(since.Keys);
                foreach (var (snapshot, held) in Held)
                    if (told.Add(snapshot)) Log.Held(logger, snapshot.Process, snapshot.Application, (int)held.TotalSeconds);
            }
            catch (NpgsqlException)
            {
                // The database is away, which /health/ready says; the next look comes soon.
            }
        }
    }

    static TimeSpan Longest(string? seconds) => seconds is null ? TimeSpan.FromSeconds(30)
        : double.TryParse(seconds, CultureInfo.InvariantCulture, out var given) && given is > 0 and < 86_400 ? TimeSpan.FromSeconds(given)
        : throw new StartRefused($"Register__HeldSnapshotSeconds: {seconds} is no number of seconds.");

    static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Process {Process} of the database's server ({Application}) has held a snapshot open for {Seconds} s: until it ends, appends grow slower.")]
        public static partial void Held(ILogger logger, int process, string application, int seconds);
    }
}

/// <summary>Whether the database answers, and how far the log is: asked at most once a second, however many want to know.</summary>
sealed class DatabaseProbe(RegisterStore store)
{
    static readonly TimeSpan fresh = TimeSpan.FromSeconds(1), patience = TimeSpan.FromSeconds(5);
    readonly Lock gate = new();
    Task<long?>? asked;
    long askedAt;

    /// <summary>How often the database was asked.</summary>
    internal int Asked { get; private set; }

    /// <summary>The log's size within the last second; null where the database is away.</summary>
    public Task<long?> Size()
    {
        lock (gate)
        {
            if (asked is { IsCompleted: false } || (asked is not null && Stopwatch.GetElapsedTime(askedAt) < fresh)) return asked;
            (askedAt, Asked) = (Stopwatch.GetTimestamp(), Asked + 1);
            return asked = Ask();
        }
    }

    async Task<long?> Ask()
    {
        try
        {
            return (await store.Head(CancellationToken.None).WaitAsync(patience)).Size;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<FollowerState>))]
sealed partial class HealthJson : JsonSerializerContext;

/// <summary>For whoever watches the host.</summary>
static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var health = app.MapGroup("/health").Public("For whoever watches the host.").ExcludeFromDescription().DisableRateLimiting();
        health.MapGet("/live", () => "live");
        // Names and errors of what follows the log are no business of strangers.
        app.MapGet("/health/followers", async (LogDaemon daemon, HttpContext http) =>
                Results.Json(await daemon.States(http.RequestAborted), HealthJson.Default.IReadOnlyListFollowerState))
            .Needs(Role.Administrator).ExcludeFromDescription();
        health.MapGet("/ready", async (RegisterStore store, Readiness ready, DatabaseProbe database, SnapshotWatch snapshots, HistoryWatch history, HttpContext http) =>
        {
            if (!ready.Loaded) return Results.Text("loading", statusCode: 503);
            if (store.Fault is { } fault) return Results.Text(FormattableString.Invariant($"position {fault.Position} is not what was recorded; read-only"), statusCode: 503);
            if (store.Broken is not null) return Results.Text("the history does not agree with what was signed; read-only", statusCode: 503);
            if (await database.Size() is not { } size) return Results.Text("the database is away", statusCode: 503);
            // How much is recorded is no business of strangers.
            if (http.User.Identity is CallerIdentity) http.SetPosition(size);
            return Results.Text(string.Join('\n', ["ready", .. snapshots.Held.Select(Line), .. history.Progress is { } far ? [far] : Array.Empty<string>()]));
        });
    }

    static string Line((HeldSnapshot Snapshot, TimeSpan For) held) => string.Create(
        CultureInfo.InvariantCulture, $"process {held.Snapshot.Process} ({held.Snapshot.Application}) has held a database snapshot open for {(int)held.For.TotalSeconds} s");
}
