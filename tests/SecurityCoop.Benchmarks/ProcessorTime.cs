using System.Globalization;
using Npgsql;

namespace SecurityCoop.Benchmarks;

/// <summary>
/// Processor time spent by this process and by the backends of one database, in µs a call. On a machine that others keep busy it says more than a rate does.
/// Linux only; elsewhere the backends count as nothing.
/// </summary>
internal sealed class ProcessorTime
{
    private readonly string owner;
    private readonly double client, backends;

    private ProcessorTime(string owner, double client, double backends) => (this.owner, this.client, this.backends) = (owner, client, backends);

    public static async Task<ProcessorTime> Start(string owner) => new(owner, Client(), await Backends(owner));

    /// <summary>What was spent since the start, for so many calls.</summary>
    public async Task<string> Spent(long calls)
    {
        var (here, there) = (Client() - client, await Backends(owner) - backends);
        return string.Create(CultureInfo.InvariantCulture, $"processor time an event: {here / calls:0.0} µs here, {there / calls:0.0} µs in PostgreSQL's backends");
    }

    private static double Client() => Environment.CpuUsage.TotalTime.TotalMicroseconds;

    private static async Task<double> Backends(string owner)
    {
        await using var connection = new NpgsqlConnection(owner);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var sum = 0.0;
        while (await reader.ReadAsync())
        {
            var stat = $"/proc/{reader.GetInt32(0)}/stat";
            if (!File.Exists(stat)) continue;
            // After the name in parentheses; proc(5) counts from 1: 14 utime, 15 stime, in hundredths of a second.
            var fields = (await File.ReadAllTextAsync(stat)).Split(')')[^1].Split(' ');
            sum += 10_000 * (double.Parse(fields[12], CultureInfo.InvariantCulture) + double.Parse(fields[13], CultureInfo.InvariantCulture));
        }
        return sum;
    }
}
