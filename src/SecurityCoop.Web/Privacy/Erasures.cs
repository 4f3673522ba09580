using Npgsql;
using SecurityCoop.Store;
using SecurityCoop.Register.People;
using SecurityCoop.Register.Users;

namespace SecurityCoop.Web.Privacy;

/// <summary>
/// Makes true on the disk what the log says: the key of everybody who was erased, person or user, is destroyed. Before the host serves, for all of them, so that no old copy of
/// the database or of the keys brings a value back; and while it serves, for those that this or another host erases.
/// </summary>
public sealed partial class Erasures(RegisterStore store, ILogger<Erasures> log) : BackgroundService
{
    static readonly TimeSpan betweenLooks = TimeSpan.FromSeconds(5);
    readonly SemaphoreSlim one = new(1);
    long through; // Every erasure up to this position is carried out; guarded by `one`.

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        through = (await store.Head(cancellationToken)).Size;
        // A person's row says whether they were erased: reading the people is quicker than reading the log.
        await foreach (var row in store.Rows(RecordKinds.Person, stop: cancellationToken))
            if (row.Value is Person { Erased: { } erased }) Destroy(row.Key, erased.Position);
        await foreach (var row in store.Rows(RecordKinds.User, stop: cancellationToken))
            if (row.Value is User { Erased: { } erased }) Destroy(row.Key, erased.Position);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Carries out every erasure that stands in the log by now.</summary>
    public async Task CarryOut(CancellationToken stop = default)
    {
        await one.WaitAsync(stop);
        try
        {
            var head = (await store.Head(stop)).Size;
            if (head <= through) return;
            foreach (var type in (string[])["person_erased", "user_erased"])
                await foreach (var e in store.ReadAll(new EventFilter { After = through, Through = head, Type = type }, stop))
                    Destroy(e.Stream, e.Position);
            through = head;
        }
        finally
        {
            one.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(betweenLooks, stoppingToken);
                await CarryOut(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or IOException or UnauthorizedAccessException)
            {
                Log.Failed(log, e);
            }
        }
    }

    void Destroy(string person, long position)
    {
        if (store.DestroyKey(person)) Log.Destroyed(log, person, position);
    }

    static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The key of {Person} is destroyed: erased at position {Position}")]
        public static partial void Destroyed(ILogger log, string person, long position);

        [LoggerMessage(Level = LogLevel.Error, Message = "Erasures could not be carried out; they are tried again")]
        public static partial void Failed(ILogger log, Exception failure);
    }
}
