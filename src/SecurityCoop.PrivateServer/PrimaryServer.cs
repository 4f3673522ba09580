using Npgsql;

namespace SecurityCoop.PrivateServer;

/// <summary>
/// A connection string may name several servers (`Host=a:5432,b:5432`), of which one takes writes and the others stand by. The register
/// works with the one that takes writes, for reading too: a standby is a little behind, and a query after a command must see what it did.
/// </summary>
public static class PrimaryServer
{
    // A server that is frozen or cut off answers nothing and refuses nothing: what waits for it goes on elsewhere only when its time is
    // over.
    private const string Used = "of several servers the register uses the one that takes writes.";
    private const int ConnectSeconds = 5, RecheckSeconds = 2;

    /// <summary>How long a host waits for an answer of one of several servers, where the connection string does not say.</summary>
    public const int CommandSeconds = 15;

    /// <summary>
    /// The connection string with what several servers need: the primary, and short waits where it says nothing of them. One that names a
    /// single server stays as it is.
    /// </summary>
    /// <param name="setting">Where it stands, for the refusal.</param>
    /// <exception cref="StartRefused">It cannot be read, or asks for another server than the primary.</exception>
    public static string Settled(string connectionString, string setting)
    {
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new(connectionString);
        }
        catch (ArgumentException e)
        {
            throw new StartRefused($"{setting} cannot be read: {e.Message}", e);
        }
        var wanted = settings.TargetSessionAttributes;
        if (!NamesSeveral(settings) && wanted is null) return connectionString;
        if (wanted is not null && !wanted.Equals("primary", StringComparison.OrdinalIgnoreCase))
            throw new StartRefused($"{setting} asks for Target Session Attributes={wanted}: {Used} Say primary, or leave it out.");
        if (settings.LoadBalanceHosts) throw new StartRefused($"{setting} asks for Load Balance Hosts: {Used} Leave it out.");
        // Npgsql refuses it for a single server.
        settings.TargetSessionAttributes = NamesSeveral(settings) ? "primary" : null;
        if (!NamesSeveral(settings)) return settings.ConnectionString;
        if (!settings.ShouldSerialize("Timeout")) settings.Timeout = ConnectSeconds;
        if (!settings.ShouldSerialize("Host Recheck Seconds")) settings.HostRecheckSeconds = RecheckSeconds;
        return settings.ConnectionString;
    }

    /// <summary>Connections to the primary of the servers that are named, or to the one that is.</summary>
    public static NpgsqlDataSource BuildForPrimary(this NpgsqlDataSourceBuilder builder)
    {
        if (!NamesSeveral(builder.ConnectionStringBuilder)) return builder.Build();
        builder.ConnectionStringBuilder.TargetSessionAttributes = null; // Npgsql wants it said below.
        return builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary);
    }

    /// <summary>The same with the types of the slim builder.</summary>
    public static NpgsqlDataSource BuildForPrimary(this NpgsqlSlimDataSourceBuilder builder)
    {
        if (!NamesSeveral(builder.ConnectionStringBuilder)) return builder.Build();
        builder.ConnectionStringBuilder.TargetSessionAttributes = null;
        return builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary);
    }

    /// <summary>Whether the connection string names several servers.</summary>
    public static bool NamesSeveral(NpgsqlConnectionStringBuilder settings) =>
        settings.Host?.Contains(',', StringComparison.Ordinal) == true;
}
