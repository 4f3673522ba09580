using Npgsql;

namespace SecurityCoop.EventStore;

/// <summary>Makes pools of connections.</summary>
public static class ConnectionPool
{
    /// <summary>A pool whose connections know text, numbers, times, bytes, ids and arrays of them, and no other types: learning all of PostgreSQL's would lengthen each start.</summary>
    public static NpgsqlDataSource Of(NpgsqlConnectionStringBuilder settings)
    {
        var builder = new NpgsqlSlimDataSourceBuilder(settings.ConnectionString);
        builder.EnableArrays();
        builder.EnableTransportSecurity();
        builder.EnableIntegratedSecurity();
        return builder.Build();
    }
}
