namespace SecurityCoop.EventStore;

/// <summary>Brings a database to this program's schema, forward only.</summary>
public static class Migrator
{
    /// <param name="ownerConnectionString">The role that owns the schema.</param>
    /// <param name="applicationRole">The role that the application connects as; it is granted what it needs. May be the owner.</param>
    /// <exception cref="StartRefused">PostgreSQL below 15, encoding other than UTF8, a newer schema than the program's, an edited released migration.</exception>
    public static Task Migrate(string ownerConnectionString, string applicationRole, CancellationToken stop = default) => throw new NotImplementedException();
}
