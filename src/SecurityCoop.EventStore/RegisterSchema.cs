using System.Globalization;
using System.Text;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.EventStore;

/// <summary>The register's schema: which migrations make it, and what the application's role may do in it.</summary>
public static class RegisterSchema
{
    private const string Folder = "migrations/";

    /// <summary>This program's migrations, by number.</summary>
    internal static IReadOnlyList<Migration> Migrations { get; } = Embedded();

    private static readonly Migrator migrator = new("register", Migrations);

    /// <summary>Applies what is missing and grants the application's role what it needs. Nothing is changed where it refuses.</summary>
    /// <param name="ownerConnectionString">The role that owns the schema.</param>
    /// <param name="applicationRole">The role that the application connects as. May be the owner.</param>
    /// <exception cref="StartRefused">As <see cref="Migrator.Migrate"/>.</exception>
    public static Task Migrate(string ownerConnectionString, string applicationRole, CancellationToken stop = default)
    {
        var quoted = '"' + applicationRole.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
        return migrator.Migrate(ownerConnectionString, string.Format(CultureInfo.InvariantCulture, Sql.Grants, quoted), stop);
    }

    /// <summary>Whether the schema is exactly this program's. Reads only.</summary>
    /// <exception cref="StartRefused">It is not there, older, newer or another; or the server cannot be reached.</exception>
    public static Task MustBeCurrent(string connectionString, CancellationToken stop = default) =>
        migrator.MustBeCurrent(connectionString, stop);

    private static List<Migration> Embedded()
    {
        var assembly = typeof(RegisterSchema).Assembly;
        var found = new List<Migration>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            found.Add(new(resource[Folder.Length..^".sql".Length], Encoding.UTF8.GetString(bytes)));
        }
        return found;
    }
}
