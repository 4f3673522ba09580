using Npgsql;
using NpgsqlTypes;
using SecurityCoop.Register;
using SecurityCoop.Store;

namespace SecurityCoop.Web.Reporting;

/// <param name="Position">The log's position up to which the rows speak.</param>
public sealed record WrittenReport(DateOnly AsOf, long Position, int Rows);

/// <summary>Writes the rows behind the views of the schema `report`, all as of one day and from one position, in one short transaction.</summary>
public sealed class ReportWriter(RegisterStore store, ReportLines lines, NpgsqlDataSource database)
{
    /// <param name="current">The day that the host keeps up to date: it takes the place of the one before. Otherwise the day is kept beside it.</param>
    public async Task<WrittenReport> Write(DateOnly day, Marking clearance, bool current, CancellationToken stop)
    {
        var position = (await store.Head(stop)).Size;
        // Before the transaction, which is to be short: an open one keeps PostgreSQL from clearing away what appends replace.
        var rows = await lines.Of(day, position, clearance, stop).ToListAsync(stop);
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        // One after the other, whichever process; whoever only reads is not kept waiting.
        await Execute("lock table report.snapshot in share row exclusive mode");
        current |= await Has("select true from report.snapshot where as_of = $1 and current", new NpgsqlParameter { Value = day });
        if (await Has("select true from report.snapshot where as_of = $1 and current = $2 and clearance = $3 and position > $4",
            new() { Value = day }, new() { Value = current }, new() { Value = Slug.Of(clearance) }, new() { Value = position })) return new(day, position, rows.Count);
        await Execute("delete from report.snapshot where as_of = $1 or (current and $2)", new() { Value = day }, new() { Value = current });
        await Execute("insert into report.snapshot (as_of, current, position, clearance) values ($1, $2, $3, $4)",
            new() { Value = day }, new() { Value = current }, new() { Value = position }, new() { Value = Slug.Of(clearance) });
        await Copy();
        await transaction.CommitAsync(stop);
        return new(day, position, rows.Count);

        async Task Copy()
        {
            await using var copy = await connection.BeginBinaryImportAsync(
                "copy report.line (as_of, report, ordinal, document) from stdin (format binary)", stop);
            for (var i = 0; i < rows.Count; i++)
            {
                await copy.StartRowAsync(stop);
                await copy.WriteAsync(day, NpgsqlDbType.Date, stop);
                await copy.WriteAsync(rows[i].Report, NpgsqlDbType.Text, stop);
                await copy.WriteAsync(i + 1, NpgsqlDbType.Integer, stop);
                await copy.WriteAsync(rows[i].Document, NpgsqlDbType.Jsonb, stop);
            }
            await copy.CompleteAsync(stop);
        }

        async Task Execute(string statement, params NpgsqlParameter[] parameters)
        {
            await using var command = new NpgsqlCommand(statement, connection, transaction);
            command.Parameters.AddRange(parameters);
            await command.ExecuteNonQueryAsync(stop);
        }

        async Task<bool> Has(string question, params NpgsqlParameter[] parameters)
        {
            await using var command = new NpgsqlCommand(question, connection, transaction);
            command.Parameters.AddRange(parameters);
            return await command.ExecuteScalarAsync(stop) is not null;
        }
    }
}
