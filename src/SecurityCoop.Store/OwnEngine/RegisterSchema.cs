using System.Globalization;
using Npgsql;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.Store;

/// <summary>The register's schema: which migrations make it, and what the application's role may do in it.</summary>
public static class RegisterSchema
{
    /// <summary>This program's migrations, by number.</summary>
    internal static IReadOnlyList<Migration> Migrations { get; } = Migration.Embedded(typeof(RegisterSchema).Assembly, "migrations/");

    private static readonly Migrator migrator = new("register", Migrations);

    /// <summary>Applies what is missing and grants the application's role what it needs. Nothing is changed where it refuses.</summary>
    /// <param name="ownerConnectionString">The role that owns the schema.</param>
    /// <param name="applicationRole">The role that the application connects as. May be the owner.</param>
    /// <exception cref="StartRefused">As <see cref="Migrator.Migrate"/>.</exception>
    public static Task Migrate(string ownerConnectionString, string applicationRole, CancellationToken stop = default)
    {
        var quoted = '"' + applicationRole.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
        return migrator.Migrate(ownerConnectionString, async owner =>
        {
            await using var grant = new NpgsqlCommand(string.Format(CultureInfo.InvariantCulture, Sql.Grants, quoted), owner);
            await grant.ExecuteNonQueryAsync(stop);
        }, stop);
    }

    /// <summary>Whether the schema is exactly this program's. Reads only.</summary>
    /// <exception cref="StartRefused">It is not there, older, newer or another; or the server cannot be reached.</exception>
    public static Task MustBeCurrent(string connectionString, CancellationToken stop = default) =>
        migrator.MustBeCurrent(connectionString, stop);
}
