using JasperFx;
using Marten;
using Npgsql;
using SecurityCoop.Ledger;

namespace SecurityCoop.Store.Tests;

/// <summary>A database with all released migrations, and what verifies it.</summary>
public sealed class MigratedDatabase : IDisposable
{
    private readonly TestCluster cluster;

    private MigratedDatabase(TestCluster cluster, string name, RegisterModel model) => (this.cluster, Name, Model) = (cluster, name, model);

    public TestCluster Cluster => cluster;
    public string Name { get; }
    public RegisterModel Model { get; }
    public string KeyFolder { get; } = Path.Combine(Path.GetTempPath(), "scs-keys-" + Guid.NewGuid().ToString("N"));
    public string OwnerConnection => cluster.ConnectionString(Name, TestCluster.Owner);
    public string AppConnection => cluster.ConnectionString(Name, TestCluster.Application);
    public string SuperConnection => cluster.ConnectionString(Name, "postgres");

    /// <param name="model">The register's own, or another, whose documents' tables are added.</param>
    public static async Task<MigratedDatabase> Make(TestCluster cluster, RegisterModel model)
    {
        var database = new MigratedDatabase(cluster, await cluster.NewDatabase(), model);
        await RegisterMigrations.Migrate(database.OwnerConnection, TestCluster.Application);
        if (model == Web.Setup.Model) return database;
        await using (var marten = DocumentStore.For(o =>
        {
            o.Connection(database.OwnerConnection);
            o.UseRegister(model, AutoCreate.CreateOrUpdate);
        })) await marten.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await using var owner = new NpgsqlConnection(database.OwnerConnection);
        await owner.OpenAsync();
        await RegisterMigrations.Grant(owner, TestCluster.Application);
        return database;
    }

    public Task<T> Scalar<T>(string statement) => cluster.Scalar<T>(Name, statement);

    public Task Execute(string statements) => cluster.Execute(Name, statements);

    /// <summary>The first column of every row.</summary>
    public async Task<List<T>> All<T>(string statement)
    {
        await using var connection = new NpgsqlConnection(SuperConnection);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync()) rows.Add(reader.GetFieldValue<T>(0));
        return rows;
    }

    /// <summary>Signs the tree as it is now, and stores the checkpoint.</summary>
    public async Task<Note> Sign(SigningKey key)
    {
        await using var connection = new NpgsqlConnection(SuperConnection);
        await connection.OpenAsync();
        await using var add = new NpgsqlCommand(
            """
            insert into register.ledger_checkpoint (origin, size, root, note, signed_at) select $1, size, root, $2, clock_timestamp()
            from register.log_head
            """, connection);
        var text = new Checkpoint(key.Public.Name, await Scalar<long>("select size from register.log_head"),
            await Scalar<byte[]>("select root from register.log_head")).Text;
        var note = Note.Sign(text, key);
        add.Parameters.Add(new() { Value = key.Public.Name });
        add.Parameters.Add(new() { Value = note.ToBytes() });
        await add.ExecuteNonQueryAsync();
        return note;
    }

    /// <summary>Through a connection that cannot write, unless another is given.</summary>
    internal async Task<Sound> Verify(VerifierKey trusted, Note? earlier = null, NpgsqlConnection? through = null)
    {
        var keys = Store.KeyFolder.Open(KeyFolder, mayMake: false);
        if (through is not null) return await new DatabaseCheck(through, Model, keys).Run(trusted, earlier);
        await using var connection = new NpgsqlConnection(AppConnection + ";Options=-c default_transaction_read_only=on");
        await connection.OpenAsync();
        return await new DatabaseCheck(connection, Model, keys).Run(trusted, earlier);
    }

    /// <summary>What verification says after a change past the triggers, which is then taken back; null where it finds nothing.</summary>
    internal async Task<string?> FaultAfter(string statements, VerifierKey trusted, Note? earlier = null)
    {
        await using var connection = new NpgsqlConnection(SuperConnection);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        const string unguarded = """
            do $$ declare t text; begin
                for t in select tablename from pg_tables where schemaname = 'register' loop
                    execute format('alter table register.%I disable trigger all', t);
                end loop;
            end $$;
            """;
        await using (var tamper = new NpgsqlCommand(unguarded + statements, connection)) await tamper.ExecuteNonQueryAsync();
        try
        {
            await Verify(trusted, earlier, connection);
            return null;
        }
        catch (HistoryFault fault)
        {
            return fault.Message;
        }
        finally
        {
            await transaction.RollbackAsync();
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(KeyFolder)) Directory.Delete(KeyFolder, recursive: true);
    }
}
