using System.Threading.Channels;
using Npgsql;

namespace SecurityCoop.Store;

/// <summary>
/// Rings when the log may have grown: at this process's own commits and, through LISTEN and NOTIFY, at those of others. A ring that is lost costs time only,
/// since whoever waits also looks by itself.
/// </summary>
internal sealed class Bell(NpgsqlDataSource database, string connectionString) : IAsyncDisposable
{
    // NOTIFY takes a lock that is one for the whole server, so it stays out of the append and is sent this often at most.
    private static readonly TimeSpan BetweenNotices = TimeSpan.FromMilliseconds(10), BeforeListeningAgain = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource ended = new();
    private readonly Channel<bool> notices = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock gate = new();
    private TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? sending, listening;

    /// <summary>Done at the next ring.</summary>
    public Task Next => Volatile.Read(ref next).Task;

    /// <summary>This process has committed: wakes its own waiters at once and tells the others soon.</summary>
    public void Committed()
    {
        Ring();
        notices.Writer.TryWrite(true);
        if (Volatile.Read(ref sending) is null)
            lock (gate) sending ??= Task.Run(Send);
    }

    /// <summary>Hears others from now on; the first call rings as soon as it does.</summary>
    public void Listen()
    {
        if (Volatile.Read(ref listening) is null)
            lock (gate) listening ??= Task.Run(Hear);
    }

    private void Ring() =>
        Interlocked.Exchange(ref next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    private async Task Send()
    {
        await foreach (var _ in notices.Reader.ReadAllAsync())
        {
            try
            {
                await using var notify = database.CreateCommand(Sql.Notify);
                await notify.ExecuteNonQueryAsync();
            }
            catch (NpgsqlException)
            {
                // The others find out by looking.
            }
            await Task.Delay(BetweenNotices);
        }
    }

    private async Task Hear()
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "SecurityCoop listener", Pooling = false, Enlist = false, KeepAlive = 30 };
        while (!ended.IsCancellationRequested)
        {
            try
            {
                await using var connection = new NpgsqlConnection(settings.ConnectionString);
                connection.Notification += (_, _) => Ring();
                await connection.OpenAsync(ended.Token);
                await using (var listen = new NpgsqlCommand(Sql.Listen, connection)) await listen.ExecuteNonQueryAsync(ended.Token);
                Ring(); // What was committed before this took hold was not heard.
                while (true) await connection.WaitAsync(ended.Token);
            }
            catch (NpgsqlException)
            {
                await Task.Delay(BeforeListeningAgain, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                return;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!notices.Writer.TryComplete()) return; // A second time there is nothing left to end.
        await ended.CancelAsync();
        Task?[] work;
        lock (gate) work = [sending, listening];
        foreach (var task in work)
            if (task is not null) await task;
        ended.Dispose();
    }
}
