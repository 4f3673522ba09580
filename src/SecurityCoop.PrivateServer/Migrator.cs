using Npgsql;

namespace SecurityCoop.PrivateServer;

/// <summary>
/// Brings a database to a program's schema: numbered migrations, forward only, each in a transaction of its own. The table
/// `schema_migration` in the schema remembers which were applied, with their digests.
/// </summary>
/// <param name="schema">Made before the first migration. Stands in statements as it is: a plain lowercase name.</param>
/// <param name="migrations">All that the program has, in any order.</param>
/// <param name="refuse">Says of a database that these migrations do not lead to, with <see cref="StartRefused"/>, what to do.</param>
public sealed class Migrator(
    string schema, IEnumerable<Migration> migrations, Func<NpgsqlConnection, CancellationToken, Task>? refuse = null)
{
    /// <summary>An advisory lock of the database: of programs that start together one migrates. The same number in every version.</summary>
    private const long MigrationLock = 7_310_579_614_263_553_107;

    private readonly List<Migration> known = [.. migrations.OrderBy(m => m.Number)];

    /// <summary>Applies what is missing. Nothing is changed where it refuses.</summary>
    /// <param name="ownerConnectionString">The role that owns the schema.</param>
    /// <param name="grant">Gives roles their rights: runs each time after the last migration, as the owner, under the same lock.</param>
    /// <exception cref="StartRefused">
    /// PostgreSQL below 15, an encoding other than UTF8, a schema newer than this program, a released migration that was edited, or a
    /// server that cannot be reached or refuses.
    /// </exception>
    public async Task Migrate(string ownerConnectionString, Func<NpgsqlConnection, Task> grant, CancellationToken stop = default)
    {
        try
        {
            await using var one = DataSource(new(ownerConnectionString) { Pooling = false, ApplicationName = "SecurityCoop migration" });
            await using var connection = await one.OpenConnectionAsync(stop);
            await CheckServer(connection, stop);
            if (refuse is not null) await refuse(connection, stop);
            await using (var wait = Command(connection, "select pg_advisory_lock($1)", MigrationLock))
                await wait.ExecuteNonQueryAsync(stop);
            var applied = await Applied(connection, stop);
            Check(applied);
            foreach (var migration in known.Where(k => applied.All(a => a.Number != k.Number)))
                await Apply(connection, migration, first: applied.Count == 0 && migration == known[0], stop);
            await grant(connection);
        }
        catch (PostgresException refused)
        {
            throw new StartRefused($"The database refused the migration: {refused.MessageText} ({refused.SqlState}).", refused);
        }
        catch (NpgsqlException away)
        {
            throw new StartRefused($"The database cannot be reached: {away.Message}", away);
        }
    }

    /// <summary>Whether the schema is exactly this program's. Reads only.</summary>
    /// <exception cref="StartRefused">It is not there, older, newer or another; or the server cannot be reached.</exception>
    public async Task MustBeCurrent(string connectionString, CancellationToken stop = default)
    {
        try
        {
            await using var one = DataSource(new(connectionString)
            {
                Pooling = false, ApplicationName = "SecurityCoop verify", Options = "-c default_transaction_read_only=on",
            });
            await using var connection = await one.OpenConnectionAsync(stop);
            if (refuse is not null) await refuse(connection, stop);
            var applied = await Applied(connection, stop);
            Check(applied);
            if (applied.Count == 0) throw new StartRefused("The database holds no register.");
            if (applied.Count < known.Count)
                throw new StartRefused($"The database has schema {applied[^1].Number}, older than this program's {known[^1].Number}: "
                    + "use the program that it belongs to, or run `securitycoop migrate` first. Nothing was changed.");
        }
        catch (PostgresException refused)
        {
            throw new StartRefused($"The database refused to be read: {refused.MessageText} ({refused.SqlState}).", refused);
        }
        catch (NpgsqlException away)
        {
            throw new StartRefused($"The database cannot be reached: {away.Message}", away);
        }
    }

    /// <summary>Knows the types that are asked for here and no others: learning all of PostgreSQL's would lengthen each start.</summary>
    private static NpgsqlDataSource DataSource(NpgsqlConnectionStringBuilder settings)
    {
        settings.Options = $"{settings.Options} -c jit=off".TrimStart();
        var builder = new NpgsqlSlimDataSourceBuilder(settings.ConnectionString);
        builder.EnableTransportSecurity();
        builder.EnableIntegratedSecurity();
        return builder.BuildForPrimary();
    }

    private static async Task CheckServer(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(
            "select current_setting('server_version_num')::integer, current_setting('server_encoding')", connection);
        await using var reader = await command.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        RefuseServer(reader.GetInt32(0), reader.GetString(1));
    }

    internal static void RefuseServer(int version, string encoding)
    {
        if (version < 150000) throw new StartRefused($"PostgreSQL {version / 10000} is too old: SecurityCoop needs 15 or newer.");
        if (encoding != "UTF8") throw new StartRefused($"The database's encoding is {encoding}: SecurityCoop needs UTF8.");
    }

    private async Task<List<(int Number, string Sha256)>> Applied(NpgsqlConnection connection, CancellationToken stop)
    {
        await using (var has = new NpgsqlCommand($"select to_regclass('{schema}.schema_migration') is not null", connection))
            if (!(bool)(await has.ExecuteScalarAsync(stop))!) return [];
        await using var command = new NpgsqlCommand($"select number, sha256 from {schema}.schema_migration order by number", connection);
        await using var reader = await command.ExecuteReaderAsync(stop);
        var applied = new List<(int, string)>();
        while (await reader.ReadAsync(stop))
            applied.Add((reader.GetInt32(0), Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(1))));
        return applied;
    }

    // By number, not by count: what is written side by side is released in whatever order it is finished, and a lower number may come
    // after a higher one.
    private void Check(List<(int Number, string Sha256)> applied)
    {
        foreach (var (number, sha256) in applied)
        {
            if (known.FirstOrDefault(k => k.Number == number) is not { } mine)
                throw new StartRefused(
                    $"The database has schema {number}, newer than this program's {known[^1].Number}: start a newer SecurityCoop.");
            if (mine.Sha256 != sha256)
                throw new StartRefused(
                    $"Migration {mine.Name} is not the one that the database was made with: a released migration was edited.");
        }
    }

    private async Task Apply(NpgsqlConnection connection, Migration migration, bool first, CancellationToken stop)
    {
        await using var transaction = await connection.BeginTransactionAsync(stop);
        if (first)
        {
            await using var make = new NpgsqlCommand(
                $"""
                create schema if not exists {schema};
                create table {schema}.schema_migration (number integer primary key, name text not null, sha256 bytea not null,
                    applied_at timestamptz not null default clock_timestamp())
                """, connection);
            await make.ExecuteNonQueryAsync(stop);
        }
        await using (var migrate = new NpgsqlCommand(migration.Text, connection)) await migrate.ExecuteNonQueryAsync(stop);
        await using (var note = Command(connection, $"insert into {schema}.schema_migration (number, name, sha256) values ($1, $2, $3)",
            migration.Number, migration.Name, Convert.FromHexString(migration.Sha256)))
            await note.ExecuteNonQueryAsync(stop);
        await transaction.CommitAsync(stop);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string text, params object[] values)
    {
        var command = new NpgsqlCommand(text, connection) { CommandTimeout = 0 };
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return command;
    }
}
