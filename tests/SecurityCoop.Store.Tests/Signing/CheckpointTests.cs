using Microsoft.Extensions.Logging.Abstractions;
using SecurityCoop.Ledger;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.Store.Tests;

/// <summary>A log of each test's own: what breaks one must not break another.</summary>
public sealed class CheckpointTests(TestCluster cluster) : IAsyncLifetime
{
    private readonly TestDatabase database = new(cluster);

    public ValueTask InitializeAsync() => database.InitializeAsync();

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private static readonly EventTypes Types =
        new([.. Sample.Types.All, .. LedgerEvents.All.Select(t => new EventType(t.Name, t.Schema, t.Json.Type, t.Json.Options))]);

    private Task<RegisterStore> Open(KeyType? type = null) => RegisterStore.Open(database.AppConnection, new RegisterModel(Types, [Sample.Kind()]), database.KeyFolder, new() { SigningKeyType = type });

    private static async Task Append(RegisterStore store, int events)
    {
        for (var i = 0; i < events; i++) await store.Append(Sample.To(Sample.NewStream(), 0, new Noted($"n {i}")));
    }

    /// <summary>A signer that works while the test does.</summary>
    private sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource ending = new();
        private readonly Task running;

        public Running(RegisterStore store) => running = new CheckpointSigner(store, NullLogger.Instance, new() { Every = TimeSpan.FromMilliseconds(20) }).Run(ending.Token);

        public async ValueTask DisposeAsync()
        {
            await ending.CancelAsync();
            await running;
            ending.Dispose();
        }
    }

    private static async Task<SignedCheckpoint> Signed(RegisterStore store, long size)
    {
        for (var until = DateTime.UtcNow.AddSeconds(30); ; await Task.Delay(20))
        {
            if (await store.NewestCheckpoint() is { } newest && newest.Checkpoint.Size >= size) return newest;
            if (DateTime.UtcNow > until) throw new TimeoutException($"Nothing of {size} events was signed: {store.Broken ?? "no fault was seen"}");
        }
    }

    private static async Task<string> Broken(RegisterStore store)
    {
        for (var until = DateTime.UtcNow.AddSeconds(30); ; await Task.Delay(20))
        {
            if (store.Broken is { } why) return why;
            if (DateTime.UtcNow > until) throw new TimeoutException("No fault was seen.");
        }
    }

    private Task Tamper(string statements) => cluster.Execute(database.Name, $"set session_replication_role = replica; alter table register.ledger_entry disable trigger all; alter table register.mt_events disable trigger all; alter table register.ledger_tile disable trigger all; {statements}");

    [Theory]
    [InlineData(KeyType.Ed25519)]
    [InlineData(KeyType.Ecdsa)]
    public async Task What_is_appended_is_signed_and_every_checkpoint_continues_the_one_before(KeyType type)
    {
        await using var store = await Open(type);
        await using var signer = new Running(store);
        var before = await Signed(store, 0);
        for (var i = 0; i < 3; i++)
        {
            await Append(store, 3);
            var head = await store.Head();
            var next = await Signed(store, head.Size);
            next.Checkpoint.ShouldBe(new Checkpoint($"securitycoop/{store.Log}", head.Size, next.Checkpoint.Root, next.Checkpoint.Extensions));
            next.Checkpoint.Root.ShouldBe(head.Root);
            var note = Note.Parse(next.Note);
            note.SignedBy([store.VerifierKey!]).ShouldBe([store.VerifierKey!]);
            store.VerifierKey!.Type.ShouldBe(type);
            Checkpoint.Parse(note.Text).SameTree(next.Checkpoint).ShouldBeTrue();
            var proof = await store.ConsistencyProof(before.Checkpoint.Size, next.Checkpoint.Size);
            Proofs.IsConsistent(before.Checkpoint.Size, before.Checkpoint.Root, next.Checkpoint.Size, next.Checkpoint.Root, proof).ShouldBeTrue();
            before = next;
        }
    }

    [Fact]
    public async Task The_keys_are_for_the_hosts_user_alone_and_the_public_one_is_written_beside()
    {
        await using var store = await Open();
        await using (new Running(store)) await Signed(store, 0);
        var folder = Path.Combine(database.KeyFolder, "ledger");
        foreach (var file in new[] { "signing.key", "last-signed" })
            File.GetUnixFileMode(Path.Combine(folder, file)).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        VerifierKey.Parse((await File.ReadAllTextAsync(Path.Combine(folder, "ledger.vkey"))).TrimEnd()).ShouldBe(store.VerifierKey);
        (await cluster.Dump(database.Name)).ShouldNotContain("PRIVATE+KEY");
    }

    [Fact]
    public async Task Of_two_signers_one_signs_and_the_other_goes_on_when_it_ends()
    {
        await using var one = await Open();
        await using var two = await Open();
        await Append(one, 2);
        var first = new Running(one);
        await Signed(one, 2);
        await using var second = new Running(two);
        await first.DisposeAsync();
        await Append(two, 2);
        await Signed(two, 4);
        (await database.Scalar<long>("select count(distinct fence) from register.subscription where consumer = 'ledger-signer' and fence >= 2")).ShouldBe(1);
    }

    [Fact]
    public async Task A_restored_older_database_makes_the_register_read_only_until_a_new_origin_is_opened()
    {
        string old;
        await using (var store = await Open())
        await using (new Running(store))
        {
            await Append(store, 300);
            await Signed(store, 300);
        }
        await cluster.Execute("postgres", $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{database.Name}'");
        old = await cluster.NewDatabase($"template {database.Name}");
        await using (var store = await Open())
        await using (new Running(store))
        {
            await Append(store, 5);
            await Signed(store, 305);
        }
        await using var restored = await RegisterStore.Open(cluster.ConnectionString(old, TestCluster.Application), new RegisterModel(Types, [Sample.Kind()]), database.KeyFolder);
        await using var signer = new Running(restored);
        (await Broken(restored)).ShouldContain("305 events was signed, and the database holds 300");
        await Should.ThrowAsync<HistoryBroken>(() => Append(restored, 1));
        (await restored.Head()).Size.ShouldBe(300);

        var opened = await restored.OpenOrigin("operator-1", "the disk was lost");
        await Append(restored, 2);
        var newest = await Signed(restored, 303);
        newest.Checkpoint.Origin.ShouldBe($"securitycoop/{restored.Log}/2");
        Note.Parse(newest.Note).SignedBy([VerifierKey.Parse(opened.Key)]).Count.ShouldBe(1);
        var first = (await restored.ReadStream(LedgerEvents.StreamOf(restored.Log)).ToList()).ShouldHaveSingleItem();
        first.Position.ShouldBe(301);
        (first.Header.Actor, first.Header.Reason).ShouldBe(("operator-1", "the disk was lost"));
        var body = (LedgerOriginOpened)first.Event;
        body.AgreesTo.ShouldBe(300);
        var cited = Note.Parse(System.Text.Encoding.UTF8.GetBytes(body.Previous!));
        cited.SignedBy([VerifierKey.Parse(body.PreviousKey!)]).Count.ShouldBe(1);
        Checkpoint.Parse(cited.Text).Size.ShouldBe(305);
        await Should.ThrowAsync<StartRefused>(() => restored.OpenOrigin("operator-1", "again"));
    }

    [Theory]
    [InlineData("delete from register.ledger_entry where position > 10; delete from register.mt_events where seq_id > 10", "gap")]
    [InlineData("update register.ledger_entry set leaf = sha256(leaf) where position = 290", "not those that were signed")]
    [InlineData("update register.log_head set root = sha256(root)", "not that of its leaves")]
    [InlineData("update register.ledger_tile set root = sha256(root)", "not those that were signed")]
    public async Task Tampering_past_the_triggers_is_seen_at_the_start(string statements, string why)
    {
        await using (var store = await Open())
        await using (new Running(store))
        {
            await Append(store, 300);
            await Signed(store, 300);
        }
        await Tamper(statements);
        await using var again = await Open();
        await using var signer = new Running(again);
        (await Broken(again)).ShouldContain(why);
    }

    [Fact]
    public async Task A_missing_guard_or_key_is_not_taken_for_a_new_log()
    {
        await using (var store = await Open())
        await using (new Running(store)) await Signed(store, 0);
        var folder = Path.Combine(database.KeyFolder, "ledger");
        File.Delete(Path.Combine(folder, "last-signed"));
        await using (var store = await Open()) (await store.Contradiction()).ShouldNotBeNull().ShouldContain("which was the last");
        File.Delete(Path.Combine(folder, "signing.key"));
        await using (var store = await Open())
        {
            (await store.Contradiction()).ShouldNotBeNull().ShouldContain("key that signs checkpoints is missing");
            (await store.OpenOrigin("operator-1", "the key was lost")).Origin.ShouldEndWith("/2");
            (await store.Contradiction()).ShouldBeNull();
            // The public key was published: with it the checkpoints of before can still be verified.
            await using (new Running(store)) await Signed(store, 1);
            (await store.Verify(store.VerifierKey!)).Breaks.ShouldHaveSingleItem();
        }
    }

    [Fact]
    public async Task The_first_checkpoint_over_a_rotation_is_signed_by_both_keys_and_the_next_by_the_new_one()
    {
        await using var store = await Open();
        await using var signer = new Running(store);
        await Append(store, 1);
        await Signed(store, 1);
        var from = store.VerifierKey!;
        var rotated = await store.RotateKey("operator-1", "yearly");
        rotated.From.ShouldBe(from.ToString());
        var to = VerifierKey.Parse(rotated.To);
        (to.Name, to.Id != from.Id).ShouldBe((from.Name, true));
        var both = await Signed(store, 2);
        Note.Parse(both.Note).SignedBy([from, to]).ShouldBe([from, to]);
        await Append(store, 1);
        Note.Parse((await Signed(store, 3)).Note).SignedBy([from, to]).ShouldBe([to]);
        store.VerifierKey.ShouldBe(to);
        store.NextVerifierKey.ShouldBeNull();
    }

    // Somebody who can write to the database, but does not have the key: their events and checkpoints are in it, and what they say of keys
    // counts for nothing.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_forged_rotation_in_the_database_makes_no_key_trusted(bool toTheKey)
    {
        await using var store = await Open();
        await using (var signer = new Running(store))
        {
            await Append(store, 2);
            await Signed(store, 2);
        }
        var (own, forger) = (store.VerifierKey!, SigningKey.Make(store.VerifierKey!.Name));
        var rotated = toTheKey ? new LedgerKeyRotated($"{forger.Public}", $"{own}") : new LedgerKeyRotated($"{own}", $"{forger.Public}");
        await store.Append(new StreamAppend(LedgerEvents.StreamOf(store.Log), "ledger", 0, [Sample.New(rotated)]));
        (await store.Verify(own)).Size.ShouldBe(2);
        var head = await store.Head();
        var checkpoint = new Checkpoint(own.Name, head.Size, head.Root);
        var note = Convert.ToHexStringLower(Note.Sign(checkpoint.Text, forger).ToBytes());
        await cluster.Execute(database.Name, $"""
            alter table register.ledger_checkpoint disable trigger all; {(toTheKey ? "delete from register.ledger_checkpoint;" : "")}
            insert into register.ledger_checkpoint (origin, size, root, note, signed_at)
            values ('{own.Name}', {head.Size}, '\x{Convert.ToHexStringLower(head.Root)}', '\x{note}', now())
            """);
        (await Should.ThrowAsync<HistoryFault>(store.Verify(own))).Message.ShouldContain("the checkpoint of 3 events");
        (await Should.ThrowAsync<HistoryFault>(store.Verify(own))).Message.ShouldContain("nothing ties to the one given");
    }
}
