using Npgsql;

namespace SecurityCoop.Store;

internal static class BatchExtensions
{
    /// <summary>Adds a statement to a batch.</summary>
    public static void Add(this NpgsqlBatch batch, string statement, params ReadOnlySpan<NpgsqlParameter> parameters) =>
        batch.BatchCommands.Add(new NpgsqlBatchCommand(statement).With(parameters));
}
