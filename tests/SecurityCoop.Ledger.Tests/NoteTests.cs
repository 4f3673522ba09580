using System.Text;
using SecurityCoop.Ledger;

namespace SecurityCoop.Ledger.Tests;

public sealed class NoteTests
{
    // RFC 8032, section 7.1: secret key, public key, message, signature.
    public static TheoryData<string, string, string, string> Rfc8032() => new()
    {
        {
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        },
        {
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        },
        {
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        },
    };

    [Theory, MemberData(nameof(Rfc8032))]
    public void Ed25519_gives_the_known_answers(string secret, string publicKey, string message, string signature)
    {
        var (seed, text) = (Convert.FromHexString(secret), Convert.FromHexString(message));
        Convert.ToHexStringLower(Ed25519.PublicKey(seed)).ShouldBe(publicKey);
        Convert.ToHexStringLower(Ed25519.Sign(seed, text)).ShouldBe(signature);
        Ed25519.Verify(Convert.FromHexString(publicKey), text, Convert.FromHexString(signature)).ShouldBeTrue();
        Ed25519.Verify(Convert.FromHexString(publicKey), [.. text, 0], Convert.FromHexString(signature)).ShouldBeFalse();
        for (var at = 0; at < 64; at++)
        {
            var changed = Convert.FromHexString(signature);
            changed[at] ^= 0x80;
            Ed25519.Verify(Convert.FromHexString(publicKey), text, changed).ShouldBeFalse();
        }
    }

    // The example of Go's package golang.org/x/mod/sumdb/note.
    private const string PeterNeumann = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    private const string Proverb =
        "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
        + "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    [Fact]
    public void A_note_of_another_implementation_is_read_verified_and_written_again()
    {
        var (key, note) = (VerifierKey.Parse(PeterNeumann), Parse(Proverb));
        key.ToString().ShouldBe(PeterNeumann);
        note.SignedBy([key]).ShouldBe([key]);
        Encoding.UTF8.GetString(note.ToBytes()).ShouldBe(Proverb);
    }

    [Fact]
    public void Every_byte_of_a_signed_note_counts()
    {
        var (key, bytes) = (VerifierKey.Parse(PeterNeumann), Encoding.UTF8.GetBytes(Proverb));
        for (var at = 0; at < bytes.Length; at++)
        {
            var changed = (byte[])bytes.Clone();
            changed[at] ^= 0x01;
            try
            {
                Note.Parse(changed).SignedBy([key]).ShouldBeEmpty($"byte {at}");
            }
            catch (FormatException)
            {
                // Refused whole, which is as good.
            }
        }
    }

    [Theory]
    [InlineData(KeyType.Ed25519)]
    [InlineData(KeyType.Ecdsa)]
    public void A_key_that_was_made_signs_and_is_read_again(KeyType type)
    {
        var key = SigningKey.Make("register.example/log", type);
        var again = SigningKey.Parse(key.Export());
        again.Public.ShouldBe(key.Public);
        VerifierKey.Parse(key.Public.ToString()).ShouldBe(key.Public);
        var (text, other) = ("one\ntwo\n\nthree\n", SigningKey.Make("register.example/log", type));
        var note = Parse(Encoding.UTF8.GetString(Note.Sign(text, again, other).ToBytes()));
        note.Text.ShouldBe(text);
        note.SignedBy([key.Public]).ShouldBe([key.Public]);
        note.SignedBy([other.Public, key.Public]).ShouldBe([key.Public, other.Public]);
        note.SignedBy([SigningKey.Make("register.example/log", type).Public]).ShouldBeEmpty("signatures of keys that are not known are left aside");
        key.ToString()!.ShouldNotContain("PRIVATE");
    }

    [Fact]
    public void An_ecdsa_keys_id_is_the_beginning_of_the_digest_of_its_spki()
    {
        var key = SigningKey.Make("e", KeyType.Ecdsa).Public;
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(key.Key.Span)[..4]).ShouldBe($"{key.Id:x8}");
    }

    [Fact]
    public void A_wrong_signature_of_a_known_key_refuses_the_whole_note()
    {
        var (good, bad) = (SigningKey.Make("good"), SigningKey.Make("bad"));
        var note = Note.Sign("text\n", good);
        var forged = note with { Signatures = [.. note.Signatures, bad.Sign("another\n"u8)] };
        Should.Throw<FormatException>(() => forged.SignedBy([good.Public, bad.Public])).Message.ShouldContain("bad");
        forged.SignedBy([good.Public]).ShouldBe([good.Public]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("text\n")]
    [InlineData("text\n\n")]
    [InlineData("text\n\n\u2014 a AAAAAAA=")]
    [InlineData("text\n\u2014 a AAAAAAA=\n")]
    [InlineData("text\n\n- a AAAAAAA=\n")]
    [InlineData("text\n\n\u2014 a AAAAAA==\n")]
    [InlineData("text\n\n\u2014 a AAAAAAB=\n")]
    [InlineData("text\n\n\u2014 a AAAAAAA\n")]
    [InlineData("text\n\n\u2014 a  AAAAAAA=\n")]
    [InlineData("text\n\n\u2014 a AAAAAAA= \n")]
    [InlineData("text\n\n\u2014 a+b AAAAAAA=\n")]
    [InlineData("text\n\n\u2014  AAAAAAA=\n")]
    [InlineData("text\n\n\u2014 a\u00a0b AAAAAAA=\n")]
    [InlineData("te\txt\n\n\u2014 a AAAAAAA=\n")]
    [InlineData("te\rxt\n\n\u2014 a AAAAAAA=\n")]
    public void What_is_not_a_note_is_refused(string note) => Should.Throw<FormatException>(() => Parse(note));

    [Fact]
    public void A_note_that_is_not_utf8_is_refused() => Should.Throw<FormatException>(() => Note.Parse([.. "te"u8, 0xff, .. "xt\n\n\u2014 a AAAAAAA=\n"u8]));

    [Theory]
    [InlineData("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData("Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T")]
    [InlineData("PeterNeumann+c74f20a3+BBpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData("PeterNeumann+c74f20a3+")]
    [InlineData("PeterNeumann+c74f20a3+AQ==")]
    [InlineData("PeterNeumann+c74f20a3+Ag==")]
    [InlineData("PeterNeumann+74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData("PeterNeumann")]
    [InlineData("")]
    public void What_is_not_a_verifier_key_is_refused(string key) => Should.Throw<FormatException>(() => VerifierKey.Parse(key));

    // Known answers of golang.org/x/mod/sumdb/note: another key, and what its reader refuses.
    private const string EnochRoot = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop",
        EnochsLine = "\u2014 EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

    [Fact]
    public void A_note_that_two_signed_is_read_as_Go_reads_it()
    {
        var (peter, enoch) = (VerifierKey.Parse(PeterNeumann), VerifierKey.Parse(EnochRoot));
        var petersLine = Proverb[(Proverb.LastIndexOf("\n\n", StringComparison.Ordinal) + 2)..];
        Parse(Proverb + EnochsLine).SignedBy([enoch, peter]).ShouldBe([peter, enoch]);
        Parse(Proverb + EnochsLine).SignedBy([enoch]).ShouldBe([enoch]);
        Parse(Proverb + EnochsLine).SignedBy([]).ShouldBeEmpty();
        Parse(Proverb + petersLine + EnochsLine + EnochsLine + EnochsLine.Insert(60, "ABCD")).SignedBy([peter]).ShouldBe([peter], "twice is once, and what is not known is left aside");
        Should.Throw<FormatException>(() => Parse(Proverb + EnochsLine.Insert(60, "ABCD")).SignedBy([enoch, peter])).Message.ShouldContain("EnochRoot");
        Parse(Proverb + string.Concat(Enumerable.Repeat(petersLine, 99))).SignedBy([peter]).ShouldBe([peter]);
        Should.Throw<FormatException>(() => Parse(Proverb + string.Concat(Enumerable.Repeat(petersLine, 100)))).Message.ShouldContain("more than 100");
        Should.Throw<FormatException>(() => Parse(Proverb + "Unexpected line.\n"));
    }

    [Fact]
    public void No_part_of_a_verifier_key_and_none_with_a_byte_raised_is_one()
    {
        for (var from = 0; from < PeterNeumann.Length; from++)
            for (var to = from; to <= PeterNeumann.Length; to++)
                if (to - from < PeterNeumann.Length) Should.Throw<FormatException>(() => VerifierKey.Parse(PeterNeumann[from..to]));
        for (var at = 0; at < PeterNeumann.Length; at++)
            Should.Throw<FormatException>(() => VerifierKey.Parse($"{PeterNeumann[..at]}{(char)(PeterNeumann[at] + 1)}{PeterNeumann[(at + 1)..]}"), $"character {at}");
        foreach (var key in (string[])["PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==", "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"])
            Should.Throw<FormatException>(() => VerifierKey.Parse(key), key);
    }

    // The example of C2SP tlog-checkpoint.
    private const string BehindTheSofa = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

    [Fact]
    public void A_checkpoint_is_read_and_written_again()
    {
        var checkpoint = Checkpoint.Parse(BehindTheSofa);
        (checkpoint.Origin, checkpoint.Size, Convert.ToBase64String(checkpoint.Root), checkpoint.Extensions.Count)
            .ShouldBe(("example.com/behind-the-sofa", 20_852_163, "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=", 0));
        checkpoint.Text.ShouldBe(BehindTheSofa);
        Checkpoint.Parse(BehindTheSofa + "more\n").Text.ShouldBe(BehindTheSofa + "more\n");
        new Checkpoint("o", 0, MerkleTree.EmptyRoot).Text.ShouldBe("o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
    }

    [Theory]
    [InlineData("o\n1\n")]
    [InlineData("o\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("o\n+1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("o\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("o\n9223372036854775808\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n")]
    [InlineData("o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n")]
    [InlineData("o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n")]
    [InlineData("o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")]
    public void What_is_not_a_checkpoint_is_refused(string text) => Should.Throw<FormatException>(() => Checkpoint.Parse(text));

    private static Note Parse(string note) => Note.Parse(Encoding.UTF8.GetBytes(note));
}
