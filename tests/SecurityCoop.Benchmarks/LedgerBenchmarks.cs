using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SecurityCoop.Store;
using SecurityCoop.Ledger;
using SecurityCoop.Web;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Audit;

namespace SecurityCoop.Benchmarks;

/// <summary>What the tree costs an append, and what it takes to prove and to verify.</summary>
internal static class LedgerBenchmarks
{
    /// <summary>The time and the size of an inclusion proof of a random event; against those upon a log of 1,000 events.</summary>
    public static async Task Proof(Bench bench)
    {
        var (large, small) = (await bench.Grown(), await RegisterLog.Make(bench.Cluster, 1000));
        await using (var inLarge = await Setup.OpenStore(large.Application, large.Data, CancellationToken.None))
        await using (var inSmall = await Setup.OpenStore(small.Application, small.Data, CancellationToken.None))
        {
            async Task<double> Time(RegisterStore store)
            {
                var size = (await store.Head()).Size;
                return await bench.Latency(() => store.InclusionProof(Random.Shared.NextInt64(1, size + 1), size));
            }

            static async Task<double> Bytes(RegisterStore store)
            {
                var size = (await store.Head()).Size;
                return 32.0 * (await store.InclusionProof(1, size)).Count;
            }

            _ = (await Time(inSmall), await Time(inLarge)); // To warm up.
            await bench.Compare("proof", 1, "ms", () => Time(inSmall), () => Time(inLarge));
            Bench.Write("proof-bytes", 1, await Bytes(inLarge), "bytes", await Bytes(inSmall), 1);
        }
        await bench.Cluster.Drop(small.Owner);
    }

    /// <summary>`SecurityCoop.Verify` on the bundle of the whole log, from the start of the process to its end; against `sha256sum` of the same file.</summary>
    public static async Task Verify(Bench bench)
    {
        var log = await bench.Grown();
        await using var store = await Setup.OpenStore(log.Application, log.Data, CancellationToken.None);
        await Signed(store);
        var (newest, file, key) = ((await store.NewestCheckpoint())!, Path.Combine(bench.NewFolder(), "bundle"), store.VerifierKey!.ToString());
        await using (var stream = new FileStream(file, FileMode.Create))
        {
            var writer = PipeWriter.Create(stream);
            await Bundles.Write(store, newest, Register.Markings.ReaderRights.All, openings: false, writer, async () => await writer.FlushAsync(), null, CancellationToken.None);
            await writer.CompleteAsync();
        }
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  a bundle of {newest.Checkpoint.Size:N0} events has {new FileInfo(file).Length / 1e6:N0} MB"));
        string[] verifier = [Path.Combine(AppContext.BaseDirectory, "SecurityCoop.Verify.dll"), file, "--key", key];
        _ = (await Run("sha256sum", file), await Run("dotnet", verifier)); // To warm up.
        await bench.Compare("verify", 1, "s", () => Run("sha256sum", file), () => Run("dotnet", verifier));
    }

    /// <summary>
    /// Appends with the signer at work; against the same upon a database in which the tiles are not written and nothing is signed. (Leaves and root are not optional: without them there
    /// is no append.)
    /// </summary>
    public static async Task AppendLedger(Bench bench)
    {
        _ = await Appends(bench, 16, tree: true);
        foreach (var callers in bench.Clients(1, 64))
            await bench.Compare("append-ledger", callers, "events/s", () => Appends(bench, callers, tree: false), () => Appends(bench, callers, tree: true));
    }

    private static async Task<double> Appends(Bench bench, int callers, bool tree)
    {
        var (owner, application) = await bench.Cluster.NewDatabase();
        // A rule that does nothing in the place of the insert: the host's own work for a tile is one node that it computes anyway.
        if (!tree) await Cluster.Execute(owner, "create rule without_tiles as on insert to register.ledger_tile do instead nothing");
        double rate;
        await using (var store = await MeasuredRegister.Open(application, bench.NewFolder()))
        {
            using var ending = new CancellationTokenSource();
            var signing = tree ? new CheckpointSigner(store.Store, NullLogger.Instance).Run(ending.Token) : Task.CompletedTask;
            rate = await bench.Rate(callers, _ => Task.FromResult(store.Caller()), owner);
            await ending.CancelAsync();
            await signing;
        }
        await bench.Cluster.Drop(owner);
        return rate;
    }

    public static async Task Signed(RegisterStore store)
    {
        using var ending = new CancellationTokenSource();
        var signing = new CheckpointSigner(store, NullLogger.Instance).Run(ending.Token);
        var head = (await store.Head()).Size;
        while ((await store.NewestCheckpoint())?.Checkpoint.Size is not { } signed || signed < head) await Task.Delay(50);
        await ending.CancelAsync();
        await signing;
    }

    public static async Task<double> Run(string program, params string[] arguments)
    {
        var begun = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (said, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await said}{await errors}");
        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }
}
