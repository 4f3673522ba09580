using Npgsql;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.Store;

/// <summary>Makes pools of connections.</summary>
public static class ConnectionPool
{
    /// <summary>For a connection that cannot write.</summary>
    internal const string ReadOnly = "-c default_transaction_read_only=on";

    /// <summary>A pool whose connections know text, numbers, times, bytes, ids and arrays of them, and no other types: learning all of PostgreSQL's would lengthen each start.</summary>
    public static NpgsqlDataSource Of(NpgsqlConnectionStringBuilder settings)
    {
        // What is asked here is small. Where PostgreSQL takes it for large, compiling it takes longer than answering: a proof from a million events 15 ms instead of less than one.
        settings.Options = $"{settings.Options} -c jit=off".TrimStart();
        if (PrimaryServer.NamesSeveral(settings) && !settings.ShouldSerialize("Command Timeout")) settings.CommandTimeout = PrimaryServer.CommandSeconds;
        var builder = new NpgsqlSlimDataSourceBuilder(settings.ConnectionString);
        builder.EnableArrays();
        builder.EnableTransportSecurity();
        builder.EnableIntegratedSecurity();
        return builder.BuildForPrimary();
    }
}
