using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SecurityCoop.Reliability.Tests;

/// <summary>Programs that a test starts, and what it does to them. All by number: nothing else of their name is touched.</summary>
internal static class Processes
{
    /// <summary>PostgreSQL's programs; null where there are none.</summary>
    public static string? PostgresPrograms { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin"))
            .LastOrDefault(d => File.Exists(Path.Combine(d, "initdb")))
        : null;

    private static bool IsRoot => Environment.UserName == "root";

    /// <summary>Skips the test where a program is missing; fails it in CI.</summary>
    public static void Need(params ReadOnlySpan<string> programs)
    {
        foreach (var program in programs)
        {
            if (program == "postgres" ? PostgresPrograms is not null : Find(program)) continue;
            var missing = $"{program} is needed (Debian: apt-get install postgresql patroni etcd-server python3-etcd).";
            if (Environment.GetEnvironmentVariable("CI") == "true") throw new InvalidOperationException(missing);
            Assert.Skip(missing);
        }

        static bool Find(string program) =>
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(p => File.Exists(Path.Combine(p, program)));
    }

    /// <summary>A folder that the user of the servers owns.</summary>
    public static async Task<string> NewFolder()
    {
        var folder = Directory.CreateTempSubdirectory("scr").FullName;
        if (IsRoot) await Run("chown", "postgres", folder);
        return folder;
    }

    /// <summary>Starts a server of the test's, as the user that PostgreSQL runs as; its output goes to a file.</summary>
    public static Process StartServer(string log, string program, params string[] arguments) =>
        // A shell of its own, replaced by the program: the process's number is the program's.
        Start("sh", ["-c", $"exec \"$0\" \"$@\" >>'{log}' 2>&1", .. AsServer(program, arguments)]);

    /// <summary>Runs one of PostgreSQL's programs to its end.</summary>
    public static Task RunPostgres(string program, params string[] arguments)
    {
        var all = AsServer(Path.Combine(PostgresPrograms!, program), arguments);
        return Run(all[0], all[1..]);
    }

    public static void Signal(string signal, params IEnumerable<int> processes)
    {
        string[] numbers = [.. processes.Select(p => p.ToString(CultureInfo.InvariantCulture))];
        if (numbers.Length == 0) return;
        using var kill = Process.Start(new ProcessStartInfo("kill", [$"-{signal}", .. numbers]) { RedirectStandardError = true })!;
        kill.WaitForExit(); // One that is gone by then is no failure.
    }

    /// <summary>The process and all below it.</summary>
    public static List<int> Tree(int root)
    {
        var children = new Dictionary<int, List<int>>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var pid) || Stat(pid) is not { } stat) continue;
            if (!children.TryGetValue(stat.Parent, out var siblings)) children[stat.Parent] = siblings = [];
            siblings.Add(pid);
        }
        var (all, at) = (new List<int> { root }, 0);
        while (at < all.Count) all.AddRange(children.GetValueOrDefault(all[at++], []));
        return all;
    }

    /// <summary>Whether it runs or is stopped; one that ended and was not asked for yet does neither.</summary>
    public static bool Lives(int process) => Stat(process) is { State: not 'Z' };

    public static async Task Run(string program, params string[] arguments)
    {
        using var process = Start("sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1", program, .. arguments]);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Until it is so, or the time is over.</summary>
    public static async Task<TimeSpan> Until(Func<Task<bool>> condition, TimeSpan within, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > within) throw new TimeoutException($"{what}: not within {within.TotalSeconds:0} s.");
            await Task.Delay(200);
        }
        return clock.Elapsed;
    }

    private static Process Start(string program, string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = "/" })!;

    // PostgreSQL refuses to run as root.
    private static string[] AsServer(string program, string[] arguments) =>
        IsRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", program, .. arguments] : [program, .. arguments];

    private static (char State, int Parent)? Stat(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var parts = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (parts[0][0], int.Parse(parts[1], CultureInfo.InvariantCulture));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
