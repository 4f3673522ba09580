using System.Diagnostics;
using System.Security.Cryptography;
using Npgsql;

namespace SecurityCoop.Store.Tests.Faults;

/// <summary>The database's disk and clock fail beneath it; what PostgreSQL makes of that is what the register has to live with.</summary>
[Trait("Run", "long")]
public sealed class DatabaseFaultTests(FaultyCluster faulty) : IClassFixture<FaultyCluster>
{
    private TestDatabase Database => faulty.Database;

    private Task<long> Count() => Database.Scalar<long>("select count(*) from register.mt_events");

    // It does not fit into the pages that are there.
    private static AppendRequest Large(Guid command) =>
        Sample.OneCommand(Sample.NewStream(), command, new Noted(Convert.ToHexString(RandomNumberGenerator.GetBytes(100_000))));

    [Fact]
    public async Task A_full_disk_refuses_commands_by_that_name_and_they_go_through_when_there_is_room_again()
    {
        await faulty.Ready();
        await using var store = await RegisterStore.Open(Database.AppConnection, Sample.Model(), Database.KeyFolder);
        var stream = Sample.NewStream();
        await store.Append(Sample.To(stream, 0, new Noted("before")));
        var (size, large) = (await Count(), Large(Guid.CreateVersion7()));

        faulty.Faults.Set(new Rule("write", Rule.NoSpace, faulty.Tables));
        var waiting = Enumerable.Range(0, 8).Select(_ => store.Append(Large(Guid.CreateVersion7()))).Append(store.Append(large)).ToArray();
        foreach (var one in waiting) Web.Problems.Of(await Should.ThrowAsync<DiskRefused>(one)).Slug.ShouldBe("disk-full");
        (await Count()).ShouldBe(size);
        (await store.ReadStream(stream).ToList()).ShouldHaveSingleItem("what is there is read");

        faulty.Faults.Clear();
        (await store.Append(large)).First.ShouldBe(size + 1);
        await LogCheck.MustHold(Database);
    }

    // PostgreSQL ends itself and all connections where its log cannot be written, recovers, and has what was committed and nothing of what was not.
    [Theory]
    [InlineData("fsync", Rule.InputOutput)]
    [InlineData("write", Rule.InputOutput)]
    [InlineData("write", Rule.NoSpace)]
    [InlineData("fsync", Rule.Kill)]
    [InlineData("write", Rule.Kill)]
    public async Task A_log_that_cannot_be_written_ends_the_database_which_recovers_and_the_command_is_done_once(string call, long fault)
    {
        await faulty.Ready();
        await faulty.Answers();
        await using var store = await RegisterStore.Open(Database.AppConnection, Sample.Model(), Database.KeyFolder);
        await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("before")));
        var (size, stream, crashes) = (await Count(), Sample.NewStream(), Crashes());

        faulty.Faults.Set(new Rule(call, fault, faulty.Wal, Times: 1));
        var done = await Sent(store, Sample.To(stream, 0, new Noted("during"), new Noted("and")));

        faulty.Faults.Met().ShouldBeGreaterThan(0, "else nothing failed");
        await faulty.Answers();
        Crashes().ShouldBeGreaterThan(crashes, "else it did not end itself");
        (done.First, done.Last, await Count()).ShouldBe((size + 1, size + 2, size + 2));
        await LogCheck.MustHold(Database);
    }

    // A database that ends before the commit is sent is away, and nothing was written: sent again, as a client would.
    private static async Task<AppendResult> Sent(RegisterStore store, StreamAppend request)
    {
        for (var clock = Stopwatch.StartNew(); ;)
            try
            {
                return await store.Append(request).WaitAsync(TimeSpan.FromSeconds(30));
            }
            catch (StoreAway) when (clock.Elapsed < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(500);
            }
    }

    private int Crashes() => faulty.Cluster.Log.Split("terminating any other active server processes").Length;

    [Fact]
    public async Task On_a_slow_disk_commands_share_the_wait_for_it()
    {
        await faulty.Ready();
        await faulty.Answers();
        await using var store = await RegisterStore.Open(Database.AppConnection, Sample.Model(), Database.KeyFolder);
        await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("before")));

        faulty.Faults.Set(new Rule("fsync", -250, faulty.Wal));
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => store.Append(Sample.To(Sample.NewStream(), 0, new Noted("slow")))));
        faulty.Faults.Clear();

        clock.Elapsed.TotalSeconds.ShouldBeInRange(0.25, 8, "one by one it would be sixteen seconds");
        await LogCheck.MustHold(Database);
    }

    [Fact]
    public async Task A_database_without_file_handles_refuses_for_a_reason_that_passes()
    {
        await faulty.Ready();
        await faulty.Answers();
        await using var store = await RegisterStore.Open(Database.AppConnection, Sample.Model(), Database.KeyFolder);
        await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("before")));
        NpgsqlConnection.ClearAllPools(); // A new process opens its files anew.
        await using var other = await RegisterStore.Open(Database.AppConnection, Sample.Model(), Database.KeyFolder);
        var size = await Count();

        faulty.Faults.Set(new Rule("open", Rule.TooManyFiles, faulty.Tables));
        var refused = await Should.ThrowAsync<Exception>(other.Append(Sample.To(Sample.NewStream(), 0, new Noted("x"))));
        faulty.Faults.Clear();

        Web.Problems.Of(refused).Slug.ShouldBeOneOf("busy", "database-away");
        (await other.Append(Sample.To(Sample.NewStream(), 0, new Noted("x")))).First.ShouldBe(size + 1);
    }

    [Fact]
    public async Task A_clock_that_jumps_back_and_forth_leaves_the_times_of_the_log_in_order_and_signing_goes_on()
    {
        await faulty.Ready();
        await faulty.Answers();
        await using var store = await RegisterStore.Open(Database.AppConnection, Sample.Model(), Database.KeyFolder);
        var last = DateTime.MinValue;
        foreach (var days in new[] { 0, 365, -1, 0 })
        {
            faulty.Faults.Set(new Rule("clock", days * 86_400L));
            var done = await store.Append(Sample.To(Sample.NewStream(), 0, new Noted($"{days} days ahead")));
            if (days == 365) done.RecordedAt.ShouldBeGreaterThan(DateTime.UtcNow.AddDays(364), "else no clock was shifted");
            done.RecordedAt.ShouldBeGreaterThan(last);
            last = done.RecordedAt;
        }
        // A signer took its lease a year ahead, and ended before it gave the lease back.
        var year = TimeSpan.FromDays(365).TotalSeconds;
        faulty.Faults.Set(new Rule("clock", (long)year));
        await store.Execute(Sql.AddSubscription, default, Store.Database.Of("jump"), Store.Database.Of(0L));
        await using (var take = store.Command(
            Sql.TakeLease, Store.Database.Of("jump"), Store.Database.Of("gone"), Store.Database.Of(TimeSpan.FromSeconds(10))))
            (await take.ExecuteScalarAsync()).ShouldNotBeNull();
        await using (var taken = await Lease.Take(store, "jump", TimeSpan.FromSeconds(10), default)) taken.ShouldBeNull();
        faulty.Faults.Clear();
        await using (var next = await Lease.Take(store, "jump", TimeSpan.FromSeconds(10), default)) next.ShouldNotBeNull("not in a year");
        await LogCheck.MustHold(Database);
    }
}
