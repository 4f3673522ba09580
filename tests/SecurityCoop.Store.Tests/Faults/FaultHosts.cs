using System.Diagnostics;

namespace SecurityCoop.Store.Tests.Faults;

/// <summary>Several hosts on one database, each started again when it ends, as a service manager does. Nothing else is done for them.</summary>
internal sealed class FaultHosts : IAsyncDisposable
{
    private readonly Process?[] running;
    private readonly CancellationTokenSource ending = new();
    private readonly Task[] keepers;

    /// <param name="connection">To the database, for the hosts.</param>
    public FaultHosts(string connection, string keyFolder, string folder, int count, Injection? injection = null)
    {
        running = new Process?[count];
        Sockets = [.. Enumerable.Range(0, count).Select(i => Path.Combine(folder, $"host{i}"))];
        keepers = [.. Sockets.Select((socket, i) => Keep(i, connection, keyFolder, socket, injection))];
    }

    public IReadOnlyList<string> Sockets { get; }

    public int Starts { get; private set; }

    /// <summary>Null while it is being started again.</summary>
    public int? Pid(int host) => Volatile.Read(ref running[host])?.Id;

    private async Task Keep(int host, string connection, string keyFolder, string socket, Injection? injection)
    {
        while (!ending.IsCancellationRequested)
        {
            using var process = FaultHost.Start(connection, keyFolder, socket, injection);
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
