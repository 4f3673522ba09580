using Npgsql;

namespace SecurityCoop.Store.Tests.Faults;

/// <summary>The faults that were thought of, each brought about on purpose.</summary>
public sealed class NamedFaultTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private Task<long> Count(string rows) => database.Scalar<long>($"select count(*) from {rows}");

    [Fact]
    public async Task A_stopped_host_is_ended_although_another_stopped_one_waits_before_us()
    {
        var store = await database.Open();
        await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("h")));
        // The first took the head and says nothing; the second waits for it and will not act; we wait for the second.
        await using var first = await StoppedWriter();
        await using (var take = new NpgsqlCommand("begin; update register.log_head set size = size", first)) await take.ExecuteNonQueryAsync();
        await using var second = await StoppedWriter();
        await using var wait = new NpgsqlCommand("begin; update register.log_head set size = size", second);
        var waits = wait.ExecuteNonQueryAsync();
        while (await Count("pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()") == 0) await Task.Delay(10);

        var append = store.Append(Sample.To(Sample.NewStream(), 0, new Noted("h")));

        // Then the second has the head, and it is ended in its turn.
        await append.WaitAsync(TimeSpan.FromSeconds(15));
        await waits;
        await LogCheck.MustHold(database);
    }

    private async Task<NpgsqlConnection> StoppedWriter()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.AppConnection) { ApplicationName = Database.WriterName, Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    [Fact]
    public async Task A_key_sent_to_two_hosts_is_answered_by_what_it_did_although_the_second_found_the_stream_moved()
    {
        var (here, there) = (await database.Open(), await database.Open());
        var stream = Sample.NewStream();
        await here.Append(Sample.To(stream, 0, new Noted("k")));
        var key = new IdempotencyKey("client", "/faults", stream, new byte[1]);
        Task<CommandOutcome> Send(RegisterStore store, Func<Task> meanwhile)
        {
            var command = Guid.CreateVersion7();
            return new CommandRunner(store).Run(command, key, async _ =>
            {
                await meanwhile();
                return [new StreamAppend(stream, "sample", 1, [Sample.New(new Noted("k"), command)])];
            });
        }
        CommandOutcome? first = null;

        // The second host has found the key unused; before it appends, the first, which was thought dead, does.
        var second = await Send(there, async () => first ??= await Send(here, () => Task.CompletedTask));

        second.Replayed.ShouldBeTrue();
        second.Appended!.Events.ShouldBe(first!.Appended!.Events);
        await LogCheck.MustHold(database);
    }
}
