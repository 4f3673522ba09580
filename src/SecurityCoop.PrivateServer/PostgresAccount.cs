using System.Diagnostics;

namespace SecurityCoop.PrivateServer;

/// <summary>
/// The user that PostgreSQL runs as. It refuses to run as root, so a host that runs as root starts it as the user `postgres`, or as
/// whoever owns the cluster already; any other host starts it as itself.
/// </summary>
internal sealed record PostgresAccount(string? Uid, string? Gid)
{
    public static readonly PostgresAccount Own = new(null, null);

    /// <param name="folder">The folder of an existing cluster, whose owner decides; null for a new cluster.</param>
    /// <exception cref="StartRefused">The host runs as root and there is no user to hand PostgreSQL to.</exception>
    public static async Task<PostgresAccount> For(string? folder, CancellationToken stop)
    {
        if (!Environment.IsPrivilegedProcess) return Own;
        if (!OperatingSystem.IsLinux())
            throw new StartRefused("PostgreSQL does not run as root: start SecurityCoop as an ordinary user.");
        var (exit, output) = folder is null
            ? await Own.Run("sh", ["-c", "id -u postgres && id -g postgres"], stop)
            : await Own.Run("stat", ["-c", "%u\n%g", folder], stop);
        if (exit != 0 || output.Split('\n', StringSplitOptions.RemoveEmptyEntries) is not [var uid, var gid])
            throw new StartRefused("PostgreSQL does not run as root, and this machine has no user `postgres` to run it as: "
                + "install the system's PostgreSQL package, which makes one, or start SecurityCoop as an ordinary user.");
        if (uid == "0")
            throw new StartRefused($"PostgreSQL does not run as root, and root owns {folder}: give the folder to the user `postgres` (chown -R postgres: {folder}).");
        return new(uid, gid);
    }

    /// <summary>Makes a folder that only this account can open.</summary>
    public async Task MakeFolder(string folder, CancellationToken stop)
    {
        var owner = Uid is null ? Array.Empty<string>() : ["-o", Uid, "-g", Gid!];
        var (exit, output) = await Own.Run("install", ["-d", "-m", "0700", .. owner, folder], stop);
        if (exit != 0) throw new StartRefused($"Cannot make the folder {folder}: {FirstLine(output)}");
    }

    /// <summary>Runs a program to its end as this account and returns its exit code and everything it printed; ended with its children when stopped.</summary>
    public async Task<(int Exit, string Output)> Run(string program, IEnumerable<string> arguments, CancellationToken stop, string input = "")
    {
        string[] line = Uid is null
            ? [program, .. arguments]
            : ["setpriv", $"--reuid={Uid}", $"--regid={Gid}", "--clear-groups", "--", program, .. arguments];
        // The root folder, because the account may not be allowed to stand where the host stands.
        var start = new ProcessStartInfo(OnPath(line[0]), line[1..])
        {
            WorkingDirectory = "/", RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("PG", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name); // PGDATA, PGPORT, PGOPTIONS and the like belong to somebody's own server
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(stop);
            var errors = process.StandardError.ReadToEndAsync(stop);
            // A program that reads nothing may have ended by now; writing nothing to it would count as its failure.
            if (input.Length > 0) await process.StandardInput.WriteAsync(input.AsMemory(), stop);
            process.StandardInput.Close();
            await process.WaitForExitAsync(stop);
            return (process.ExitCode, await errors + await output);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        catch (IOException e)
        {
            await process.WaitForExitAsync(stop); // it ended without reading what it was given
            return (process.ExitCode == 0 ? -1 : process.ExitCode, e.Message);
        }
    }

    // .NET looks for a bare name beside the program and in the working folder first: there may stand something else of that name, such as this
    // project's own `test`.
    static string OnPath(string program) => program.Contains('/', StringComparison.Ordinal) ? program
        : $"{Environment.GetEnvironmentVariable("PATH")}:/usr/bin:/bin:/usr/sbin:/sbin".Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(p => Path.IsPathRooted(p) && File.Exists(p)) ?? $"/usr/bin/{program}";

    public static string FirstLine(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var first, ..] ? first : "no reason given";
}
