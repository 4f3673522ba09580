#if MARTEN
using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Projections;
using Marten.Exceptions;
using Weasel.Core;

namespace SecurityCoop.EventStore.Tests;

public sealed record VisitBegun(string To, int Guests);

public sealed record VisitEnded(string How);

/// <summary>What a program of somebody else's makes of its own events, and of the register's.</summary>
public sealed partial record Visit(string Id, string To, int Guests, string? How)
{
    public static Visit Create(VisitBegun e) => new("", e.To, e.Guests, null);

    public Visit Apply(VisitEnded e) => this with { How = e.How };
}

public sealed partial record NotesOfRegister(string Id, int Weight)
{
    public static NotesOfRegister Create(Opened e) => new("", 0);

    public NotesOfRegister Apply(Noted e) => this with { Weight = Weight + e.Weight };
}

/// <summary>A projection that Marten's daemon runs: it notes what it is given, and keeps nothing in the database.</summary>
public sealed class Seen : IProjection
{
    public List<long> Positions { get; } = [];

    public Task ApplyAsync(IDocumentOperations operations, IReadOnlyList<IEvent> events, CancellationToken cancellation)
    {
        lock (Positions) Positions.AddRange(events.Select(e => e.Sequence));
        return Task.CompletedTask;
    }
}

/// <summary>A plain Marten program, as docs/marten.md has it, upon a register that runs.</summary>
public sealed class MartenProgramTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private DocumentStore Program(Action<StoreOptions>? more = null) => DocumentStore.For(o =>
    {
        o.Connection(database.AppConnection);
        o.AutoCreateSchemaObjects = AutoCreate.None;
        o.Events.DatabaseSchemaName = "register";
        o.Events.StreamIdentity = StreamIdentity.AsString;
        o.Events.MetadataConfig.EnableAll();
        o.Events.MetadataConfig.UserNameEnabled = true;
        o.UseSystemTextJsonForSerialization(casing: Casing.CamelCase);
        o.Events.MapEventType<VisitBegun>("visit_begun");
        o.Events.MapEventType<VisitEnded>("visit_ended");
        o.Events.MapEventType<Opened>("sample_opened");
        o.Events.MapEventType<Noted>("sample_noted");
        more?.Invoke(o);
    });

    private static async Task Sealed(EventStore store)
    {
        for (var until = DateTime.UtcNow.AddSeconds(15); (await store.Head()).Unsealed > 0; await Task.Delay(20)) DateTime.UtcNow.ShouldBeLessThan(until);
    }

    [Fact]
    public async Task It_reads_the_registers_streams_folds_them_and_appends_and_the_register_follows()
    {
        var store = await database.Open();
        var stream = Sample.NewStream();
        await store.Append(Sample.To(stream, 0, new Opened("t", ["MP"]), new Noted("ours", 3)));
        await using var marten = Program();
        await using var session = marten.LightweightSession();
        session.LastModifiedBy = "carol";
        session.CorrelationId = "talk-1";
        session.SetHeader("marking", "open");

        var read = await session.Events.FetchStreamAsync(stream);
        read.Select(e => (e.Sequence, e.Version, e.Data.GetType(), e.UserName)).ShouldBe([((await store.Head()).Size - 1, 1L, typeof(Opened), "person-1"), ((await store.Head()).Size, 2L, typeof(Noted), "person-1")]);
        var writing = await session.Events.FetchForWriting<NotesOfRegister>(stream);
        writing.Aggregate!.Weight.ShouldBe(3);
        writing.AppendMany(new Noted("theirs", 4), new Noted("theirs", 5));
        await session.SaveChangesAsync();

        await Sealed(store);
        var row = await store.Row(store.View("tally"), stream);
        (row.Version, ((Tally)row.Value!).Weight, ((Tally)row.Value).Last).ShouldBe((4, 12, "theirs"));
        var last = (await store.ReadStream(stream).ToList())[^1];
        (last.Header.Actor, last.Header.Correlation, last.Header.Marking, last.Header.Form).ShouldBe(("carol", "talk-1", "open", 2));
        await store.Append(Sample.To(stream, 4, new Noted("ours again", 1)));
        (await session.Events.AggregateStreamAsync<NotesOfRegister>(stream))!.Weight.ShouldBe(13);
        await LogCheck.MustHold(database);
    }

    [Theory]
    [InlineData(EventAppendMode.QuickWithServerTimestamps)]
    [InlineData(EventAppendMode.Rich)]
    public async Task Streams_of_its_own_stand_in_the_same_log(EventAppendMode mode)
    {
        var store = await database.Open();
        await using var marten = Program(o => o.Events.AppendMode = mode);
        var (visit, before) = ($"visit-{Guid.CreateVersion7()}", (await store.Head()).Size);
        async Task Save(Action<IDocumentSession> change)
        {
            await using var session = marten.LightweightSession();
            change(session);
            await session.SaveChangesAsync();
        }

        await Save(s => s.Events.StartStream(visit, new VisitBegun("BE", 2)));
        await Save(s => s.Events.Append(visit, 2, new VisitEnded("well")));
        await Should.ThrowAsync<EventStreamUnexpectedMaxEventIdException>(Save(s => s.Events.Append(visit, 2, new VisitEnded("late"))));
        await Should.ThrowAsync<ExistingStreamIdCollisionException>(Save(s => s.Events.StartStream(visit, new VisitBegun("DK", 1))));
        await Should.ThrowAsync<MartenCommandException>(Save(s => s.Events.ArchiveStream(visit)));

        await Sealed(store);
        await using var query = marten.QuerySession();
        (await query.Events.FetchStreamAsync(visit)).Select(e => (e.Sequence, e.Version)).ShouldBe([(before + 1, 1L), (before + 2, 2L)]);
        (await query.Events.AggregateStreamAsync<Visit>(visit))!.ShouldBe(new Visit(visit, "BE", 2, "well"));
        (await store.ReadStream(visit).ToList()).Select(e => (e.Position, e.Type, e.Header.Folded)).ShouldBe([(before + 1, "visit_begun", false), (before + 2, "visit_ended", false)]);
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task Its_daemon_brings_every_event_once_in_order_and_goes_on_where_it_was()
    {
        var store = await database.Open();
        var seen = new Seen();
        await using var marten = Program(o => o.Projections.Add(seen, ProjectionLifecycle.Async, "seen"));
        async Task Follow(long through)
        {
            using var daemon = await marten.BuildProjectionDaemonAsync();
            await daemon.StartAllAsync();
            await Task.WhenAll(Enumerable.Range(0, 4).Select(n => Task.Run(async () =>
            {
                for (var i = 0; i < 15; i++)
                {
                    if (n > 0)
                    {
                        await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("own"), new Noted("own")));
                        continue;
                    }
                    await using var session = marten.LightweightSession();
                    session.Events.StartStream($"visit-{Guid.CreateVersion7()}", new VisitBegun("BE", i), new VisitEnded("x"));
                    await session.SaveChangesAsync();
                }
            })));
            for (var until = DateTime.UtcNow.AddSeconds(60); seen.Positions.Count < through; await Task.Delay(50)) DateTime.UtcNow.ShouldBeLessThan(until, "it follows");
            await daemon.StopAllAsync();
        }

        var before = (await store.Head()).Size;
        await Follow(before + 120);
        await Follow(before + 240);
        await Sealed(store);
        seen.Positions.ShouldBe(Enumerable.Range(1, (int)(await store.Head()).Size).Select(p => (long)p));
        (await database.Scalar<long>("select last_seq_id from register.mt_event_progression where name = 'seen:All'")).ShouldBe(before + 240);
        (await database.Scalar<long>("select count(*) from register.mt_high_water_skips")).ShouldBe(0);
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task Many_of_its_sessions_beside_the_registers_own_appends_lose_nothing()
    {
        var store = await database.Open();
        var (before, shared) = ((await store.Head()).Size, Sample.NewStream());
        await store.Append(Sample.To(shared, 0, new Opened("s", [])));
        await using var marten = Program();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(n => Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
            {
                if (n >= 4)
                {
                    await store.Append(Sample.To(Sample.NewStream(), 0, new Noted("own")));
                    continue;
                }
                await using var session = marten.LightweightSession();
                if (i % 2 == 0) session.Events.StartStream($"visit-{Guid.CreateVersion7()}", new VisitBegun("BE", i), new VisitEnded("x"));
                else session.Events.Append(shared, new Noted("s", 1));
                await session.SaveChangesAsync();
            }
        })));
        await Sealed(store);
        ((await store.Head()).Size - before).ShouldBe(1 + 2 * 20 + 4 * (10 * 2 + 10));
        ((Tally)(await store.Row(store.View("tally"), shared)).Value!).Weight.ShouldBe(40);
        await LogCheck.MustHold(database);
    }
}

/// <summary>Which engine a host runs on can be seen by nobody: neither afterwards nor by another host at the same time.</summary>
public sealed class InterchangeTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private Task<EventStore> On(bool onMarten)
    {
        var engine = onMarten ? Marten.MartenEngine.Open(database.AppConnection, Sample.Types) : null;
        return EventStore.Open(database.AppConnection, Sample.Types, Sample.NewViews(), database.KeyFolder, new() { Engine = engine });
    }

    [Fact]
    public async Task A_register_goes_on_with_the_other_engine_and_back_again()
    {
        var (stream, command) = (Sample.NewStream(), Guid.CreateVersion7());
        var key = new IdempotencyKey("client", "/notes", "k-1", new byte[] { 1 });
        AppendRequest Request() => new(command, [Sample.To(stream, 1, new Noted("once", 1)) with { }], key);
        AppendResult first;
        await using (var store = await On(onMarten: false))
        {
            await store.Append(Sample.To(stream, 0, new Opened("i", ["IC"])) with { ReferencePrefix = "IC-SAM" });
            first = await store.Append(Request());
        }
        await using (var store = await On(onMarten: true))
        {
            (await Should.ThrowAsync<AlreadyDone>(store.Append(Request()))).Answer.Appended!.First.ShouldBe(first.First);
            await store.Append(Sample.To(stream, 2, new Noted("on the other", 2), new Described(new("person-7", "a name"), null)));
            var second = await store.Append(Sample.To(Sample.NewStream(), 0, new Opened("j", ["IC"])) with { ReferencePrefix = "IC-SAM" });
            second.Events[0].Reference.ShouldBe("IC-SAM-0002");
            (await Should.ThrowAsync<VersionConflict>(store.Append(Sample.To(stream, 1, new Noted("late"))))).Actual.ShouldBe(4);
        }
        await using (var store = await On(onMarten: false))
        {
            await store.Append(Sample.To(stream, 4, new Noted("back", 4)));
            var row = await store.Row(store.View("tally"), stream);
            (row.Version, ((Tally)row.Value!).Weight).ShouldBe((5, 7));
            (await store.ReadStream(stream).ToList()).ShouldAllBe(e => e.Header.Form == 1);
            var described = (await store.ReadStream(stream).ToList())[3];
            (await store.Open(described, "/name"))!.Value.GetString().ShouldBe("a name");
        }
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task Two_hosts_on_two_engines_share_one_log()
    {
        await using var ours = await On(onMarten: false);
        await using var theirs = await On(onMarten: true);
        var shared = Sample.NewStream();
        await Task.WhenAll(new[] { ours, theirs }.SelectMany(store => Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var runner = new CommandRunner(store);
            for (var i = 0; i < 15; i++)
                await runner.Run(Guid.CreateVersion7(), null, async stop => [Sample.To(shared, (await store.Row(store.View("tally"), shared, stop)).Version, new Noted("w", 1))]);
        }))));
        foreach (var store in new[] { ours, theirs }) ((Tally)(await store.Row(store.View("tally"), shared)).Value!).Weight.ShouldBe(120);
        await LogCheck.MustHold(database);
    }
}
#endif
