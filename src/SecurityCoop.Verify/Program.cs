using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using SecurityCoop.Ledger;

namespace SecurityCoop.Verify;

/// <summary>`SecurityCoop.Verify BUNDLE --key VKEY [--checkpoint NOTE]`: needs no database and no network. Exit code 0 sound, 1 broken, 2 unusable input.</summary>
static class Program
{
    const string Usage =
        """
        SecurityCoop.Verify BUNDLE --key VKEY [--checkpoint NOTE]

        BUNDLE      the file, as `securitycoop bundle` or /api/audit/bundle gave it
        VKEY        the log's public key, or a file that holds it; from whom you trust, not from the bundle
        NOTE        a file with a checkpoint that you kept: what it covers must not have changed
        """;

    static int Main(string[] args)
    {
        try
        {
            var (bundle, key, note) = Read(args);
            using var file = new FileStream(bundle, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
            var progress = new Bar(file.Length);
            using var check = new BundleCheck(key, note, progress.Tell);
            try
            {
                Say(check.Run(file), progress.End());
                return 0;
            }
            catch (HistoryFault fault)
            {
                progress.End();
                Console.WriteLine($"BROKEN: {fault.Message}");
                return 1;
            }
            finally
            {
                progress.End();
            }
        }
        catch (Exception e) when (e is NoBundle or FormatException or IOException or UnauthorizedAccessException or PlatformNotSupportedException or CryptographicException or ArgumentException)
        {
            Console.Error.WriteLine(e.Message);
            return 2;
        }
    }

    static (string Bundle, VerifierKey Key, Note? Earlier) Read(string[] args)
    {
        string? bundle = null, key = null, note = null;
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--key" && i + 1 < args.Length) key = args[++i];
            else if (args[i] == "--checkpoint" && i + 1 < args.Length) note = args[++i];
            else if (bundle is null && !args[i].StartsWith('-')) bundle = args[i];
            else throw new ArgumentException(Usage);
        }
        if (bundle is null || key is null) throw new ArgumentException(Usage);
        return (bundle, VerifierKey.Parse(File.Exists(key) ? File.ReadAllText(key).Trim() : key), note is null ? null : Note.Parse(File.ReadAllBytes(note)));
    }

    static void Say(Sound s, TimeSpan took)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"SOUND: {s.Size} events of {s.Origin}, {s.Checkpoints} checkpoints, in {took.TotalSeconds:N1} s"));
        Console.WriteLine($"root {Convert.ToBase64String(s.Root)}");
        if (s.Withheld > 0) Console.WriteLine($"{s.Withheld} events are withheld: only that they are there was checked");
        if (s.Opened + s.WithheldValues + s.Erased > 0) Console.WriteLine($"protected values: {s.Opened} opened, {s.WithheldValues} withheld, {s.Erased} erased");
        foreach (var line in s.Breaks) Console.WriteLine($"NOTE: {line}");
        Console.WriteLine(s.Newest is { } newest ? $"no trusted time; the newest event says {newest:yyyy-MM-ddTHH:mm:ss.ffffffZ}" : "no trusted time");
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
