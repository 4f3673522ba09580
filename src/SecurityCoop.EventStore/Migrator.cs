using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace SecurityCoop.EventStore;

/// <summary>Brings a database to this program's schema: numbered migrations, forward only, each in a transaction of its own.</summary>
public static class Migrator
{
    internal sealed record Migration(int Number, string Name, string Text, byte[] Sha256);

    /// <summary>Applies what is missing and grants the application's role what it needs. Nothing is changed where it refuses.</summary>
    /// <param name="ownerConnectionString">The role that owns the schema.</param>
    /// <param name="applicationRole">The role that the application connects as. May be the owner.</param>
    /// <exception cref="StartRefused">
    /// PostgreSQL below 15, an encoding other than UTF8, a schema newer than this program, a released migration that was edited, or a server
    /// that cannot be reached or refuses.
    /// </exception>
    public static Task Migrate(string ownerConnectionString, string applicationRole, CancellationToken stop = default) =>
        Migrate(ownerConnectionString, Embedded(typeof(Migrator).Assembly, "migrations/"), async connection =>
        {
            var quoted = '"' + applicationRole.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
            await using var grant = new NpgsqlCommand(string.Format(CultureInfo.InvariantCulture, Sql.Grants, quoted), connection);
            await grant.ExecuteNonQueryAsync(stop);
        }, stop);

    /// <param name="known">The program's migrations, in their order.</param>
    /// <param name="grant">Gives the application's role what it needs, after all of them.</param>
    internal static async Task Migrate(string ownerConnectionString, IReadOnlyList<Migration> known, Func<NpgsqlConnection, Task> grant, CancellationToken stop)
    {
        try
        {
            await using var one = ConnectionPool.Of(new(ownerConnectionString) { Pooling = false, ApplicationName = "SecurityCoop migration" });
            await using var connection = await one.OpenConnectionAsync(stop);
            await CheckServer(connection, stop);
            await using (var wait = Command(connection, Sql.LockMigrations, Sql.MigrationLock)) await wait.ExecuteNonQueryAsync(stop);
            var applied = await Applied(connection, stop);
            Check(known, applied);
            foreach (var migration in known.Where(k => applied.All(a => a.Number != k.Number))) await Apply(connection, migration, applied.Count == 0 && migration == known[0], stop);
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
    public static async Task MustBeCurrent(string connectionString, CancellationToken stop = default)
    {
        try
        {
            await using var one = ConnectionPool.Of(new(connectionString) { Pooling = false, ApplicationName = "SecurityCoop verify", Options = ReadOnly });
            await using var connection = await one.OpenConnectionAsync(stop);
            var (known, applied) = (Embedded(typeof(Migrator).Assembly, "migrations/"), await Applied(connection, stop));
            Check(known, applied);
            if (applied.Count == 0) throw new StartRefused("The database holds no register.");
            if (applied.Count < known.Count)
                throw new StartRefused($"The database has schema {applied[^1].Number}, older than this program's {known[^1].Number}: use the program that it belongs to, or run `securitycoop migrate` first. Nothing was changed.");
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

    /// <summary>For a connection that cannot write.</summary>
    internal const string ReadOnly = "-c default_transaction_read_only=on";

    private static async Task CheckServer(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(Sql.ServerFacts, connection);
        await using var reader = await command.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        RefuseServer(reader.GetInt32(0), reader.GetString(1));
    }

    internal static void RefuseServer(int version, string encoding)
    {
        if (version < 150000) throw new StartRefused($"PostgreSQL {version / 10000} is too old: SecurityCoop needs 15 or newer.");
        if (encoding != "UTF8") throw new StartRefused($"The database's encoding is {encoding}: SecurityCoop needs UTF8.");
    }

    private static async Task<List<Migration>> Applied(NpgsqlConnection connection, CancellationToken stop)
    {
        await using (var has = new NpgsqlCommand(Sql.HasMigrations, connection))
            if (!(bool)(await has.ExecuteScalarAsync(stop))!) return [];
        await using var command = new NpgsqlCommand(Sql.ReadMigrations, connection);
        await using var reader = await command.ExecuteReaderAsync(stop);
        var applied = new List<Migration>();
        while (await reader.ReadAsync(stop))
            applied.Add(new(reader.GetInt32(0), reader.GetString(1), "", reader.GetFieldValue<byte[]>(2)));
        return applied;
    }

    // By number, not by count: what is written side by side is released in whatever order it is finished, and a lower number may come after a higher one.
    private static void Check(IReadOnlyList<Migration> known, List<Migration> applied)
    {
        foreach (var theirs in applied)
        {
            if (known.FirstOrDefault(k => k.Number == theirs.Number) is not { } mine)
                throw new StartRefused($"The database has schema {theirs.Number}, newer than this program's {known[^1].Number}: start a newer SecurityCoop.");
            if (!mine.Sha256.AsSpan().SequenceEqual(theirs.Sha256))
                throw new StartRefused($"Migration {mine.Name} is not the one that the database was made with: a released migration was edited.");
        }
    }

    private static async Task Apply(NpgsqlConnection connection, Migration migration, bool first, CancellationToken stop)
    {
        await using var transaction = await connection.BeginTransactionAsync(stop);
        if (first)
        {
            await using var schema = new NpgsqlCommand(Sql.MakeSchema, connection);
            await schema.ExecuteNonQueryAsync(stop);
        }
        await using (var migrate = new NpgsqlCommand(migration.Text, connection)) await migrate.ExecuteNonQueryAsync(stop);
        await using (var note = Command(connection, Sql.NoteMigration, migration.Number, migration.Name, migration.Sha256))
            await note.ExecuteNonQueryAsync(stop);
        await transaction.CommitAsync(stop);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string text, params object[] values)
    {
        var command = new NpgsqlCommand(text, connection) { CommandTimeout = 0 };
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return command;
    }

    /// <summary>This program's migrations: number, name, SHA-256.</summary>
    internal static IReadOnlyList<(int, string, string)> Known => [.. Embedded(typeof(Migrator).Assembly, "migrations/").Select(m => (m.Number, m.Name, Convert.ToHexStringLower(m.Sha256)))];

    /// <summary>The migrations among an assembly's resources, by number.</summary>
    internal static List<Migration> Embedded(System.Reflection.Assembly assembly, string folder)
    {
        var found = new List<Migration>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            var name = resource[folder.Length..^".sql".Length];
            found.Add(new(int.Parse(name[..4], CultureInfo.InvariantCulture), name, Encoding.UTF8.GetString(bytes), SHA256.HashData(bytes)));
        }
        return found;
    }
}
