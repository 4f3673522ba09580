using System.Diagnostics;
using System.Globalization;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using SecurityCoop.PlainMarten;

namespace SecurityCoop.Benchmarks;

/// <summary>Events a second into the log, with documents and ledger.</summary>
internal static class AppendBenchmarks
{
    private const int BatchOf = 100;

    /// <summary>
    /// One event an append, each caller on a stream of its own; against as many raw connections, and callers of the plain application (64
    /// at most).
    /// </summary>
    public static async Task Append(Bench bench)
    {
        var rows = await RawRows.Of(bench.Cluster);
        _ = (await Raw(bench, rows, 16), await Plain(bench, 16), await Store(bench, 16)); // To warm up.
        foreach (var callers in bench.Clients(1, 16, 64, 256))
        {
            var few = Math.Min(callers, 64);
            await bench.Compare(
                "append", callers, "events/s", () => Raw(bench, rows, few), () => Store(bench, callers), () => Plain(bench, few));
        }
    }

    /// <summary>
    /// A hundred events an append, one caller; against a binary COPY of the same rows, a hundred events a transaction, into the same four
    /// tables.
    /// </summary>
    public static async Task AppendBatch(Bench bench)
    {
        var rows = await RawRows.Of(bench.Cluster);
        foreach (var callers in bench.Clients(1, 16))
            await bench.Compare("append-batch", callers, "events/s", () => Copy(bench, rows, callers), async () => BatchOf * await Store(bench, callers, BatchOf));
    }

    /// <summary>Two processes with 32 callers each upon one database; against one with 64.</summary>
    public static Task TwoHosts(Bench bench) =>
        bench.Compare("append-two-hosts", 64, "events/s", () => Hosts(bench, 64), () => Hosts(bench, 32, 32));

    public static async Task<double> Raw(Bench bench, RawRows rows, int callers)
    {
        var (owner, application) = await bench.Cluster.NewDatabase();
        var (position, open) = (0L, new List<RawCaller>());
        var time = await ProcessorTime.Start(owner);
        var rate = await bench.Rate(callers, async _ =>
        {
            var caller = await RawCaller.Open(application, rows);
            lock (open) open.Add(caller);
            return () => caller.Append(Interlocked.Increment(ref position));
        }, owner);
        await Console.Error.WriteLineAsync("  floor: " + await time.Spent(position));
        foreach (var caller in open) await caller.DisposeAsync();
        await bench.Cluster.Drop(owner);
        return rate;
    }

    public static async Task<double> Store(Bench bench, int callers, int events = 1)
    {
        var (owner, application) = await bench.Cluster.NewDatabase();
        double rate;
        await using (var store = await MeasuredRegister.Open(application, bench.Cluster.Keys))
        {
            await store.Caller()(); // So that the writer is there.
            var (time, before) = (await ProcessorTime.Start(owner), await store.Size());
            rate = await bench.Rate(callers, _ => Task.FromResult(store.Caller(events)), owner);
            await Console.Error.WriteLineAsync("  " + await time.Spent(await store.Size() - before));
        }
        await bench.Cluster.Drop(owner);
        return rate;
    }

    /// <summary>The plain application, one event an append.</summary>
    public static async Task<double> Plain(Bench bench, int callers)
    {
        var connection = await bench.Cluster.NewPlainDatabase();
        double rate;
        await using (var store = PlainStore.Open(connection))
        {
            var done = 0L;
            var time = await ProcessorTime.Start(connection);
            rate = await bench.Rate(callers, _ =>
            {
                var append = store.Caller();
                return Task.FromResult<Func<Task>>(async () =>
                {
                    await append();
                    Interlocked.Increment(ref done);
                });
            }, connection);
            await Console.Error.WriteLineAsync("  plain: " + await time.Spent(done));
        }
        await bench.Cluster.Drop(connection);
        return rate;
    }

    private static async Task<double> Copy(Bench bench, RawRows rows, int callers)
    {
        var (owner, application) = await bench.Cluster.NewDatabase();
        var (header, body) = (Encoding.UTF8.GetString(rows.Header), Encoding.UTF8.GetString(rows.Body));
        var (last, open) = (0L, new List<NpgsqlConnection>());
        var rate = await bench.Rate(callers, async _ =>
        {
            var connection = new NpgsqlConnection(application);
            lock (open) open.Add(connection);
            await connection.OpenAsync();
            await using (var begin = new NpgsqlCommand("set register.writer = on", connection)) await begin.ExecuteNonQueryAsync(); // A trigger refuses everybody else.
            return async () =>
            {
                var (stream, first) = (MeasuredRegister.NewStream(), Interlocked.Add(ref last, BatchOf) - BatchOf + 1);
                await using var transaction = await connection.BeginTransactionAsync();
                await using (var streams = await connection.BeginBinaryImportAsync("copy register.mt_streams (id, version) from stdin (format binary)"))
                {
                    await streams.WriteRowAsync(default, stream, (long)BatchOf);
                    await streams.CompleteAsync();
                }
                await using (var events = await connection.BeginBinaryImportAsync(
                    "copy register.mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, headers, user_name) from stdin (format binary)"))
                {
                    for (var i = 0; i < BatchOf; i++)
                    {
                        await events.StartRowAsync();
                        await events.WriteAsync(first + i, NpgsqlDbType.Bigint);
                        await events.WriteAsync(Guid.CreateVersion7(), NpgsqlDbType.Uuid);
                        await events.WriteAsync(stream, NpgsqlDbType.Varchar);
                        await events.WriteAsync(i + 1L, NpgsqlDbType.Bigint);
                        await events.WriteAsync(body, NpgsqlDbType.Jsonb);
                        await events.WriteAsync("bench_noted", NpgsqlDbType.Varchar);
                        await events.WriteAsync(DateTime.UtcNow, NpgsqlDbType.TimestampTz);
                        await events.WriteAsync("SecurityCoop.Benchmarks.Noted, SecurityCoop.Benchmarks", NpgsqlDbType.Varchar);
                        await events.WriteAsync("bench", NpgsqlDbType.Varchar);
                        await events.WriteAsync(header, NpgsqlDbType.Jsonb);
                        await events.WriteAsync("person-1", NpgsqlDbType.Varchar);
                    }
                    await events.CompleteAsync();
                }
                await using (var ledger = await connection.BeginBinaryImportAsync("copy register.ledger_entry (position, header, body, leaf) from stdin (format binary)"))
                {
                    for (var i = 0; i < BatchOf; i++) await ledger.WriteRowAsync(default, first + i, rows.Header, rows.Body, rows.Leaf);
                    await ledger.CompleteAsync();
                }
                await using (var documents = await connection.BeginBinaryImportAsync(MeasuredRegister.CopyDocuments))
                {
                    await MeasuredRegister.WriteDocument(documents, stream, BatchOf, rows.Document);
                    await documents.CompleteAsync();
                }
                await transaction.CommitAsync();
            };
        }, owner);
        foreach (var connection in open) await connection.DisposeAsync();
        await bench.Cluster.Drop(owner);
        return BatchOf * rate;
    }

    private static async Task<double> Hosts(Bench bench, params int[] callers)
    {
        var (owner, application) = await bench.Cluster.NewDatabase();
        var hosts = callers.Select(n => AppendWorker.Start(application, bench.Cluster.Keys, n, bench.Length)).ToList();
        foreach (var host in hosts) await host.StandardOutput.ReadLineAsync();
        foreach (var host in hosts) await host.StandardInput.WriteLineAsync("go");
        var sum = 0.0;
        foreach (var host in hosts)
        {
            sum += double.Parse(await host.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("A worker ended without an answer."), CultureInfo.InvariantCulture);
            await host.WaitForExitAsync();
            host.Dispose();
        }
        await bench.Cluster.Drop(owner);
        return sum;
    }
}

/// <summary>
/// This program as one of several hosts: says that it is ready, waits for a line, appends for the time given, says its rate.
/// </summary>
internal static class AppendWorker
{
    public const string Argument = "--append-worker";

    public static Process Start(string application, string keys, int callers, TimeSpan length) => Process.Start(new ProcessStartInfo(
        Environment.ProcessPath!, [.. Program.Self, Argument, application, keys, callers.ToString(CultureInfo.InvariantCulture), length.TotalSeconds.ToString(CultureInfo.InvariantCulture)])
    { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    public static async Task<int> Run(string[] args)
    {
        await using var store = await MeasuredRegister.Open(args[0], args[1]);
        foreach (var last in new[] { false, true })
        {
            // Once to warm up.
            if (last)
            {
                Console.WriteLine("ready");
                Console.ReadLine();
            }
            var length = last ? double.Parse(args[3], CultureInfo.InvariantCulture) : 1;
            var (done, clock) = (0L, Stopwatch.StartNew());
            await Task.WhenAll(Enumerable.Range(0, int.Parse(args[2], CultureInfo.InvariantCulture)).Select(_ => Task.Run(async () =>
            {
                for (var append = store.Caller(); clock.Elapsed.TotalSeconds < length; Interlocked.Increment(ref done)) await append();
            })));
            if (last) Console.WriteLine((done / clock.Elapsed.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        }
        return 0;
    }
}
