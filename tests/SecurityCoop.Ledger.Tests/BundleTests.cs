using System.Text;
using SecurityCoop.Ledger;

namespace SecurityCoop.Ledger.Tests;

public sealed class BundleTests
{
    private static Sound Check(byte[] bundle, VerifierKey key, byte[]? earlier = null, VerifierKey[]? witnesses = null, TimeStampReader? stamps = null)
    {
        using var check = new BundleCheck(key, earlier is null ? null : Note.Parse(earlier), witnesses, stamps);
        return check.Run(new MemoryStream(bundle));
    }

    private static HistoryFault Fault(byte[] bundle, VerifierKey key, byte[]? earlier = null) => Should.Throw<HistoryFault>(() => Check(bundle, key, earlier));

    private static TestHistory Small() => new TestHistory()
        .Event("sample-1", body: """{"name":null,"phone":null,"text":"é \u0001 \"x\""}""", values: [("/name", "person-1", Disposition.Opened), ("/phone", "person-1", Disposition.Withheld)]).Sign()
        .Event("sample-1").Event("sample-2", values: [("/name", "person-2", Disposition.Erased)])
        .Event("person-2", "person_erased").Event("secret-1", withheld: true).Sign();

    // With what others said of it: a token says what it is of and when, and nobody signed it.
    private static readonly SigningKey witness = SigningKey.Make("witness.example/w", KeyType.Cosignature);

    private static TestHistory Vouched() => Small().Cosign(witness, 1_700_000_000).Stamp(TestAuthority.Unsigned);

    private static TimeStamp ReadStamp(ReadOnlySpan<byte> token, ReadOnlySpan<byte> text) => new(DateTimeOffset.UnixEpoch, "CN=Anybody", false);

    [Fact]
    public void Cosignatures_and_time_stamps_say_how_many_events_were_there_when()
    {
        var history = Small().Cosign(witness, 1_700_000_000).Stamp(TestAuthority.Unsigned).Event("a").Sign();
        var sound = Check(history.Bundle(), history.Key.Public, null, [witness.Public], ReadStamp);
        sound.Cosigned.ShouldBe([new(witness.Public, 5, DateTimeOffset.FromUnixTimeSeconds(1_700_000_000))]);
        sound.Stamped.ShouldBe(new(5, new(DateTimeOffset.UnixEpoch, "CN=Anybody", false)));
        sound = Check(history.Cosign(witness, 1_700_000_060).Bundle(), history.Key.Public, null, [witness.Public]);
        sound.Cosigned.ShouldBe([new(witness.Public, 6, DateTimeOffset.FromUnixTimeSeconds(1_700_000_060))]);
        sound.Stamped.ShouldBeNull("nobody read it");

        var stranger = SigningKey.Make("witness.example/w", KeyType.Cosignature).Public;
        Should.Throw<HistoryFault>(() => Check(history.Bundle(), history.Key.Public, null, [stranger])).Message.ShouldContain("no checkpoint is cosigned by witness.example/w");
        var other = new TestHistory().Event("a").Sign().Stamp(_ => TestAuthority.Unsigned([.. "another text"u8]));
        Fault(other.Bundle(), other.Key.Public).Message.ShouldContain("a time stamp is not one of its checkpoint", customMessage: "whether or not anybody reads who signed it");
    }

    [Fact]
    public void What_was_said_of_a_history_that_was_left_behind_does_not_count()
    {
        var next = SigningKey.Make(TestHistory.Origin + "/2");
        var history = new TestHistory().Event("a").Sign().Event("a");
        history.Named.AddRange([history.Key, next]);
        history.SignElse(history.Key, 3, MerkleTree.EmptyRoot).Cosign(witness, 1_700_000_000).Stamp(TestAuthority.Unsigned);
        history.OriginOpened(new(next.Public.Name, next.Public.ToString(), 1, history.Key.Public.ToString())).Event("a").Sign(next);
        Should.Throw<HistoryFault>(() => Check(history.Bundle(), next.Public, null, [witness.Public])).Message.ShouldContain("no checkpoint is cosigned");
        Check(history.Bundle(), next.Public, null, null, ReadStamp).Stamped.ShouldBeNull();
    }

    [Fact]
    public void A_witness_is_no_signer_of_the_log()
    {
        var history = new TestHistory().Event("a").Sign().Cosign(witness, 1);
        history.Named.AddRange([history.Key, witness]);
        Fault(history.Bundle(), history.Key.Public).Message.ShouldContain("not for the bundle to give");
        var bad = new TestHistory().Event("a").Sign();
        bad.Cosign(witness, 1);
        var bundle = bad.Bundle();
        var line = bundle.AsSpan().IndexOf(Encoding.UTF8.GetBytes($"\u2014 {witness.Public.Name} ")) + Encoding.UTF8.GetByteCount($"\u2014 {witness.Public.Name} ");
        bundle[line + 40] = bundle[line + 40] == 'A' ? (byte)'B' : (byte)'A';
        Should.Throw<HistoryFault>(() => Check(bundle, bad.Key.Public, null, [witness.Public])).Message.ShouldContain("does not verify");
    }

    // Written by the program as it was before time stamps were part of a bundle; never edited.
    [Fact]
    public void A_bundle_of_the_form_before_is_still_read()
    {
        var bundle = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "bundles", "version-1.bundle"));
        var sound = Check(bundle, VerifierKey.Parse(TwoVerifiersTests.KeyOfVersion1));
        (sound.Size, sound.Withheld, sound.Opened, sound.Erased, sound.Checkpoints).ShouldBe((5, 1, 1, 1, 2));
        Convert.ToBase64String(sound.Root).ShouldBe("7eNB68/E8bB1HwXrXQrVwchFuyBosEaO1BO36/GGm80=");
        var stamped = Vouched().Bundle();
        stamped["securitycoop-bundle ".Length] = (byte)'1';
        Fault(stamped, Vouched().Key.Public).Message.ShouldContain("a record of type 83", customMessage: "the form before has no time stamps");
    }

    [Fact]
    public void A_sound_bundle_says_what_it_holds()
    {
        var history = Small();
        var sound = Check(history.Bundle(), history.Key.Public, history.NoteOf(0));
        (sound.Size, sound.Withheld, sound.Opened, sound.WithheldValues, sound.Erased, sound.Checkpoints, sound.Origin).ShouldBe((5, 1, 1, 1, 1, 2, TestHistory.Origin));
        sound.Root.ShouldBe(history.Root);
        sound.Newest.ShouldBe(new DateTime(2026, 1, 1, 0, 0, 3, DateTimeKind.Utc));
        var empty = new TestHistory().Sign();
        Check(empty.Bundle(), empty.Key.Public).Size.ShouldBe(0);
    }

    [Fact]
    public void A_bundle_with_any_byte_changed_is_not_sound()
    {
        var history = Vouched();
        var bundle = history.Bundle();
        for (var at = 0; at < bundle.Length; at++)
            foreach (var mask in new byte[] { 0x01, 0xff })
            {
                var changed = (byte[])bundle.Clone();
                changed[at] ^= mask;
                var thrown = Should.Throw<Exception>(() => Check(changed, history.Key.Public, null, [witness.Public], ReadStamp), $"byte {at} ^ {mask:x2}");
                (thrown is HistoryFault or NoBundle).ShouldBeTrue($"byte {at} ^ {mask:x2}: {thrown}");
            }
    }

    [Fact]
    public void A_bundle_that_was_cut_off_or_lengthened_is_not_sound()
    {
        var history = Small();
        var bundle = history.Bundle();
        for (var length = 0; length < bundle.Length; length += 7) Should.Throw<NoBundle>(() => Check(bundle[..length], history.Key.Public));
        Should.Throw<Exception>(() => Check([.. bundle, 0], history.Key.Public)).ShouldBeOfType<NoBundle>();
        Fault([.. bundle, .. bundle[^45..]], history.Key.Public).Message.ShouldContain("follows after the end");
    }

    [Fact]
    public void A_large_bundle_crosses_chunks_and_its_tiles_are_compared()
    {
        var history = new TestHistory();
        for (var i = 0; i < 66_000; i++) history.Event($"sample-{i % 1000}", body: i == 40_000 ? $"{{\"t\":\"{new string('x', 3 << 20)}\"}}" : "{}");
        history.Sign();
        var bundle = history.Bundle();
        Check(bundle, history.Key.Public).Size.ShouldBe(66_000);
        history.WithTiles = false;
        Fault(history.Bundle(), history.Key.Public).Position.ShouldBe(256);
    }

    [Fact]
    public void Another_key_is_not_enough()
    {
        var history = Small();
        Fault(history.Bundle(), SigningKey.Make(TestHistory.Origin).Public).Message.ShouldContain("nothing ties");
    }

    [Fact]
    public void A_fault_names_its_position()
    {
        TestHistory Of(Action<TestHistory> bad)
        {
            var history = new TestHistory().Event("a").Event("b");
            bad(history);
            return history.Event("a").Sign();
        }

        void At3(TestHistory history, string what)
        {
            var fault = Fault(history.Bundle(), history.Key.Public);
            (fault.Position, fault.Message).ShouldSatisfyAllConditions(f => f.Position.ShouldBe(3), f => f.Message.ShouldContain(what));
        }

        TestHistory Header(string part, string other) => Of(h => h.Event("b", header: h.NextHeader("b").Replace(part, other)));

        At3(Of(h => h.Event("a", version: 3)), "not contiguous; expected 2, found 3");
        At3(Of(h => h.Event("c", version: 2)), "not contiguous; expected 1, found 2");
        At3(Of(h => h.Event("b", version: 1)), "not contiguous; expected 2, found 1");
        At3(Of(h => h.Event("b", seconds: -10)), "recorded before");
        At3(Of(h => h.Event("b", header: """{"actor":"x"}""")), "lacks a member");
        At3(Of(h => h.Event("b", header: """{"b":1,"a":2}""")), "not canonical");
        At3(Of(h => h.Event("b", header: "[1]")), "not an object");
        At3(Of(h => h.Event("b", header: """{"actor":"x"}x""")), "not canonical");
        At3(Of(h => h.Event("b", body: """{"b":1.0}""")), "not canonical");
        At3(Header("\"version\":2", "\"version\":null"), "of the wrong kind");
        At3(Header("\"stream\":\"b\"", "\"stream\":2"), "of the wrong kind");
        At3(Header("\"recorded_at\"", "\"protected\":[[\"/name\",\"person-9\",null]],\"recorded_at\""), "of the wrong kind");
        At3(Header("\"recorded_at\"", "\"protected\":{},\"recorded_at\""), "of the wrong kind");
        At3(Header(",\"v\":1,", ",\"v\":4,"), "expected v 1, 2 or 3, found v 4");
        foreach (var instant in (string[])["2026-02-29T00:00:00.000000Z", "2026-01-01T24:00:00.000000Z", "2026-01-01T00:60:00.000000Z", "2026-01-01T00:00:60.000000Z", "2026-13-01T00:00:00.000000Z", "2026-01-00T00:00:00.000000Z",
            "0000-01-01T00:00:00.000000Z", "2026-01-01 00:00:00.000000Z", "2026-01-01T00:00:00.00000Z", "2026-01-01T00:00:00.000000z", "2026-01-01T00:00:00.00000aZ"])
            At3(Header("2026-01-01T00:00:02.000000Z", instant), "recorded_at is no instant");
        At3(Of(h => h.Event("b", values: [("/name", "person-9", Disposition.Erased)])), "no erasure of person-9");
    }

    [Fact]
    public void Withheld_events_may_be_the_missing_versions_and_no_others()
    {
        var history = new TestHistory().Event("a").Event("b", withheld: true).Event("b", version: 2).Sign();
        Check(history.Bundle(), history.Key.Public).Withheld.ShouldBe(1);
        var more = new TestHistory().Event("a").Event("b", withheld: true).Event("b", version: 3).Sign();
        Fault(more.Bundle(), more.Key.Public).Position.ShouldBe(3);
    }

    [Fact]
    public void An_erasure_before_the_value_does_not_cover_it()
    {
        var history = new TestHistory().Event("person-2", "person_erased").Event("a", values: [("/name", "person-2", Disposition.Erased)]).Sign();
        Fault(history.Bundle(), history.Key.Public).Position.ShouldBe(2);
    }

    [Fact]
    public void A_checkpoint_of_another_tree_or_a_larger_one_is_found()
    {
        var history = new TestHistory().Event("a").Event("a");
        history.SignElse(history.Key, 2, MerkleTree.EmptyRoot).Event("a").Sign();
        Fault(history.Bundle(), history.Key.Public).ShouldSatisfyAllConditions(f => f.Position.ShouldBe(2), f => f.Message.ShouldContain("tree of 2 events"));
        var short_ = new TestHistory().Event("a");
        short_.SignElse(short_.Key, 2, MerkleTree.EmptyRoot);
        Fault(short_.Bundle(), short_.Key.Public).Message.ShouldContain("end before a checkpoint; expected 2 events, found 1");
        var beyond = new TestHistory().Event("a").Sign().Event("a");
        Fault(beyond.Bundle(), beyond.Key.Public).Message.ShouldContain("no checkpoint covers");
    }

    [Fact]
    public void An_auditors_own_checkpoint_must_be_a_beginning_of_what_is_shown()
    {
        var (mine, theirs) = (new TestHistory().Event("a").Event("b").Sign(), new TestHistory());
        theirs.Event("a").Event("c").SignElse(mine.Key, 2, theirs.Root);
        theirs.Named.Add(mine.Key);
        Check(theirs.Bundle(), mine.Key.Public).Size.ShouldBe(2);
        Fault(theirs.Bundle(), mine.Key.Public, mine.NoteOf(0)).Message.ShouldContain("checkpoint that was kept");
        var less = new TestHistory().Event("a");
        less.SignElse(mine.Key, 1, less.Root).Named.Add(mine.Key);
        Fault(less.Bundle(), mine.Key.Public, mine.NoteOf(0)).Message.ShouldContain("end before the checkpoint that was kept");
    }

    [Fact]
    public void Keys_are_tied_by_rotations_that_the_old_key_signed()
    {
        var next = SigningKey.Make(TestHistory.Origin);
        TestHistory Of(bool both)
        {
            var history = new TestHistory().Event("a").Sign();
            history.Named.AddRange([history.Key, next]);
            history.Rotated(history.Key, next).Sign(both ? [history.Key, next] : [next]).Event("a").Sign(next);
            return history;
        }

        var (good, bad) = (Of(true), Of(false));
        Check(good.Bundle(), good.Key.Public).Checkpoints.ShouldBe(3);
        Check(good.Bundle(), next.Public).Checkpoints.ShouldBe(3);
        Check(bad.Bundle(), next.Public).Checkpoints.ShouldBe(3, "whoever trusts the new key trusts what it says of the old one");
        Fault(bad.Bundle(), bad.Key.Public).Message.ShouldContain("nothing ties");
    }

    [Fact]
    public void A_new_origin_is_told_and_needs_its_own_key()
    {
        var next = SigningKey.Make(TestHistory.Origin + "/2");
        var history = new TestHistory().Event("a").Sign().Event("a");
        history.Named.AddRange([history.Key, next]);
        history.SignElse(history.Key, 3, MerkleTree.EmptyRoot);
        history.OriginOpened(new(next.Public.Name, next.Public.ToString(), 1, history.Key.Public.ToString(), Encoding.UTF8.GetString(history.NoteOf(1)))).Event("a").Sign(next);
        var sound = Check(history.Bundle(), next.Public);
        sound.Origin.ShouldBe(next.Public.Name);
        sound.Breaks.ShouldHaveSingleItem().ShouldContain("at position 3");
        Fault(history.Bundle(), history.Key.Public).Message.ShouldContain("nothing ties");
        Fault(history.Bundle(), next.Public, history.NoteOf(1)).Message.ShouldContain("checkpoint that was kept");

        var below = new TestHistory().Event("a");
        below.Named.AddRange([below.Key, next]);
        below.SignElse(below.Key, 1, MerkleTree.EmptyRoot).Event("a").OriginOpened(new(next.Public.Name, next.Public.ToString(), 1, below.Key.Public.ToString())).Sign(next);
        Fault(below.Bundle(), next.Public).Position.ShouldBe(1, "below what both agree on, the old checkpoints count");
    }
}
