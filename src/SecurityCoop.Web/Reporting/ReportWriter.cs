using Npgsql;
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
        var rows = await lines.Of(day, position, clearance, stop);
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
        await Execute("insert into report.line (as_of, report, ordinal, document) select $1, r, o, d::jsonb from unnest($2, $3, $4) as l(r, o, d)",
            new() { Value = day }, new() { Value = rows.Select(r => r.Report).ToArray() }, new() { Value = Enumerable.Range(1, rows.Count).ToArray() },
            new() { Value = rows.Select(r => r.Document.ToJsonString()).ToArray() });
        await transaction.CommitAsync(stop);
        return new(day, position, rows.Count);

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
