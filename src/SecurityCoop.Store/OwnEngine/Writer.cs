using Npgsql;

namespace SecurityCoop.Store;

/// <summary>The one connection on which this process writes. Used by the commit loop only.</summary>
internal sealed class Writer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly NpgsqlConnection connection;
    private readonly NpgsqlDataSource others;
    private NpgsqlTransaction? transaction; // Of the last Lock, for engines; it ends with the statements that end it.

    private Writer(NpgsqlConnection connection, NpgsqlDataSource others) => (this.connection, this.others) = (connection, others);

    /// <summary>False once the connection broke: what was last sent may have happened or not.</summary>
    public bool IsOpen => connection.FullState == System.Data.ConnectionState.Open;

    /// <param name="others">Another way to the same database, for ending whoever keeps this one waiting.</param>
    public static async Task<Writer> Open(string connectionString, NpgsqlDataSource others)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false, ApplicationName = Database.WriterName, MaxAutoPrepare = 60, AutoPrepareMinUsages = 2, CommandTimeout = 60, Enlist = false,
            WriteBufferSize = 64 * 1024,
        };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync();
            await using (var set = new NpgsqlCommand(Sql.WriterSettings, connection)) await set.ExecuteNonQueryAsync();
            await using var read = new NpgsqlCommand(Sql.ReadWriterSettings, connection);
            await using var reader = await read.ExecuteReaderAsync();
            await reader.ReadAsync();
            if (reader.GetString(0) != "on" || reader.GetString(1) != "read committed" || reader.GetString(2) != "off")
                throw new InvalidOperationException(
                    $"The database does not write as it must: synchronous_commit {reader.GetString(0)}, isolation {reader.GetString(1)}, read only {reader.GetString(2)}.");
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
        return new(connection, others);
    }

    public NpgsqlBatch CreateBatch() => connection.CreateBatch();

    public Task<HeadState> ReadHead() => Head(Sql.ReadHead);

    /// <summary>The head, after any commit that was on its way has come or will never come.</summary>
    public Task<HeadState> RaiseEpoch() => Head(Sql.RaiseEpoch);

    /// <summary>Begins a transaction and takes the head. What is read after it, in statements of its own, is current.</summary>
    public async Task<HeadState> Lock()
    {
        transaction = await Watched(connection.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted).AsTask());
        return await Head(Sql.LockHead);
    }

    /// <summary>Has an engine write a batch's streams and events, in the transaction that holds the head.</summary>
    /// <exception cref="PostgresException">The database refused.</exception>
    /// <exception cref="InvalidOperationException">The events came to stand elsewhere than they were given to.</exception>
    public async Task Place(Engine engine, Batch batch)
    {
        await using (var let = new NpgsqlCommand(Sql.LetPlace, connection).With(Database.Of((batch.RecordedAt - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond)))
            await Watched(let.ExecuteNonQueryAsync());
        foreach (var append in batch.Writes()) await engine.Append(transaction!, append);

        var placed = new List<(long, Guid, long, DateTime)>();
        await using (var read = new NpgsqlCommand(Sql.PlacedAfter, connection).With(Database.Of(batch.Before.Size)))
        await using (var reader = await read.ExecuteReaderAsync())
            while (await reader.ReadAsync()) placed.Add((reader.GetInt64(0), reader.GetGuid(1), reader.GetInt64(2), reader.GetDateTime(3)));
        if (!placed.SequenceEqual(batch.Events.Select(e => (e.Stored.Position, e.Stored.Id, e.Stored.Version, e.Stored.RecordedAt))))
            throw new InvalidOperationException($"Engine {engine.Name} placed the events after {batch.Before.Size} otherwise than it was told.");
    }

    /// <summary>Has an engine add what is to be committed with a batch's events, in the transaction that holds the head; what is returned is to be called after the commit.</summary>
    /// <exception cref="PostgresException">The database refused.</exception>
    public async Task<Func<Task>?> Enlist(Engine engine, Batch batch) =>
        engine.Enlist is { } enlist ? await Watched(enlist(transaction!, batch.Before.Size + 1, batch.After.Size)) : null;

    public Task Commit() => Execute(Sql.Commit);

    public Task Rollback() => Execute(Sql.Rollback);

    public async Task<Guid?> EventIdAt(long position)
    {
        await using var command = new NpgsqlCommand(Sql.EventIdAt, connection).With(Database.Of(position));
        return await command.ExecuteScalarAsync() as Guid?;
    }

    /// <summary>Sends a batch; returns when it is committed.</summary>
    /// <exception cref="PostgresException">With <see cref="IsOpen"/>: it is rolled back (a locked one still needs <see cref="Rollback"/>).</exception>
    public async Task Send(NpgsqlBatch batch) => await Watched(batch.ExecuteNonQueryAsync());

    /// <summary>Reads what an append needs.</summary>
    public async Task<T> Read<T>(Func<NpgsqlBatch, Task<T>> read)
    {
        await using var batch = connection.CreateBatch();
        return await Watched(read(batch));
    }

    private async Task<HeadState> Head(string statement)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        return await Watched(Database.ReadHead(command));
    }

    private async Task Execute(string statement)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await Watched(command.ExecuteNonQueryAsync());
    }

    private async Task<T> Watched<T>(Task<T> work)
    {
        while (true)
        {
            try
            {
                return await work.WaitAsync(Patience);
            }
            catch (TimeoutException) when (!work.IsCompleted)
            {
                await Task.WhenAny(work, EndHolder()); // The connection that it asks on may be the one that does not answer.
            }
            catch (ObjectDisposedException broken)
            {
                // How Npgsql says of a connection that broke between two of its own steps that it is lost.
                throw new NpgsqlException("The connection broke while it was in use.", broken);
            }
        }
    }

    private async Task EndHolder()
    {
        try
        {
            await using var command = others.CreateCommand(Sql.EndHolder).With(Database.Of(connection.ProcessID), Database.Of(Database.WriterName));
            await command.ExecuteNonQueryAsync();
        }
        catch (NpgsqlException)
        {
            // The database is going away; the work waited for will say so itself.
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
