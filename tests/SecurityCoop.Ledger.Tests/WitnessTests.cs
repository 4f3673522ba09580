using System.Diagnostics;
using System.Text;
using SecurityCoop.Ledger;

namespace SecurityCoop.Ledger.Tests;

/// <summary>When a witness cosigns (C2SP tlog-witness) and what it signs (tlog-cosignature).</summary>
public sealed class WitnessTests
{
    const string Origin = "log.example/one";
    static readonly SigningKey log = SigningKey.Make(Origin), stranger = SigningKey.Make(Origin), witness = SigningKey.Make("witness.example/w1", KeyType.Cosignature);

    // A log of eleven leaves.
    static readonly byte[][] leaves = [.. Enumerable.Range(0, 11).Select(i => MerkleTree.Leaf([(byte)i]))];

    static byte[] Root(long from, long to) => to - from == 0 ? MerkleTree.EmptyRoot
        : to - from == 1 ? leaves[from]
        : MerkleTree.Node(Root(from, from + Half(to - from)), Root(from + Half(to - from), to));

    static long Half(long n)
    {
        var half = 1L;
        while (half * 2 < n) half *= 2;
        return half;
    }

    static Checkpoint At(long size) => new(Origin, size, Root(0, size));

    static AddCheckpoint Request(long old, long size, SigningKey? key = null) =>
        new(old, [.. Proofs.Consistency(old, size).Select(r => Root(r.From, r.To))], Note.Sign(At(size).Text, key ?? log));

    static async Task<WitnessAnswer> Answer(AddCheckpoint request, Checkpoint? latest) => (await Witness.Consider(request, [log.Public], _ => Task.FromResult(latest))).Answer;

    [Fact]
    public async Task It_cosigns_whatever_continues_what_it_cosigned_last()
    {
        for (var old = 0; old <= 11; old++)
            for (var size = old; size <= 11; size++)
                (await Answer(Request(old, size), old == 0 ? null : At(old))).ShouldBe(WitnessAnswer.Cosign, $"{old} to {size}");
    }

    [Fact]
    public async Task Each_fault_has_its_own_answer()
    {
        (await Answer(Request(0, 5, SigningKey.Make("log.example/two")) with { Note = Note.Sign(new Checkpoint("log.example/two", 5, Root(0, 5)).Text, log) }, null)).ShouldBe(WitnessAnswer.UnknownOrigin);
        (await Answer(Request(0, 5, stranger), null)).ShouldBe(WitnessAnswer.NotSigned);
        var forged = Request(0, 5).Note;
        (await Answer(new(0, [], forged with { Text = At(6).Text }), null)).ShouldBe(WitnessAnswer.NotSigned);
        (await Answer(new(6, [], Note.Sign(At(5).Text, log)), At(6))).ShouldBe(WitnessAnswer.Malformed);
        (await Answer(Request(3, 5), null)).ShouldBe(WitnessAnswer.OtherSize);
        (await Answer(Request(3, 5), At(4))).ShouldBe(WitnessAnswer.OtherSize);
        (await Answer(Request(0, 5), At(4))).ShouldBe(WitnessAnswer.OtherSize);
        (await Answer(Request(5, 5), At(5) with { Root = Root(0, 6) })).ShouldBe(WitnessAnswer.OtherRoot);
        (await Answer(Request(5, 9) with { Proof = [] }, At(5))).ShouldBe(WitnessAnswer.Inconsistent);
        (await Answer(Request(0, 5) with { Proof = [Root(0, 1)] }, null)).ShouldBe(WitnessAnswer.Inconsistent);
        (await Answer(Request(5, 9), At(5) with { Root = Root(0, 6) })).ShouldBe(WitnessAnswer.Inconsistent, "the witness's own root counts, not the sender's");
        foreach (var hash in Enumerable.Range(0, Request(5, 9).Proof.Count))
        {
            var changed = Request(5, 9);
            changed.Proof[hash][7] ^= 1;
            (await Answer(changed, At(5))).ShouldBe(WitnessAnswer.Inconsistent);
        }
    }

    [Fact]
    public void A_request_is_read_as_it_was_written_and_nothing_else_is()
    {
        var sent = Request(5, 9);
        var read = AddCheckpoint.Parse(sent.ToBytes());
        (read.Old, Convert.ToHexString(read.ToBytes())).ShouldBe((5, Convert.ToHexString(sent.ToBytes())));
        var text = Encoding.UTF8.GetString(sent.ToBytes());
        foreach (var bad in (string[])[
            "", text.Replace("old 5", "old 05"), text.Replace("old 5", "old  5"), text.Replace("old 5", "Old 5"), text.Replace("old 5", "old -5"), text.Replace("\n\nlog", "\nlog"),
            text.Replace("=\n", "\n"), text[..text.IndexOf('\u2014')], text.Replace("old 5\n", "old 5\n" + string.Concat(Enumerable.Repeat(Convert.ToBase64String(new byte[32]) + "\n", 63)))])
            Should.Throw<FormatException>(() => AddCheckpoint.Parse(Encoding.UTF8.GetBytes(bad)), bad);
    }

    [Fact]
    public void A_cosignature_is_bound_to_its_time_and_checkpoint()
    {
        var text = Encoding.UTF8.GetBytes(At(5).Text);
        var line = witness.Cosign(text, DateTimeOffset.FromUnixTimeSeconds(1_679_315_147));
        Cosignature.Time(line.Signature.Span).ShouldBe(1_679_315_147);
        witness.Public.Verify(text, line.Signature.Span).ShouldBeTrue();
        for (var at = 0; at < line.Signature.Length; at++)
        {
            var changed = line.Signature.ToArray();
            changed[at] ^= 0x40;
            witness.Public.Verify(text, changed).ShouldBeFalse($"byte {at}");
        }
        witness.Public.Verify(Encoding.UTF8.GetBytes(At(6).Text), line.Signature.Span).ShouldBeFalse();
        VerifierKey.Parse(witness.Public.ToString()).ShouldBe(witness.Public);
        SigningKey.Parse(witness.Export()).Public.ShouldBe(witness.Public);
        Should.Throw<InvalidOperationException>(() => witness.Sign(text));
        Should.Throw<InvalidOperationException>(() => log.Cosign(text, DateTimeOffset.UnixEpoch));

        Cosignature.Of(witness.Public, At(5).Text, $"{log.Sign(text)}\n{line}\n").ShouldNotBeNull().ToString().ShouldBe(line.ToString());
        Cosignature.Of(SigningKey.Make("witness.example/w2", KeyType.Cosignature).Public, At(5).Text, $"{line}\n").ShouldBeNull();
        Should.Throw<FormatException>(() => Cosignature.Of(witness.Public, At(6).Text, $"{line}\n"));
    }

    [Fact]
    public async Task OpenSSL_by_itself_verifies_the_message_that_the_specification_describes()
    {
        var folder = Directory.CreateTempSubdirectory("cosignature-");
        try
        {
            var line = witness.Cosign(Encoding.UTF8.GetBytes(At(5).Text), DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));
            string File(string name, byte[] bytes)
            {
                var path = Path.Combine(folder.FullName, name);
                System.IO.File.WriteAllBytes(path, bytes);
                return path;
            }
            // RFC 8410: SubjectPublicKeyInfo of an Ed25519 key.
            var key = File("key.der", [.. Convert.FromHexString("302a300506032b6570032100"), .. witness.Public.Key.Span]);
            var message = File("message", Encoding.UTF8.GetBytes($"cosignature/v1\ntime 1700000000\n{Origin}\n5\n{Convert.ToBase64String(Root(0, 5))}\n"));
            var signature = File("signature", line.Signature.ToArray()[8..]);
            using var openssl = Process.Start(new ProcessStartInfo("openssl", ["pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", key, "-in", message, "-sigfile", signature]) { RedirectStandardOutput = true })!;
            var said = await openssl.StandardOutput.ReadToEndAsync();
            await openssl.WaitForExitAsync();
            (openssl.ExitCode, said.Trim()).ShouldBe((0, "Signature Verified Successfully"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
