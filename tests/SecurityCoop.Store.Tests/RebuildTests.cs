using SecurityCoop.Store;

namespace SecurityCoop.Store.Tests;

public sealed class RebuildTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private Task<string> Documents() => database.Scalar<string>(
        "select coalesce(string_agg(id || ' ' || data::text || ' ' || partners::text, e'\\n' order by id), '') "
        + "from register.mt_doc_sample");

    private Task<long> Rebuild(int version = 1) =>
        DocumentRebuild.Run(database.OwnerConnection, Sample.Model(version), stop: TestContext.Current.CancellationToken);

    // Streams of one to six events, some with a partner that changes, some with a protected value.
    private static async Task<List<string>> Write(RegisterStore store, int streams)
    {
        var names = Enumerable.Range(0, streams).Select(_ => Sample.NewStream()).ToList();
        await Task.WhenAll(names.Select(async (stream, i) =>
        {
            var opened = new Opened($"{i}", i % 3 == 0 ? [] : [$"p{i % 5}"]);
            await store.Append(Sample.To(stream, 0, opened) with { ReferencePrefix = "F-ACT" });
            for (var version = 1; version < 1 + i % 6; version++)
                await store.Append(Sample.To(stream, version, new Noted($"w{version} {i}", version)));
        }));
        return names;
    }

    [Fact]
    public async Task A_rebuild_makes_every_document_as_it_was_and_mends_what_was_damaged()
    {
        var store = await database.Open();
        var names = await Write(store, 60);
        var before = await Documents();
        await database.Execute($"""
            delete from register.mt_doc_sample where id = '{names[3]}';
            update register.mt_doc_sample set data = jsonb_set(data, array['record', 'weight'], '7777') where id = '{names[4]}';
            insert into register.mt_doc_sample (id, data) values ('sample-stray', jsonb_build_object('id', 'sample-stray'))
            """);
        (await Documents()).ShouldNotBe(before);

        (await Rebuild()).ShouldBe(await database.Scalar<long>("select size from register.log_head"));

        (await Documents()).ShouldBe(before);
        await LogCheck.MustHold(database);
        await store.Append(Sample.To(names[4], 1 + 4 % 6, new Noted("after")));
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task A_command_that_comes_during_a_rebuild_waits_for_it_and_is_in_its_document_once()
    {
        var store = await database.Open();
        var names = await Write(store, 30);
        await database.Execute("""
            create or replace function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(0.1); return new; end $$;
            create trigger slow before insert on register.mt_doc_sample for each row execute function slow()
            """);
        var rebuild = Rebuild();
        const string atWork = "select count(*) from pg_stat_activity "
            + "where application_name = 'SecurityCoop rebuild' and wait_event = 'PgSleep'";
        while (await database.Scalar<long>(atWork) == 0)
        {
            rebuild.IsCompleted.ShouldBeFalse("else it was over before anything came in between");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        var append = store.Append(Sample.To(names[0], 1, new Noted("meanwhile")));
        // Longer than a silent writer would be left with the head.
        await Task.Delay(TimeSpan.FromSeconds(2.5), TestContext.Current.CancellationToken);
        append.IsCompleted.ShouldBe(rebuild.IsCompleted);

        await rebuild;
        await append;
        await database.Execute("drop trigger slow on register.mt_doc_sample");
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task A_host_with_other_folds_appends_nothing_until_the_documents_are_rebuilt_and_then_the_old_one_does_not()
    {
        var older = await database.Open();
        await older.Append(Sample.To(Sample.NewStream(), 0, new Noted("x")));
        await using var newer = await RegisterStore.Open(database.AppConnection, Sample.Model(version: 2), database.KeyFolder);

        (await Should.ThrowAsync<DocumentsOutdated>(newer.Append(Sample.To(Sample.NewStream(), 0, new Noted("y")))))
            .Message.ShouldContain("sample/1");
        await Rebuild(version: 2);

        await newer.Append(Sample.To(Sample.NewStream(), 0, new Noted("y")));
        await Should.ThrowAsync<DocumentsOutdated>(older.Append(Sample.To(Sample.NewStream(), 0, new Noted("z"))));
        await Rebuild();
        await LogCheck.MustHold(database);
    }
}
