using System.Diagnostics;
using System.Text;
using SecurityCoop.Ledger.Tests.Differential;
using SecurityCoop.Verify;

namespace SecurityCoop.Ledger.Tests;

/// <summary>The same bundles for the program and for docs/verify.py, each as a process of its own: both must say the same.</summary>
public sealed class TwoVerifiersTests : IDisposable
{
    /// <summary>Of bundles/version-1.bundle.</summary>
    public const string KeyOfVersion1 = "securitycoop/0192f0c4-0000-7000-8000-000000000001+39b7128b+ARrZfGear9ap3GM2G4NgDyMmbgMKqKMO5qryfsEfB/P9";

    private readonly string folder = Directory.CreateTempSubdirectory("bundles-").FullName;

    private static (int Exit, string Said) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var said = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, said + errors.Result);
        }
        catch (System.ComponentModel.Win32Exception) when (program == "python3" && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip("python3 is not there.");
            throw;
        }
    }

    private static (int, string) Program(params string[] arguments) => Run("dotnet", [Path.Combine(AppContext.BaseDirectory, "SecurityCoop.Verify.dll"), .. arguments]);

    private static (int, string) Python(params string[] arguments) => Run("python3", [PythonVerifier.Script, .. arguments]);

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private void BothSay(int exit, string words, params string[] arguments)
    {
        foreach (var (by, (code, said)) in new[] { ("the program", Program(arguments)), ("the script", Python(arguments)) })
        {
            said.ShouldContain(words, Case.Sensitive, by);
            code.ShouldBe(exit, $"{by} says {said}");
        }
    }

    [Theory]
    [InlineData(KeyType.Ed25519)]
    [InlineData(KeyType.Ecdsa)]
    public void Both_say_that_a_sound_bundle_is_sound_and_find_the_same_faults(KeyType type)
    {
        var key = SigningKey.Make(TestHistory.Origin, type);
        var history = new TestHistory();
        history.Named.Add(key);
        for (var i = 0; i < 300; i++)
            history.Event($"sample-{i % 7}", body: $$"""{"a":"é \u0001 \"{{i}}\" 𝔘","n":[{{i}},-1,true,null]{{(i % 50 == 0 ? ",\"name\":null" : "")}}}""", values: i % 50 == 0 ? [("/name", "person-1", (Disposition)(i / 50 % 3))] : null);
        history.Sign(key).Event("person-1", "person_erased").Event("sample-1", withheld: true).Sign(key);
        var (bundle, vkey, note) = (history.Bundle(), Write("key", Encoding.UTF8.GetBytes($"{key.Public}\n")), Write("note", history.NoteOf(0)));
        var sound = Write("sound", bundle);
        BothSay(0, $"SOUND: 302 events of {TestHistory.Origin}, 2 checkpoints", sound, "--key", vkey);
        BothSay(0, $"root {Convert.ToBase64String(history.Root)}", sound, "--key", key.Public.ToString(), "--checkpoint", note);
        BothSay(0, "no trusted time; the newest event says 2026-01-01T00:05:00.000000Z", sound, "--key", vkey);

        var body = bundle.AsSpan().IndexOf("\\\"123\\\""u8);
        bundle[body + 2] ^= 0x01;
        BothSay(1, "position 124: the body is not the one that was hashed; expected", Write("body", bundle), "--key", vkey);
        BothSay(1, "BROKEN", sound, "--key", SigningKey.Make(TestHistory.Origin, type).Public.ToString());
        BothSay(2, "not whole", Write("short", history.Bundle()[..^1]), "--key", vkey);
        BothSay(2, "not a bundle", Write("other", "hello"u8.ToArray()), "--key", vkey);
        BothSay(2, "name+hash+base64", sound, "--key", "nonsense");
        BothSay(2, "--key", sound);
    }

    [Fact]
    public void Both_read_the_form_before() => BothSay(0, "SOUND: 5 events", Path.Combine(AppContext.BaseDirectory, "bundles", "version-1.bundle"), "--key", KeyOfVersion1);

    [Fact]
    public void Both_tell_what_witnesses_and_authorities_said()
    {
        using var authority = new TestAuthority();
        using var other = new TestAuthority();
        var (witness, absent) = (SigningKey.Make("witness.example/w", KeyType.Cosignature), SigningKey.Make("witness.example/absent", KeyType.Cosignature).Public.ToString());
        byte[] token = [];
        var history = new TestHistory().Event("a").Event("a").Sign().Cosign(witness, 1_700_000_000).Stamp(text => token = authority.Stamp(text)).Event("a").Sign();
        var (bundle, key, vkey) = (Write("bundle", history.Bundle()), history.Key.Public.ToString(), Write("witness", Encoding.UTF8.GetBytes($"{witness.Public}\n")));
        BothSay(0, "cosigned by witness.example/w: 2 events, at 2023-11-14T22:13:20Z by its clock", bundle, "--key", key, "--witness", vkey);
        BothSay(1, "no checkpoint is cosigned by witness.example/absent", bundle, "--key", key, "--witness", vkey, "--witness", absent);
        BothSay(2, "--witness", bundle, "--key", key, "--witness", key);
        BothSay(2, "--witness", bundle, "--key", vkey);
        BothSay(0, $": 2 events were there at {TestAuthority.TimeOf(token)}", bundle, "--key", key);
        BothSay(0, "not trusted", bundle, "--key", key);
        BothSay(0, "no trusted time; the newest event says 2026-01-01T00:00:02.000000Z", bundle, "--key", key);

        var (code, said) = Program(bundle, "--key", key, "--tsa", authority.Root);
        said.ShouldContain($"trusted time: 2 events were there at {TestAuthority.TimeOf(token)}.000Z, says CN=Test authority\nno trusted time for the 1 events after these; the newest event says");
        code.ShouldBe(0);
        (code, said) = Program(bundle, "--key", key, "--tsa", other.Root);
        said.ShouldContain("BROKEN: no checkpoint is stamped by the time-stamping authority that is trusted");
        code.ShouldBe(1);

        var swapped = new TestHistory().Event("a").Sign().Stamp(_ => token);
        BothSay(1, "a time stamp is not one of its checkpoint", Write("swapped", swapped.Bundle()), "--key", swapped.Key.Public.ToString());
        var noToken = new TestHistory().Event("a").Sign().Stamp(_ => [0x30, 0x03, 0x02, 0x01, 0x05]);
        BothSay(1, "a time stamp is not one of its checkpoint", Write("none", noToken.Bundle()), "--key", noToken.Key.Public.ToString());
    }

    // The digest at the end, over stamps too, is of no use against whoever writes the whole file: the stamp itself must hold.
    [Fact]
    public void A_time_stamp_that_was_changed_anywhere_is_not_trusted()
    {
        using var authority = new TestAuthority();
        var text = Encoding.UTF8.GetBytes("a text\n");
        var (token, reader) = (authority.Stamp(text), new TimeStamps(TimeStamps.Certificates(authority.Root)));
        reader.Read(token, text).ShouldNotBeNull().IsTrusted.ShouldBeTrue();
        for (var at = 0; at < token.Length; at++)
        {
            var changed = (byte[])token.Clone();
            changed[at] ^= 0x01;
            // What is not signed (unused parts of the structure) may be changed; then what is signed still says the same.
            if (reader.Read(changed, text) is { IsTrusted: true } read) (read.At, read.By).ShouldBe((reader.Read(token, text)!.At, "CN=Test authority"), $"byte {at}");
        }
    }

    [Fact]
    public void Both_follow_a_rotation_and_a_new_origin()
    {
        var (next, other) = (SigningKey.Make(TestHistory.Origin, KeyType.Ecdsa), SigningKey.Make(TestHistory.Origin + "/2"));
        var history = new TestHistory().Event("a").Sign();
        history.Named.AddRange([history.Key, next, other]);
        history.Rotated(history.Key, next).Sign(history.Key, next).Event("a").Sign(next).SignElse(next, 4, MerkleTree.EmptyRoot);
        var cited = history.NoteOf(3);
        history.OriginOpened(new(other.Public.Name, other.Public.ToString(), 3, next.Public.ToString(), Encoding.UTF8.GetString(cited))).Event("a").Sign(other);
        var bundle = Write("bundle", history.Bundle());
        BothSay(0, "at position 4 the log went on as", bundle, "--key", other.Public.ToString());
        BothSay(1, "nothing ties", bundle, "--key", history.Key.Public.ToString());
        BothSay(1, "checkpoint that was kept", bundle, "--key", other.Public.ToString(), "--checkpoint", Write("cited", cited));
    }

    [Fact]
    public void The_script_too_finds_every_byte_that_was_changed()
    {
        var witness = SigningKey.Make("witness.example/w", KeyType.Cosignature);
        var history = new TestHistory().Event("sample-1", values: [("/name", "person-1", Disposition.Opened), ("/phone", "person-2", Disposition.Withheld), ("/other", "person-2", Disposition.Erased)])
            .Event("person-2", "person_erased").Event("secret-1", withheld: true).Sign().Cosign(witness, 1_700_000_000).Stamp(TestAuthority.Unsigned);
        const string Driver =
            """
            import functools, importlib.util, sys
            spec = importlib.util.spec_from_file_location("verify", sys.argv[1])
            v = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(v)
            v.ed25519_verifies = functools.lru_cache(None)(v.ed25519_verifies)
            data, key, witnesses, found = open(sys.argv[2], "rb").read(), v.Key(sys.argv[3]), [v.Key(sys.argv[4])], 0
            v.check(sys.argv[2], key, None, witnesses)
            for at in range(len(data)):
                for mask in (0x01, 0x20, 0xff):
                    with open(sys.argv[2] + ".changed", "wb") as file:
                        file.write(data[:at] + bytes([data[at] ^ mask]) + data[at + 1:])
                    try:
                        v.check(sys.argv[2] + ".changed", key, None, witnesses)
                        print("SOUND with byte", at, "changed by", mask)
                    except (v.Broken, v.Unusable, ValueError):
                        found += 1
            print(found, "found of", 3 * len(data))
            """;
        var bundle = history.Bundle();
        var (exit, said) = Run("python3", "-c", Driver, PythonVerifier.Script, Write("bundle", bundle), history.Key.Public.ToString(), witness.Public.ToString());
        said.TrimEnd().ShouldBe($"{3 * bundle.Length} found of {3 * bundle.Length}");
        exit.ShouldBe(0);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
