using System.Collections.Concurrent;
using JasperFx;
using JasperFx.Events;
using Marten;
using Marten.Events;
using Npgsql;
using SecurityCoop.PrivateServer;
using Db = SecurityCoop.Store.Database;

namespace SecurityCoop.Store;

/// <summary>Makes every document anew from the log, by Marten's own rebuild, and which events concern which partner.</summary>
public static class DocumentRebuild
{
    // No definition of a model's: until the rebuild is done, documents are neither read nor written, also where it was interrupted.
    private const string UnderWay = "(a rebuild that is not done)";

    private const string Name = "SecurityCoop rebuild";

    // The epoch tells whoever reads documents that they were made anew while it read.
    private const string Mark = "update register.log_head set records = $1, epoch = epoch + 1";

    private static readonly TimeSpan longest = TimeSpan.FromHours(12);

    /// <summary>
    /// Appends wait from the beginning to the end of it: Marten empties the tables first and takes the events up to where the log ended
    /// then. Whoever reads meanwhile finds less than there is, so a host is not ready until it is done.
    /// </summary>
    /// <param name="ownerConnectionString">The role that owns the tables: they are truncated.</param>
    /// <param name="progress">Told of events folded, and of how many there are; from several threads, one at a time.</param>
    /// <returns>How many events there were.</returns>
    public static async Task<long> Run(
        string ownerConnectionString, RegisterModel model, Action<long, long>? progress = null, CancellationToken stop = default)
    {
        // Not by the writer's name: who waits for the head ends a writer that holds it and is silent.
        var settings = new NpgsqlConnectionStringBuilder(ownerConnectionString) { ApplicationName = Name, Enlist = false };
        await using var database = new NpgsqlDataSourceBuilder(settings.ConnectionString).BuildForPrimary();
        await using (var mark = database.CreateCommand(Mark).With(Db.Of(UnderWay))) await mark.ExecuteNonQueryAsync(stop);

        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await using (var head = new NpgsqlCommand(CommitStatements.LockHead, connection, transaction))
            await head.ExecuteNonQueryAsync(stop);
        long size;
        // The sequence too: numbers that a failed save drew would look like events that are still to come.
        await using (var sequence = new NpgsqlCommand(CommitStatements.SetSequence, connection, transaction))
            size = (long)(await sequence.ExecuteScalarAsync(stop))!;

        var folded = 0L;
        var concerned = new ConcurrentDictionary<(string Partner, long Position), bool>(); // Slices of the log are folded side by side.
        await using var store = DocumentStore.For(options =>
        {
            options.Connection(database);
            options.UseRegister(model, new(model.Types), AutoCreate.None, e =>
            {
                foreach (var partner in e.Partners) concerned[(partner, e.Position)] = true;
                if (progress is null || Interlocked.Increment(ref folded) is var done && done % 100 != 0) return;
                lock (concerned) progress(Math.Min(done, size), size);
            });
        });
        if (size > 0)
        {
            using var daemon = await store.BuildProjectionDaemonAsync();
            foreach (var kind in model.Kinds) await daemon.RebuildProjectionAsync(kind.Name, longest, stop);
        }
        await using (var before = new NpgsqlCommand("delete from register.event_partner", connection, transaction))
            await before.ExecuteNonQueryAsync(stop);
        await using (var partners = new NpgsqlCommand(CommitStatements.InsertEventPartners, connection, transaction)
            .With(Db.Of([.. concerned.Keys.Select(c => c.Partner)]), Db.Of([.. concerned.Keys.Select(c => c.Position)])))
            await partners.ExecuteNonQueryAsync(stop);
        await using (var done = new NpgsqlCommand(Mark, connection, transaction).With(Db.Of(model.Definition)))
            await done.ExecuteNonQueryAsync(stop);
        await transaction.CommitAsync(stop);
        if (size > 0) progress?.Invoke(size, size);
        return size;
    }
}
