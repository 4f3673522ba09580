using System.Diagnostics.Metrics;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web.Audit;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web.Hosting;

/// <summary>What the host counts of itself, for whoever listens: names of kinds and numbers, nothing of what is recorded.</summary>
public sealed class RegisterMetrics : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string Meter = "SecurityCoop";

    readonly Meter meter = new(Meter);
    readonly Counter<long> commands;

    /// <summary>How far behind the log each follower is, as it was last looked at.</summary>
    internal volatile IReadOnlyList<FollowerState> Followers = [];

    internal RegisterMetrics(OpenStreams streams)
    {
        commands = meter.CreateCounter<long>("securitycoop.commands", "{command}", "Commands by kind and outcome.");
        meter.CreateObservableUpDownCounter("securitycoop.streams", () => streams.Count, "{stream}", "Streams of events that are open.");
        meter.CreateObservableGauge(
            "securitycoop.follower.lag",
            () => Followers.Select(f => new Measurement<long>(f.Behind, new KeyValuePair<string, object?>("follower", f.Name))),
            "{event}", "Events that a follower of the log has not handled yet.");
    }

    /// <summary>Counts a command by what came of it.</summary>
    internal async Task<CommandAnswer> Counted(Command command, Task<CommandAnswer> answered)
    {
        if (!commands.Enabled) return await answered;
        var outcome = "failed";
        try
        {
            var answer = await answered;
            outcome = command.Envelope!.DryRun ? "tried" : answer.Events.Count > 0 ? "recorded" : "unchanged";
            return answer;
        }
        catch (Refusal refusal)
        {
            outcome = refusal.Slug;
            throw;
        }
        catch (StaleVersion)
        {
            outcome = "stale-version";
            throw;
        }
        finally
        {
            commands.Add(1, new("kind", command.GetType().Name.Split('`')[0]), new("outcome", outcome));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();
}

/// <summary>Looks four times a minute how far the followers are. Only where somebody is told.</summary>
sealed class FollowerLag(LogDaemon daemon, RegisterMetrics metrics) : BackgroundService
{
    static readonly TimeSpan between = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(between);
        do
        {
            try
            {
                metrics.Followers = await daemon.States(stoppingToken);
            }
            catch (Npgsql.NpgsqlException)
            {
                metrics.Followers = []; // The database is away; nothing is known.
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
