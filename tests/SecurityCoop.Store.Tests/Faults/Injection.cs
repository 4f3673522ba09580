using System.Globalization;
using System.IO.MemoryMappedFiles;
using System.Text;

namespace SecurityCoop.Store.Tests.Faults;

/// <summary>A call that is to fail, in every process that was started with the environment of an <see cref="Injection"/>.</summary>
/// <param name="Call">open (for writing), write, fsync, accept, connect, clock.</param>
/// <param name="Fault">
/// An errno. For write and fsync also minus so many milliseconds to wait, and <see cref="Kill"/>. For the clock its seconds ahead.
/// </param>
/// <param name="Path">What the file's whole path begins with; "-" for any.</param>
/// <param name="Skip">So many calls go through first.</param>
/// <param name="Times">So many then fail; -1: all.</param>
internal sealed record Rule(string Call, long Fault, string Path = "-", int Skip = 0, int Times = -1)
{
    /// <summary>The process ends at once; of a write, half of the bytes are written.</summary>
    public const long Kill = 0;

    public const long NoSpace = 28, InputOutput = 5, TooManyFiles = 24;
}

/// <summary>
/// Makes calls of other processes fail, by a library of ours that they preload (inject.c, compiled when a test first needs it). Rules may be changed while
/// they run.
/// </summary>
internal sealed class Injection : IDisposable
{
    private const int Size = 8192, Counters = 16, Text = 8 + Counters * 8;
    private static readonly Lazy<string?> library = new(Compile);

    // Both, the library too, are read by PostgreSQL's user.
    private readonly string file = Path.Combine(Path.GetTempPath(), $"scs-inject-{Guid.NewGuid():N}");
    private readonly MemoryMappedFile mapped;
    private readonly MemoryMappedViewAccessor view;
    private long changes;

    public Injection()
    {
        if (library.Value is null)
        {
            Assert.SkipWhen(Environment.GetEnvironmentVariable("CI") != "true", "A C compiler is needed (Debian: gcc, libc6-dev).");
            Assert.Fail("A C compiler is needed (Debian: gcc, libc6-dev), and the system must be Linux.");
        }
        File.WriteAllBytes(file, new byte[Size]);
        File.SetUnixFileMode(file, (UnixFileMode)0b110_110_110);
        mapped = MemoryMappedFile.CreateFromFile(file, FileMode.Open);
        view = mapped.CreateViewAccessor(0, Size);
    }

    /// <summary>For the processes that are to be hit.</summary>
    public (string Name, string Value)[] Settings => [("LD_PRELOAD", library.Value!), ("INJECT_FILE", file)];

    /// <summary>These from here on, and no others.</summary>
    public void Set(params Rule[] rules)
    {
        var text = string.Concat(rules.Select(r => string.Create(
            CultureInfo.InvariantCulture, $"{r.Call} {r.Fault} {r.Skip} {r.Times} {r.Path}\n")));
        var bytes = new byte[Size - Text];
        Encoding.ASCII.GetBytes(text).CopyTo(bytes, 0);
        view.WriteArray(Text, bytes, 0, bytes.Length);
        for (var i = 0; i < Counters; i++) view.Write(8 + i * 8, 0L);
        Thread.MemoryBarrier();
        view.Write(0, ++changes);
    }

    public void Clear() => Set();

    /// <summary>How many calls a rule has applied to, those that it let through among them.</summary>
    public long Met(int rule = 0) => view.ReadInt64(8 + rule * 8);

    private static string? Compile()
    {
        if (!OperatingSystem.IsLinux()) return null;
        var folder = Directory.CreateTempSubdirectory("scs-inject").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        var made = Path.Combine(folder, "inject.so");
        var source = Path.Combine(Fixture.Root, "tests", "SecurityCoop.Store.Tests", "Faults", "inject.c");
        try
        {
            using var cc = System.Diagnostics.Process.Start("cc", ["-shared", "-fPIC", "-O1", "-o", made, source, "-ldl", "-lpthread"]);
            cc.WaitForExit();
            return cc.ExitCode == 0 ? made : throw new InvalidOperationException("inject.c does not compile.");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    public void Dispose()
    {
        Clear();
        view.Dispose();
        mapped.Dispose();
        File.Delete(file);
    }
}
