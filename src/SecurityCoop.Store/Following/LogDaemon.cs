using JasperFx;
using JasperFx.Events.Daemon;
using Marten;
using Marten.Events.Daemon.Coordination;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace SecurityCoop.Store;

/// <summary>
/// Runs Marten's daemon for the followers of a store. Of several hosts one has the database's lock on a follower and runs it; another takes over
/// once that host has ended. Stop or dispose it before the store.
/// </summary>
public sealed partial class LogDaemon(RegisterStore store, ILogger<ProjectionCoordinator> log) : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan betweenLooks = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource stopping = new();
    private ProjectionCoordinator? coordinator;
    private Task? running;

    /// <summary>Returns at once: a host is ready before its followers are.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (store.Followers.Count == 0 || running is not null) return Task.CompletedTask;
        MartenConfiguration.MustHold(store.Documents);
        foreach (var follower in store.Followers) follower.Stopping = stopping.Token;
        ((DocumentStore)store.Documents).Options.Projections.Wakeup = new DaemonWakeup(store.Bell);
        coordinator = new(store.Documents, log);
        running = Task.Run(() => Run(coordinator), CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task Run(ProjectionCoordinator daemons)
    {
        foreach (var follower in store.Followers) await Prepare(follower);
        if (stopping.IsCancellationRequested) return;
        await daemons.StartAsync(stopping.Token);
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(betweenLooks, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await Revive(daemons.DaemonForMainDatabase());
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                if (!stopping.IsCancellationRequested) Log.NotRevived(log, failure);
            }
        }
    }

    private async Task Prepare(LogFollower follower)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await follower.Prepare(stopping.Token);
                return;
            }
            catch (NpgsqlException away)
            {
                Log.NotPrepared(log, away, follower.Name);
                await Task.Delay(betweenLooks, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }

    // Where another host has moved a follower's progress, Marten stops it here for good, and would not start it again when this host has the
    // lock again. Once it is taken away, the coordinator does.
    private static async Task Revive(IProjectionDaemon daemon)
    {
        foreach (var agent in daemon.CurrentAgents().Where(a => a.Status == AgentStatus.Stopped).ToList())
            await daemon.StopAgentAsync(agent.Name.Identity);
    }

    /// <summary>Whether this host runs the follower.</summary>
    public bool Leads(string follower) =>
        !stopping.IsCancellationRequested && Agent(follower) is { Status: AgentStatus.Running };

    /// <summary>How far each follower has come, on whichever host it runs.</summary>
    public async Task<IReadOnlyList<FollowerState>> States(CancellationToken stop = default)
    {
        var head = (await store.Head(stop)).Size;
        var positions = await store.ProgressOf([.. store.Followers.Select(f => f.Progress)], stop);
        return [.. store.Followers.Select(State)];

        FollowerState State(LogFollower follower)
        {
            var position = positions.GetValueOrDefault(follower.Progress);
            var (state, error) = Agent(follower.Name) switch
            {
                null => ("elsewhere", null),
                { Status: AgentStatus.Running } => ("running", follower.Failure),
                { Status: AgentStatus.Paused } paused => ("paused", follower.Failure ?? paused.Failure?.Category.ToString()),
                var stopped => ("stopped", follower.Failure ?? stopped.Failure?.Category.ToString()),
            };
            return new(follower.Name, position, Math.Max(0, head - position), state, error);
        }
    }

    private ISubscriptionAgent? Agent(string follower) =>
        running is null || stopping.IsCancellationRequested
            ? null : coordinator!.DaemonForMainDatabase().CurrentAgents().FirstOrDefault(a => a.Name.Name == follower);

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (stopping.IsCancellationRequested) return;
        await stopping.CancelAsync();
        if (running is null) return;
        await running;
        await coordinator!.StopAsync(CancellationToken.None);
        await coordinator.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        stopping.Dispose();
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "What follows the log as {Follower} cannot be prepared; it is tried again")]
        public static partial void NotPrepared(ILogger log, Exception failure, string follower);

        [LoggerMessage(Level = LogLevel.Warning, Message = "A follower that was stopped could not be taken away; it is tried again")]
        public static partial void NotRevived(ILogger log, Exception failure);
    }
}
