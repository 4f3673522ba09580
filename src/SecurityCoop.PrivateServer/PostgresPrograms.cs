using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace SecurityCoop.PrivateServer;

/// <summary>
/// The programs of one PostgreSQL installation. All of them come from one folder: an `initdb` that a PATH happens to name first may
/// be of another version than the server beside it, and the two cannot be mixed.
/// </summary>
internal sealed partial record PostgresPrograms(string Folder, int Major, string Version)
{
    public const int Oldest = 15;

    static readonly string[] Names = ["postgres", "initdb", "pg_ctl"];

    public string Server => Path.Combine(Folder, "postgres");
    public string Initdb => Path.Combine(Folder, "initdb");
    public string Control => Path.Combine(Folder, "pg_ctl");

    /// <summary>The newest installation of PostgreSQL 15 or later; with <paramref name="major"/>, the newest of exactly that version.</summary>
    /// <exception cref="StartRefused">There is none; the line says what to install.</exception>
    public static PostgresPrograms Find(int? major) => Find(Folders(), major);

    internal static PostgresPrograms Find(IEnumerable<string> folders, int? major)
    {
        var found = folders.Select(Real).OfType<string>().Distinct().Select(Ask).OfType<PostgresPrograms>().ToList();
        var usable = found.Where(p => p.Major >= Oldest && (major is null || p.Major == major)).ToList();
        if (usable.Count > 0)
            return usable.MaxBy(p => (p.Major, Minor(p.Version)))!;
        var there = found.Count == 0 ? "none is installed" : "installed: " + string.Join(", ", found.Select(p => p.Version).Distinct());
        throw new StartRefused(major is { } wanted
            ? $"The data folder holds a PostgreSQL {wanted} cluster and needs the programs of that version ({there}). {HowToInstall(wanted)}"
            : $"PostgreSQL {Oldest} or later is needed ({there}). {HowToInstall(null)}");
    }

    static string HowToInstall(int? major) =>
        $"Debian or Ubuntu: apt-get install {(major is null ? "postgresql" : $"postgresql-{major}")}; "
        + $"Fedora: dnf install {(major is null ? "postgresql-server" : $"postgresql{major}-server")}; "
        + $"macOS: brew install postgresql@{major ?? 17}; "
        + "or set ConnectionStrings__Register to use a server that already runs.";

    static IEnumerable<string> Folders()
    {
        foreach (var (parent, pattern, bin) in new[]
        {
            ("/usr/lib/postgresql", "*", "bin"), ("/usr", "pgsql-*", "bin"), ("/usr/local", "pgsql*", "bin"),
            ("/opt/homebrew/opt", "postgresql*", "bin"), ("/usr/local/opt", "postgresql*", "bin"),
            ("/Applications/Postgres.app/Contents/Versions", "*", "bin"),
        })
        {
            if (!Directory.Exists(parent)) continue;
            foreach (var folder in Directory.EnumerateDirectories(parent, pattern))
                yield return Path.Combine(folder, bin);
        }
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
            yield return folder;
    }

    /// <summary>The folder where the server of this folder really stands, if all programs stand there; distributions link some of them elsewhere.</summary>
    static string? Real(string folder)
    {
        var server = new FileInfo(Path.Combine(folder, "postgres"));
        if (!server.Exists) return null;
        var real = Path.GetDirectoryName(server.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? server.FullName)!;
        return Names.All(name => File.Exists(Path.Combine(real, name))) ? real : null;
    }

    static PostgresPrograms? Ask(string folder)
    {
        var ask = new ProcessStartInfo(Path.Combine(folder, "postgres"), "--version") { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(ask)!;
            var match = VersionLine().Match(process.StandardOutput.ReadToEnd());
            process.WaitForExit();
            return match.Success ? new(folder, int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture), match.Groups[1].Value) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // a file of that name that this user may not run, or that is made for another machine
        }
    }

    static int Minor(string version) =>
        version.Split('.') is [_, var minor, ..] && int.TryParse(minor, CultureInfo.InvariantCulture, out var n) ? n : 0;

    [GeneratedRegex(@"\(PostgreSQL\) ((\d+)[\w.]*)")]
    private static partial Regex VersionLine();
}
