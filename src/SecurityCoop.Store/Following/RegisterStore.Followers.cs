namespace SecurityCoop.Store;

/// <summary>Who follows the log once for all hosts.</summary>
public sealed partial class RegisterStore
{
    /// <summary>As the store was opened with them; a <see cref="LogDaemon"/> runs them.</summary>
    public IReadOnlyList<LogFollower> Followers { get; private init; } = [];

    /// <summary>How far each has come; one that has not begun is left out.</summary>
    internal async Task<IReadOnlyDictionary<string, long>> ProgressOf(IReadOnlyCollection<string> names, CancellationToken stop = default)
    {
        await using var command = database.CreateCommand(Sql.Progress).With(Database.Of([.. names]));
        await using var reader = await command.ExecuteReaderAsync(stop);
        var positions = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await reader.ReadAsync(stop)) positions[reader.GetString(0)] = reader.GetInt64(1);
        return positions;
    }
}
