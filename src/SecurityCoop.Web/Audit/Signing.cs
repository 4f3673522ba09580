using SecurityCoop.Store;

namespace SecurityCoop.Web.Audit;

/// <summary>The signer of checkpoints, as long as the host runs. Whether the database is the one that was signed is known before the first request is taken.</summary>
sealed class Signing(RegisterStore store, ILogger<Signing> log) : IHostedService, IAsyncDisposable
{
    readonly CheckpointSigner signer = new(store, log);
    readonly CancellationTokenSource ending = new();
    Task running = Task.CompletedTask;

    public async Task StartAsync(CancellationToken stop)
    {
        await signer.Check(stop);
        running = Task.Run(() => signer.Run(ending.Token), CancellationToken.None);
    }

    public async Task StopAsync(CancellationToken stop)
    {
        await ending.CancelAsync();
        await running;
    }

    /// <summary>Gives the lease back where the host was ended without being stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        ending.Dispose();
    }
}
