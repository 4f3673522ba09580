using System.Diagnostics;
using Npgsql;

namespace SecurityCoop.Store.Tests;

public sealed class LostAnswerTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string EndWriters = "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'SecurityCoop writer' and datname = current_database()";

    [Fact]
    public async Task Connections_ended_during_commits_leave_every_append_written_once_and_answered()
    {
        var store = await database.Open();
        using var done = new CancellationTokenSource();
        var answered = 0;
        var killer = Task.Run(async () =>
        {
            // Most of the time the next connections are ended only after somebody was answered: on a machine that is slow at the moment, ended by the
            // clock alone, no commit would ever be whole.
            var (ended, seen) = (0L, -1);
            for (; !done.IsCancellationRequested; await Task.Delay(Random.Shared.Next(1, 15)))
            {
                var now = Volatile.Read(ref answered);
                if (now == seen && Random.Shared.Next(8) > 0) continue;
                ended += await database.Scalar<long>(EndWriters);
                seen = now;
            }
            return ended;
        });
        var callers = Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
        {
            var (stream, mine) = (Sample.NewStream(), new List<AppendResult>());
            while (mine.Count < 40)
            {
                try
                {
                    mine.Add(await store.Append(Sample.To(stream, mine.Count, new Noted("k", 1))));
                    Interlocked.Increment(ref answered);
                }
                catch (StoreAway)
                {
                    // Ended again and again before anything was sent: the caller tries anew.
                }
            }
            ((Tally)(await store.Row(Sample.Kind(), stream)).Value!).Weight.ShouldBe(40);
            return mine;
        }));
        await Task.WhenAny(callers); // Whatever came of it, the next test's connections are left alone.
        await done.CancelAsync();
        var results = await callers;
        (await killer).ShouldBeGreaterThan(10, "else nothing was tried");
        foreach (var e in results.SelectMany(r => r).SelectMany(r => r.Events))
            (await database.Scalar<Guid>($"select id from register.mt_events where seq_id = {e.Position}")).ShouldBe(e.Id);
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task A_writer_that_holds_the_head_and_says_nothing_is_ended()
    {
        var store = await database.Open();
        await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("h")));
        // As a host stopped halfway through sending leaves it: the head taken, the client silent.
        await using var holder = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.AppConnection) { ApplicationName = "SecurityCoop writer", Pooling = false }.ConnectionString);
        await holder.OpenAsync();
        await using (var begin = new NpgsqlCommand("begin; update register.log_head set size = size", holder)) await begin.ExecuteNonQueryAsync();

        var clock = Stopwatch.StartNew();
        await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("h")));

        clock.Elapsed.TotalSeconds.ShouldBeInRange(1, 8);
        await using var after = new NpgsqlCommand("select 1", holder);
        await Should.ThrowAsync<NpgsqlException>(after.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_head_held_by_something_else_is_waited_for()
    {
        var store = await database.Open();
        await using var holder = new NpgsqlConnection(database.AppConnection);
        await holder.OpenAsync();
        var transaction = await holder.BeginTransactionAsync();
        await using (var take = new NpgsqlCommand("update register.log_head set size = size", holder, transaction)) await take.ExecuteNonQueryAsync();
        var append = store.Append(Sample.To(Sample.NewStream(), 0, new Noted("h")));
        await Task.Delay(6500);
        append.IsCompleted.ShouldBeFalse();
        await transaction.CommitAsync();
        await append;
        await LogCheck.MustHold(database);
    }
}
