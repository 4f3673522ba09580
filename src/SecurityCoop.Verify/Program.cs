using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecurityCoop.Ledger;

namespace SecurityCoop.Verify;

/// <summary>`SecurityCoop.Verify BUNDLE --key VKEY [--checkpoint NOTE] [--witness VKEY]… [--tsa FILE]…`: needs no database and no network. Exit code 0 sound, 1 broken, 2 unusable input.</summary>
internal static class Program
{
    const string Usage =
        """
        SecurityCoop.Verify BUNDLE --key VKEY [--checkpoint NOTE] [--witness VKEY]... [--tsa FILE]...

        BUNDLE      the file, as `securitycoop bundle` or /api/audit/bundle gave it
        --key       the log's public key, or a file that holds it; from whom you trust, not from the bundle
        --checkpoint  a file with a checkpoint that you kept: what it covers must not have changed
        --witness   the public key of a witness, or a file that holds it: it must have cosigned this history
        --tsa       a PEM file with the certificate of a time-stamping authority, or of who vouches for it: it must have stamped this history
        """;

    /// <summary>What the auditor gives.</summary>
    sealed record Given(string Bundle, VerifierKey Key, Note? Earlier, IReadOnlyList<VerifierKey> Witnesses, X509Certificate2Collection Authorities);

    static int Main(string[] args) => Run(args, Console.Out, Console.Error);

    /// <param name="say">Takes the verdict.</param>
    /// <param name="complain">Takes why the input cannot be used.</param>
    /// <returns>The exit code.</returns>
    internal static int Run(string[] args, TextWriter say, TextWriter complain)
    {
        try
        {
            var given = Read(args);
            using var file = new FileStream(given.Bundle, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
            var progress = new Bar(file.Length);
            using var check = new BundleCheck(given.Key, given.Earlier, given.Witnesses, new TimeStamps(given.Authorities).Read, progress.Tell);
            try
            {
                var sound = check.Run(file);
                if (given.Authorities.Count > 0 && sound.Stamped is not { Stamp.IsTrusted: true }) throw new HistoryFault(0, "no checkpoint is stamped by the time-stamping authority that is trusted");
                Say(say, sound, progress.End());
                return 0;
            }
            catch (HistoryFault fault)
            {
                progress.End();
                say.WriteLine($"BROKEN: {fault.Message}");
                return 1;
            }
            finally
            {
                progress.End();
            }
        }
        catch (Exception e) when (e is NoBundle or FormatException or IOException or UnauthorizedAccessException or PlatformNotSupportedException or CryptographicException or ArgumentException)
        {
            complain.WriteLine(e.Message);
            return 2;
        }
    }

    static Given Read(string[] args)
    {
        string? bundle = null, key = null, note = null;
        var (witnesses, authorities) = (new List<VerifierKey>(), new X509Certificate2Collection());
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--key" && i + 1 < args.Length) key = args[++i];
            else if (args[i] == "--checkpoint" && i + 1 < args.Length) note = args[++i];
            else if (args[i] == "--witness" && i + 1 < args.Length) witnesses.Add(Key(args[++i], KeyType.Cosignature));
            else if (args[i] == "--tsa" && i + 1 < args.Length) authorities.AddRange(TimeStamps.Certificates(args[++i]));
            else if (bundle is null && !args[i].StartsWith('-')) bundle = args[i];
            else throw new ArgumentException(Usage);
        }
        if (bundle is null || key is null) throw new ArgumentException(Usage);
        var kept = note is null ? null : Note.Parse(File.ReadAllBytes(note));
        if (kept is not null) Checkpoint.Parse(kept.Text); // What cannot be read is the auditor's mistake, not a fault of the bundle's.
        return new(bundle, Key(key, KeyType.Ed25519, KeyType.Ecdsa), kept, witnesses, authorities);
    }

    static VerifierKey Key(string textOrFile, params KeyType[] types)
    {
        var key = VerifierKey.Parse(File.Exists(textOrFile) ? File.ReadAllText(textOrFile).Trim() : textOrFile);
        return types.Contains(key.Type) ? key : throw new FormatException($"The key {key.Name} is {(key.Type == KeyType.Cosignature ? "a witness's" : "a log's")}: a log's is given with --key, a witness's with --witness.");
    }

    static void Say(TextWriter to, Sound s, TimeSpan took)
    {
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"SOUND: {s.Size} events of {s.Origin}, {s.Checkpoints} checkpoints, in {took.TotalSeconds:N1} s"));
        to.WriteLine($"root {Convert.ToBase64String(s.Root)}");
        if (s.Withheld > 0) to.WriteLine($"{s.Withheld} events are withheld: only that they are there was checked");
        if (s.Opened + s.WithheldValues + s.Erased > 0) to.WriteLine($"protected values: {s.Opened} opened, {s.WithheldValues} withheld, {s.Erased} erased");
        foreach (var line in s.Breaks) to.WriteLine($"NOTE: {line}");
        foreach (var c in s.Cosigned) to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"cosigned by {c.Witness.Name}: {c.Size} events, at {c.At.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} by its clock"));
        if (s.Stamped is { } stamped)
            to.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{(stamped.Stamp.IsTrusted ? "trusted time" : "time stamp, not trusted without --tsa")}: {stamped.Size} events were there at {stamped.Stamp.At.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}, says {stamped.Stamp.By}"));
        var said = s.Newest is { } newest ? string.Create(CultureInfo.InvariantCulture, $"; the newest event says {newest:yyyy-MM-ddTHH:mm:ss.ffffffZ}") : "";
        if (s.Stamped is { Stamp.IsTrusted: true, Size: var covered }) to.WriteLine(covered == s.Size ? $"all of them{said}" : string.Create(CultureInfo.InvariantCulture, $"no trusted time for the {s.Size - covered} events after these{said}"));
        else to.WriteLine($"no trusted time{said}");
    }

    /// <summary>Progress through the file: a line that is rewritten on a terminal, a plain line for every tenth elsewhere; on standard error.</summary>
    sealed class Bar(long length)
    {
        readonly long begun = Stopwatch.GetTimestamp();
        long tenths;
        TimeSpan? ended;

        public void Tell(long done)
        {
            if (length < 50 << 20 && Console.IsErrorRedirected) return;
            var share = (double)done / Math.Max(1, length);
            var left = Stopwatch.GetElapsedTime(begun) * (1 / Math.Max(share, 0.001) - 1);
            if (Console.IsErrorRedirected)
            {
                if ((long)(10 * share) <= tenths) return;
                tenths = (long)(10 * share);
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Verifying: {share:P0}, {left.TotalSeconds:N0} s left"));
                return;
            }
            var width = (int)(30 * share);
            Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\rVerifying [{new string('#', width)}{new string('.', 30 - width)}] {share:P0}, {left.TotalSeconds:N0} s left   "));
            shown = true;
        }

        bool shown;

        public TimeSpan End()
        {
            if (ended is null && shown) Console.Error.WriteLine();
            return ended ??= Stopwatch.GetElapsedTime(begun);
        }
    }
}
