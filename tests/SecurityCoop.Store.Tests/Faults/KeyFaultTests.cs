using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.Store.Tests.Faults;

/// <summary>The host's own files and clock fail beneath it.</summary>
[Trait("Run", "long")]
public sealed class KeyFaultTests(TestCluster cluster) : IAsyncLifetime
{
    private readonly TestDatabase database = new(cluster);

    public ValueTask InitializeAsync() => database.InitializeAsync();

    public ValueTask DisposeAsync() => database.DisposeAsync();

    public enum Damage { Empty, Half, LastByteGone, Zeroed, TailZeroed, Another }

    private static byte[] Damaged(byte[] whole, Damage damage) => damage switch
    {
        Damage.Empty => [],
        Damage.Half => whole[..(whole.Length / 2)],
        Damage.LastByteGone => whole[..^1],
        Damage.Zeroed => new byte[whole.Length],
        Damage.Another => System.Security.Cryptography.RandomNumberGenerator.GetBytes(whole.Length),
        _ => [.. whole[..(whole.Length / 2)], .. new byte[whole.Length - whole.Length / 2]],
    };

    private Task<RegisterStore> Open() => RegisterStore.Open(database.AppConnection, Sample.Model(), database.KeyFolder);

    private static async Task Signed(RegisterStore store, Func<long, bool> enough, int milliseconds = 20_000)
    {
        using var stop = new CancellationTokenSource();
        var signing = new CheckpointSigner(store, NullLogger.Instance, new() { Every = TimeSpan.FromMilliseconds(20) }).Run(stop.Token);
        for (var clock = Stopwatch.StartNew(); clock.ElapsedMilliseconds < milliseconds; await Task.Delay(20))
            if (await store.NewestCheckpoint() is { } newest && enough(newest.Checkpoint.Size)) break;
        await stop.CancelAsync();
        await signing;
    }

    [Fact]
    public async Task A_torn_key_file_refuses_the_start_or_what_needs_it_and_is_never_made_anew()
    {
        StoredEvent described;
        await using (var store = await Open())
        {
            await store.Append(Sample.To(Sample.NewStream(), 0, new Described(new("person-whole", "Ben"))));
            var appended = await store.Append(Sample.To(Sample.NewStream(), 0, new Described(new("person-torn", "Ana"))));
            described = (await store.ReadStream(appended.Events[0].Stream).ToList()).Single();
            await Signed(store, size => size > 0);
        }
        foreach (var name in new[] { "master.key", "idempotency.key", "ledger/signing.key", "ledger/last-signed", "subjects/person-torn.key" })
            foreach (var damage in Enum.GetValues<Damage>())
            {
                if (name == "idempotency.key" && damage == Damage.Another) continue; // Nothing here tells it from the right one.
                var file = Path.Combine(database.KeyFolder, name);
                var whole = await File.ReadAllBytesAsync(file);
                var torn = Damaged(whole, damage);
                await File.WriteAllBytesAsync(file, torn);
                if (!name.StartsWith("subjects", StringComparison.Ordinal))
                    (await Should.ThrowAsync<StartRefused>(async () => await (await Open()).DisposeAsync(), $"{name} {damage}")).Message.ShouldContain("cannot be used");
                else
                {
                    await using var store = await Open();
                    (await store.Open(described, "/name")).ShouldBeNull();
                    (await store.OpenAll()).ShouldHaveSingleItem().Subject.ShouldBe("person-whole");
                    var more = store.Append(Sample.To(Sample.NewStream(), 0, new Described(new("person-torn", "Ana again"))));
                    Web.Problems.Of(await Should.ThrowAsync<SubjectKeyMissing>(more)).Slug.ShouldBe("key-missing");
                }
                (await File.ReadAllBytesAsync(file)).ShouldBe(torn, $"{name} {damage} was written");
                await File.WriteAllBytesAsync(file, whole);
            }
        await using var again = await Open();
        (await again.Open(described, "/name"))!.Value.GetString().ShouldBe("Ana");
        (await again.Contradiction()).ShouldBeNull();
    }

    [Fact]
    public async Task A_signer_whose_last_signed_is_torn_beneath_it_signs_nothing_until_it_is_whole_again()
    {
        await using var store = await Open();
        await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("a")));
        await Signed(store, size => size == 1);
        var guard = Path.Combine(database.KeyFolder, "ledger", "last-signed");
        var whole = await File.ReadAllTextAsync(guard);
        foreach (var torn in new[] { "", whole[..(whole.Length / 2)], whole[..^1] })
        {
            await File.WriteAllTextAsync(guard, torn);
            await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("b")));
            await Signed(store, size => size > 1, milliseconds: 400);
            (await store.NewestCheckpoint())!.Checkpoint.Size.ShouldBe(1);
            (await File.ReadAllTextAsync(guard)).ShouldBe(torn);
        }
        await File.WriteAllTextAsync(guard, whole);
        await Signed(store, size => size == 4);
        (await store.NewestCheckpoint())!.Checkpoint.Size.ShouldBe(4);
    }

    private static Ask NewPerson() =>
        new(Guid.CreateVersion7(), true, [new(Sample.NewStream(), 0, [Guid.CreateVersion7(), Guid.CreateVersion7()], "w", "F-ACT")]);

    private static async Task<Answer> Send(string socket, Ask ask, int seconds = 20)
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            using var to = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await to.ConnectAsync(new UnixDomainSocketEndPoint(socket));
            }
            catch (SocketException) when (clock.Elapsed.TotalSeconds < seconds)
            {
                continue; // It starts.
            }
            using var reader = new StreamReader(new NetworkStream(to));
            await to.SendAsync(Encoding.UTF8.GetBytes(Messages.Write(ask) + '\n'));
            return Messages.Read<Answer>((await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(seconds)))!);
        }
    }

    // One host for all of them, since its start is what takes time.
    [Fact]
    public async Task A_host_whose_disk_files_or_clock_fail_says_so_writes_nothing_and_goes_on_afterwards()
    {
        using var faults = new Injection();
        var folder = Directory.CreateTempSubdirectory("scs-faults").FullName;
        var socket = Path.Combine(folder, "host");
        await using var wire = new Wire(cluster.Folder);
        using var host = FaultHost.Start(wire.Connection(database), database.KeyFolder, socket, faults);
        _ = host.StandardError.ReadToEndAsync();
        try
        {
            (await Send(socket, NewPerson())).Outcome.ShouldBe(Outcome.Done);
            await CheckpointsGoOn();
            var subjects = Path.Combine(database.KeyFolder, "subjects");
            foreach (var (call, fault) in new[]
            {
                ("write", Rule.NoSpace), ("write", Rule.InputOutput), ("fsync", Rule.InputOutput), ("open", Rule.NoSpace), ("open", Rule.TooManyFiles),
            })
            {
                var (ask, files) = (NewPerson(), Directory.GetFiles(subjects));
                faults.Set(new Rule(call, fault, subjects));
                (await Send(socket, ask)).ShouldBe(new Answer(Outcome.Refused, Why: nameof(KeysUnusable)), $"{call} {fault}");
                faults.Met().ShouldBeGreaterThan(0);
                Directory.GetFiles(subjects).ShouldBe(files, ignoreOrder: true, "no part of a key is left");
                faults.Clear();
                (await Send(socket, ask)).Outcome.ShouldBe(Outcome.Done);
            }

            // What was signed last cannot be written: nothing is signed, and what is there stays whole.
            var ledger = Path.Combine(database.KeyFolder, "ledger");
            var guard = await File.ReadAllTextAsync(Path.Combine(ledger, "last-signed"));
            faults.Set(new Rule("write", Rule.NoSpace, ledger));
            (await Send(socket, NewPerson())).Outcome.ShouldBe(Outcome.Done);
            for (var waited = 0; faults.Met() == 0; waited++, await Task.Delay(25)) waited.ShouldBeLessThan(400);
            (await File.ReadAllTextAsync(Path.Combine(ledger, "last-signed"))).ShouldBe(guard);
            faults.Clear();
            await CheckpointsGoOn();
            Directory.GetFiles(ledger, "*.new").ShouldBeEmpty("no draft is left");

            // No handle for a connection to the database.
            Npgsql.NpgsqlConnection.ClearAllPools();
            await cluster.Execute(database.Name, "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'test_app'");
            faults.Set(new Rule("connect", Rule.TooManyFiles));
            (await Send(socket, NewPerson())).Outcome.ShouldNotBe(Outcome.Done);
            faults.Clear();
            (await Send(socket, NewPerson())).Outcome.ShouldBe(Outcome.Done);

            // A clock that jumps, the host's this time: no wait is counted by it, and no time in the log is its.
            foreach (var hours in new[] { 24 * 365, -24, 0 })
            {
                faults.Set(new Rule("clock", hours * 3600L));
                (await Send(socket, NewPerson())).Outcome.ShouldBe(Outcome.Done);
            }
            await UnknownIsToldInTime(faults, wire, socket);
            await CheckpointsGoOn();
        }
        finally
        {
            host.Kill();
            await host.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
        (await database.Scalar<bool>("select max(timestamp) < clock_timestamp() from register.mt_events")).ShouldBeTrue();
        await LogCheck.MustHold(database);
    }

    // The database goes during the commit, and the host's clock back an hour while it waits to find out what became of it.
    private static async Task UnknownIsToldInTime(Injection faults, Wire wire, string socket)
    {
        var ask = NewPerson();
        var gone = false;
        faults.Set(new Rule("clock", 3600));
        wire.OnWriterSends = (link, bytes) =>
        {
            if (gone || !Wire.Contains(bytes, "COMMIT\0")) return gone ? Closed(link) : link.Pass(bytes);
            gone = true;
            wire.Refuses = true;
            faults.Set();
            return Closed(link);
        };
        (await Send(socket, ask, seconds: 25)).Outcome.ShouldBe(Outcome.Unknown);
        wire.Refuses = false;
        wire.OnWriterSends = (link, bytes) => link.Pass(bytes);
        (await Send(socket, ask)).Outcome.ShouldBe(Outcome.Done);

        static Task Closed(Wire.Link link)
        {
            link.Close();
            return Task.CompletedTask;
        }
    }

    private async Task CheckpointsGoOn()
    {
        for (var waited = 0; await database.Scalar<long>("select size - coalesce((select max(size) from register.ledger_checkpoint), 0) from register.log_head") > 0; waited++)
        {
            waited.ShouldBeLessThan(400, "the log is signed again");
            await Task.Delay(25);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Hosts_started_at_once_on_an_empty_key_folder_all_serve_with_one_set_of_keys(bool keyDatabase)
    {
        const int together = 3;
        var rounds = keyDatabase ? 1 : FaultTests.Setting("SECURITYCOOP_FAULT_ROUNDS") ?? 2;
        for (var round = 0; round < rounds; round++)
        {
            await using var fresh = new TestDatabase(cluster);
            await fresh.InitializeAsync();
            var elsewhere = keyDatabase ? await fresh.UseKeyDatabase() : null;
            var folder = Directory.CreateTempSubdirectory("scs-faults").FullName;
            string Socket(int i) => Path.Combine(folder, $"host{i}");
            var hosts = Enumerable.Range(0, together)
                .Select(i => FaultHost.Start(fresh.AppConnection, fresh.KeyFolder, Socket(i), keyDatabase: elsewhere)).ToList();
            try
            {
                var answers = await Task.WhenAll(Enumerable.Range(0, together).SelectMany(i => new[] { i, i }).Select(i => Send(Socket(i), NewPerson(), seconds: 60)));
                answers.ShouldAllBe(a => a.Outcome == Outcome.Done);
                hosts.ShouldAllBe(h => !h.HasExited, "none was refused its start");
            }
            finally
            {
                foreach (var host in hosts)
                {
                    if (!host.HasExited) host.Kill();
                    await host.WaitForExitAsync();
                    host.Dispose();
                }
                Directory.Delete(folder, recursive: true);
            }
            await using var store = await fresh.Open();
            (await store.OpenAll()).Count.ShouldBe(2 * together, "each opens what the others recorded");
            Directory.GetFiles(fresh.KeyFolder, "*", SearchOption.AllDirectories).ShouldAllBe(f => !f.Contains(".new"));
            await LogCheck.MustHold(fresh);
        }
    }
}
