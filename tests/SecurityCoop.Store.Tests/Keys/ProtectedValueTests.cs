using System.Text;

namespace SecurityCoop.Store.Tests;

/// <summary>Protected values and their keys, wherever these lie.</summary>
public abstract class ProtectedValueTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    protected TestDatabase Database => database;

    public ValueTask InitializeAsync() => Prepare();

    protected virtual ValueTask Prepare() => default;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    /// <summary>Takes a key away, as a disk would; what it was is given back.</summary>
    protected abstract Task<byte[]> Lose(string subject);

    /// <summary>Puts a key back, as out of a backup.</summary>
    protected abstract Task PutBack(string subject, byte[] wrapped);

    protected abstract Task<bool> IsThere(string subject);

    private protected async Task<KeyFolder> Keys() =>
        KeyFolder.Open(database.KeyFolder, mayMake: true, database.KeyDatabase is { } elsewhere ? SubjectTable.Open(elsewhere, await database.Scalar<Guid>("select log from register.log_head"), mayMake: true) : null);

    protected const string Name = "a-name-to-protect é", Phone = "a-number-to-protect";

    protected static async Task<(string Subject, StoredEvent Event)> Describe(RegisterStore store)
    {
        var (subject, stream) = ($"person-{Guid.CreateVersion7()}", Sample.NewStream());
        await store.Append(Sample.To(stream, 0, new Described(new(subject, Name), new(subject, Phone))));
        return (subject, (await store.ReadStream(stream).ToList()).ShouldHaveSingleItem());
    }

    [Fact]
    public async Task A_protected_value_stands_nowhere_in_the_clear_and_opens_with_its_key()
    {
        var store = await database.Open();
        var (subject, e) = await Describe(store);

        Encoding.UTF8.GetString(e.BodyBytes.Span).ShouldBe("""{"name":null,"phone":null}""");
        ((Described)e.Event).Name.ShouldBeNull();
        e.Header.Protected.Select(p => (p.Pointer, p.Subject)).ShouldBe([("/name", subject), ("/phone", subject)]);
        ((Tally)(await store.Row(Sample.Kind(), e.Stream)).Value!).Last.ShouldBe("protected", "views fold what is stored");
        (await store.Open(e, "/name"))!.Value.GetString().ShouldBe(Name);
        (await store.Open(e, "/phone"))!.Value.GetString().ShouldBe(Phone);
        (await store.Open(e, "/nothing")).ShouldBeNull();
        (await store.OpenAll(e.Position - 1)).Where(o => o.Subject == subject).Select(o => (o.Position, o.Stream, o.Pointer, o.Value.GetString()))
            .ShouldBe([(e.Position, e.Stream, "/name", Name), (e.Position, e.Stream, "/phone", Phone)]);
        (await store.OpenAll(e.Position)).ShouldNotContain(o => o.Subject == subject);

        var dump = await database.Cluster.Dump(database.Name);
        dump.ShouldContain(subject);
        foreach (var clear in new[] { Name, Phone, "to-protect", Convert.ToHexStringLower(Encoding.UTF8.GetBytes("to-protect")) }) dump.ShouldNotContain(clear);
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task Salt_and_value_open_the_commitment_and_the_same_value_has_another_each_time()
    {
        var store = await database.Open();
        var ((subject, e), (_, other)) = (await Describe(store), await Describe(store));
        var ciphertext = await database.Scalar<byte[]>($"select ciphertext from register.protected_value where position = {e.Position} and pointer = '/name'");
        var keys = await Keys();
        var opened = ProtectedValues.Unseal(e.Id, "/name", ciphertext, keys.Find(subject)!);
        Encoding.UTF8.GetString(opened.AsSpan(32)).ShouldBe($"\"{Name}\"");

        static byte[] Prefixed(string text) => [.. new byte[] { 0, 0, 0, (byte)Encoding.UTF8.GetByteCount(text) }, .. Encoding.UTF8.GetBytes(text)];
        byte[] committed = [.. "pd-v1"u8, .. Prefixed(e.Id.ToString()), .. Prefixed("/name"), .. opened];
        e.Header.Protected[0].Commitment.ToArray().ShouldBe(System.Security.Cryptography.SHA256.HashData(committed));
        other.Header.Protected[0].Commitment.ToArray().ShouldNotBe(e.Header.Protected[0].Commitment.ToArray());
    }

    [Fact]
    public async Task Without_its_key_a_value_does_not_open_and_the_log_still_holds()
    {
        var store = await database.Open();
        var ((subject, e), (_, other)) = (await Describe(store), await Describe(store));
        var lost = await Lose(subject);
        (await store.Open(e, "/name")).ShouldBeNull();
        (await Should.ThrowAsync<SubjectKeyMissing>(store.Append(Sample.To(Sample.NewStream(), 0, new Described(new(subject, "a second key"), null))))).Subject.ShouldBe(subject);
        (await store.OpenAll()).ShouldNotContain(o => o.Subject == subject);
        (await store.Open(other, "/name")).ShouldNotBeNull();
        await LogCheck.MustHold(database);
        await PutBack(subject, lost);
        (await store.Open(e, "/name"))!.Value.GetString().ShouldBe(Name);
    }

    [Fact]
    public async Task A_destroyed_key_opens_nothing_anywhere_and_is_never_made_again()
    {
        var (store, another) = (await database.Open(), await database.Open());
        var ((subject, e), (_, other)) = (await Describe(store), await Describe(store));
        (await another.Open(e, "/name")).ShouldNotBeNull("another process holds the key in memory");
        (await store.CountProtected(subject, long.MaxValue)).ShouldBe(2);
        var copy = await Lose(subject);
        await PutBack(subject, copy);

        store.DestroyKey(subject).ShouldBeTrue();
        (await IsThere(subject)).ShouldBeFalse();
        foreach (var each in new[] { store, another })
        {
            (await each.Open(e, "/name")).ShouldBeNull();
            (await each.Open(other, "/name")).ShouldNotBeNull();
            (await Should.ThrowAsync<SubjectErased>(each.Append(Sample.To(Sample.NewStream(), 0, new Described(new(subject, "again"), null))))).Subject.ShouldBe(subject);
        }
        store.DestroyKey(subject).ShouldBeFalse();

        await PutBack(subject, copy); // out of a backup
        (await store.Open(e, "/name")).ShouldBeNull();
        (await (await database.Open()).OpenAll()).ShouldNotContain(o => o.Subject == subject);
        store.DestroyKey(subject).ShouldBeTrue();
        (await IsThere(subject)).ShouldBeFalse();
        (await store.CountProtected(subject, long.MaxValue)).ShouldBe(2);
        await LogCheck.MustHold(database);
    }

    [Fact]
    public async Task A_text_sealed_for_a_subject_that_moved_on_meanwhile_is_not_written()
    {
        var store = await database.Open();
        var (subject, _) = await Describe(store);
        await store.Append(Sample.To(subject, 0, new Opened("the subject's own stream", [])));
        StreamAppend Note(long seen) =>
            new(Sample.NewStream(), "sample", 0, [Sample.New(new Opened("said in confidence", [])) with { Protect = ("title", subject, seen) }]);
        await store.Append(Sample.To(subject, 1, new Noted("as an erasure would")));

        var lost = await Should.ThrowAsync<VersionConflict>(store.Append(Note(1)));
        (lost.Stream, lost.Expected, lost.Actual).ShouldBe((subject, 1, 2));
        (await store.CountProtected(subject, long.MaxValue)).ShouldBe(2);
        var last = (await store.Append(Note(2))).Last;
        (await store.CountProtected(subject, last)).ShouldBe(3);
        (await store.CountProtected(subject, last - 1)).ShouldBe(2);
        await LogCheck.MustHold(database);
    }

    // An erasure while the history is read: its event stands behind what is read, and its key is gone before its values are come to.
    [Fact]
    public async Task Who_is_erased_while_the_history_is_verified_raises_no_alarm_and_a_key_that_only_vanished_does()
    {
        await using var alone = new TestDatabase(database.Cluster);
        await alone.InitializeAsync();
        var store = await alone.Open();
        using var ending = new CancellationTokenSource();
        var signing = new CheckpointSigner(store, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, new() { Every = TimeSpan.FromMilliseconds(20) }).Run(ending.Token);
        await store.Append(new StreamAppend(Sample.NewStream(), "sample", 0, [.. Enumerable.Range(0, 250).Select(_ => Sample.New(new Noted("before")))]));
        var ((erased, _), (vanished, _)) = (await Describe(store), await Describe(store));
        while ((await store.NewestCheckpoint())?.Checkpoint.Size != 252) await Task.Delay(20);
        await ending.CancelAsync();
        await signing;

        var (begun, reread) = (false, false);
        var sound = await store.Verify(store.VerifierKey!, progress: (_, _) =>
        {
            if (begun) return;
            begun = true;
            store.Append(new StreamAppend(erased, "person", 0, [Sample.New(new PersonErased())])).GetAwaiter().GetResult();
            store.DestroyKey(erased);
        });
        (begun, sound.Size, sound.Opened, sound.Erased).ShouldBe((true, 252, 2, 2));
        (await store.Reread((_, _) =>
        {
            if (!reread) store.Append(Sample.To(Sample.NewStream(), 0, new Noted("meanwhile"))).GetAwaiter().GetResult();
            reread = true;
        })).ShouldBeNull();
        reread.ShouldBeTrue();

        store.DestroyKey(vanished);
        (await Should.ThrowAsync<SecurityCoop.Ledger.HistoryFault>(() => store.Verify(store.VerifierKey!))).Message.ShouldContain($"position 252: the value at /name is neither opened nor withheld, and no erasure of {vanished} follows");
    }

    [Fact]
    public async Task A_ciphertext_moved_to_another_place_does_not_open()
    {
        var store = await database.Open();
        var (subject, e) = await Describe(store);
        var ciphertext = await database.Scalar<byte[]>($"select ciphertext from register.protected_value where position = {e.Position} and pointer = '/name'");
        var key = (await Keys()).Find(subject)!;
        Should.Throw<System.Security.Cryptography.CryptographicException>(() => ProtectedValues.Open(e.Id, "/phone", ciphertext, key));
        Should.Throw<System.Security.Cryptography.CryptographicException>(() => ProtectedValues.Open(Guid.NewGuid(), "/name", ciphertext, key));
    }

    [Fact]
    public async Task Many_that_make_the_key_of_one_subject_at_once_agree_on_it()
    {
        var folders = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Keys()));
        var made = await Task.WhenAll(folders.Select(f => Task.Run(() => Convert.ToHexString(f.FindOrMake("person-shared")))));
        made.Distinct().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("../master")]
    [InlineData("")]
    [InlineData("a/b")]
    public async Task A_subject_never_names_a_file_elsewhere(string subject)
    {
        var keys = await Keys();
        Should.Throw<ArgumentException>(() => keys.Find(subject));
    }
}
