using Npgsql;

namespace SecurityCoop.PrivateServer;

/// <summary>Whether a server of somebody else's writes values of rows into its own log, where neither erasing nor the register's roles reach them.</summary>
public static class ServerLog
{
    private const string Settings =
        """
        select name, setting from pg_settings where name in ('log_error_verbosity', 'log_min_error_statement',
            'log_parameter_max_length_on_error', 'log_parameter_max_length', 'log_statement', 'log_min_duration_statement',
            'log_min_duration_sample', 'log_transaction_sample_rate')
        """;

    /// <summary>The settings by which it would, as connections of this role to this database have them: "log_error_verbosity is default, not terse".</summary>
    public static async Task<IReadOnlyList<string>> Faults(string connectionString, CancellationToken stop = default)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(stop);
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        await using (var command = new NpgsqlCommand(Settings, connection))
        await using (var reader = await command.ExecuteReaderAsync(stop))
            while (await reader.ReadAsync(stop)) settings[reader.GetString(0)] = reader.GetString(1);

        var faults = new List<string>();
        // The detail of a refused row is the row.
        Must("log_error_verbosity", "terse");
        Must("log_min_error_statement", "panic", "fatal");
        Must("log_parameter_max_length_on_error", "0");
        // With any of these, parameters of statements that succeed are logged too, unless their length is limited to nothing.
        if (settings["log_parameter_max_length"] != "0")
        {
            Must("log_statement", "none", "ddl");
            Must("log_min_duration_statement", "-1");
            Must("log_min_duration_sample", "-1");
            Must("log_transaction_sample_rate", "0");
        }
        return faults;

        void Must(string name, params ReadOnlySpan<string> good)
        {
            if (!good.Contains(settings[name])) faults.Add($"{name} is {settings[name]}, not {good[0]}");
        }
    }
}
