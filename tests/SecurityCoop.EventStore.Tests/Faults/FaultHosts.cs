using System.Diagnostics;

namespace SecurityCoop.EventStore.Tests.Faults;

/// <summary>Several hosts on one database, each started again when it ends, as a service manager does. Nothing else is done for them.</summary>
internal sealed class FaultHosts : IAsyncDisposable
{
    private readonly Process?[] running;
    private readonly CancellationTokenSource ending = new();
    private readonly Task[] keepers;

    public FaultHosts(TestDatabase database, string folder, int count)
    {
        running = new Process?[count];
        Sockets = [.. Enumerable.Range(0, count).Select(i => Path.Combine(folder, $"host{i}"))];
        keepers = [.. Sockets.Select((socket, i) => Keep(i, database, socket))];
    }

    public IReadOnlyList<string> Sockets { get; }

    public int Starts { get; private set; }

    /// <summary>Null while it is being started again.</summary>
    public int? Pid(int host) => Volatile.Read(ref running[host])?.Id;

    private async Task Keep(int host, TestDatabase database, string socket)
    {
        while (!ending.IsCancellationRequested)
        {
            using var process = FaultHost.Start(database.AppConnection, database.KeyFolder, socket);
            _ = process.StandardError.ReadToEndAsync();
            Volatile.Write(ref running[host], process);
            Starts++;
            try
            {
                await process.WaitForExitAsync(ending.Token);
                Volatile.Write(ref running[host], null);
                await Task.Delay(100, ending.Token);
            }
            catch (OperationCanceledException)
            {
                if (!process.HasExited) process.Kill();
                await process.WaitForExitAsync();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await Task.WhenAll(keepers);
        ending.Dispose();
    }
}
