using JasperFx.Events;
using Marten;
using Npgsql;
using SecurityCoop.Store;

namespace SecurityCoop.Store.Tests;

/// <summary>Saves that fail after Marten has drawn its numbers.</summary>
public sealed class FailedSaveTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    // Fails in Marten's own statements, once its numbers are drawn, with any SQLSTATE.
    private Task FailNext(int saves, string state) => database.Execute(
        $"""
        create sequence if not exists fault_count;
        select setval('fault_count', 1, false);
        create or replace function fail() returns trigger language plpgsql as $$
        begin
            if nextval('public.fault_count') <= {saves} then raise exception 'injected' using errcode = '{state}'; end if;
            return new;
        end $$;
        grant usage on sequence fault_count to test_app;
        drop trigger if exists zz_fault on register.mt_doc_sample;
        create trigger zz_fault before insert or update on register.mt_doc_sample for each row execute function fail()
        """);

    private Task<long> Drawn() => database.Scalar<long>("select last_value from register.mt_events_sequence");

    private Task<long> Size() => database.Scalar<long>("select size from register.log_head");

    // Of all databases of the run; only this class brings some about, and its tests run one after the other.
    private int RefusedAppends() => File.ReadLines(Path.Combine(database.Cluster.Folder, "log"))
        .Count(l => l.Contains("Only the register appends", StringComparison.Ordinal));

    private Task<long> Attempts() => database.Scalar<long>("select last_value from fault_count");

    [Fact]
    public async Task A_save_that_fails_leaves_no_tombstone_and_the_next_command_gets_the_same_position()
    {
        var store = await database.Open();
        await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("before")));
        var (size, errors) = (await Size(), RefusedAppends());
        await FailNext(1, "P0001");

        await Should.ThrowAsync<Exception>(store.Append(Sample.To(Sample.NewStream(), 0, new Noted("lost"), new Noted("lost"))));

        (await Drawn()).ShouldBe(size + 2, "else no number was drawn, and this proves nothing");
        await Task.Delay(1500); // Marten writes tombstones in the background.
        (await database.Scalar<long>("select count(*) from register.mt_streams where id = 'mt_tombstone'")).ShouldBe(0);
        (await database.Scalar<long>("select count(*) from register.mt_events")).ShouldBe(size);
        RefusedAppends().ShouldBe(errors, "tombstones are left out, not refused: Marten would try again and again");
        (await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("next")))).First.ShouldBe(size + 1);
        await Task.Delay(500);
        await LogCheck.MustHold(database);
    }

    [Theory]
    [InlineData(PostgresErrorCodes.DeadlockDetected)]
    [InlineData(PostgresErrorCodes.LockNotAvailable)]
    public async Task A_passing_refusal_is_attempted_once_and_told_and_the_next_command_goes_on(string state)
    {
        var store = await database.Open();
        await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("before")));
        var (size, stream, sessions) = (await Size(), Sample.NewStream(), store.Committer.Sessions);
        await FailNext(1, state);

        var told = await Should.ThrowAsync<NotCommitted>(store.Append(Sample.To(stream, 0, new Noted("x"))));

        told.GetBaseException().ShouldBeOfType<PostgresException>().SqlState.ShouldBe(state);
        (await Attempts()).ShouldBe(1, "what is replayed is replayed without the head's lock");
        (store.Committer.Sessions.Begun - sessions.Begun).ShouldBe(1);
        (await Size()).ShouldBe(size);
        (await store.Append(Sample.To(stream, 0, new Noted("x")))).First.ShouldBe(size + 1);
        (await Attempts()).ShouldBe(2);
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task A_batch_in_which_one_command_cannot_be_folded_is_written_but_for_that_one()
    {
        var store = await database.Open();
        var (size, poisoned) = (await Size(), Sample.NewStream());
        var good = Enumerable.Range(0, 20).Select(_ => store.Append(Sample.To(Sample.NewStream(), 0, new Noted("x")))).ToArray();

        var failure = await Should.ThrowAsync<FoldFailed>(store.Append(Sample.To(poisoned, 0, new Poisoned("x"))));

        failure.Message.ShouldContain("sample_poisoned");
        await Task.WhenAll(good).WaitAsync(TimeSpan.FromSeconds(20));
        (await Size()).ShouldBe(size + 20);
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task Another_program_cannot_append_but_reads_freely()
    {
        var store = await database.Open();
        await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("x")));
        var size = await Size();
        await using var other = DocumentStore.For(o =>
        {
            o.Connection(database.AppConnection);
            o.DatabaseSchemaName = o.Events.DatabaseSchemaName = MartenConfiguration.Schema;
            o.Events.StreamIdentity = StreamIdentity.AsString;
            o.Events.MetadataConfig.EnableAll();
            o.Events.MetadataConfig.UserNameEnabled = true;
            o.Events.AppendMode = EventAppendMode.Rich;
            o.AutoCreateSchemaObjects = JasperFx.AutoCreate.None;
            o.Events.MapEventType<Noted>("sample_noted");
            o.UseSystemTextJsonForSerialization();
        });
        await using (var session = other.LightweightSession())
        {
            session.Events.Append(Sample.NewStream(), new Noted("foreign"));
            (await Should.ThrowAsync<Exception>(session.SaveChangesAsync())).GetBaseException().ShouldBeOfType<PostgresException>()
                .SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        }
        await using (var reading = other.QuerySession())
            (await reading.Events.QueryAllRawEvents().CountAsync()).ShouldBe((int)size);
        await Task.Delay(500);
        await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("y")));
        await LogCheck.MustHold(database);
    }
}
