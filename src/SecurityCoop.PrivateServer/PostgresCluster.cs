using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SecurityCoop.PrivateServer;

/// <summary>
/// One private cluster on the disk: where it stands, which programs and which user it needs, how it is made, started and stopped.
/// Its caller holds the data folder's lock, so nobody else does any of this at the same time.
/// </summary>
internal sealed class PostgresCluster
{
    public const int Port = 5432; // only a part of the socket's name

    const string Elsewhere = "/var/lib/securitycoop";

    readonly string home;       // holds the cluster and the log; belongs to the account
    readonly PostgresAccount account;
    readonly PostgresPrograms programs;

    PostgresCluster(string home, PostgresAccount account, PostgresPrograms programs)
    {
        (this.home, this.account, this.programs) = (home, account, programs);
        // A socket's path has room for about a hundred bytes, so it cannot stand in the data folder.
        SocketFolder = $"/tmp/securitycoop-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(home)))[..16]}";
    }

    public string SocketFolder { get; }
    public string SocketFile => $"{SocketFolder}/.s.PGSQL.{Port}";
    public string LogFile => Path.Combine(home, "server.log");
    public bool Exists => Directory.Exists(Data);
    string Data => Path.Combine(home, "cluster");
    string PidFile => Path.Combine(Data, "postmaster.pid");

    /// <summary>Finds or makes the folder of the data folder's cluster, and what is needed to run it.</summary>
    public static async Task<PostgresCluster> Open(string dataFolder, CancellationToken stop)
    {
        var (home, account) = await Home(dataFolder, stop);
        var cluster = new PostgresCluster(home, account, PostgresPrograms.Find(Major(Path.Combine(home, "cluster"))));
        // As the account: that it reaches the cluster is checked where it matters, and a folder planted by somebody else cannot be chmod'ed.
        var (exit, _) = await account.Run("sh", ["-c", """
            cd "$1" || exit 3
            mkdir -m 700 "$2" 2>/dev/null
            [ -d "$2" ] && [ ! -L "$2" ] && chmod 700 "$2"
            """, "sh", home, cluster.SocketFolder], stop);
        return exit switch
        {
            0 => cluster,
            3 => throw new StartRefused($"The user that PostgreSQL runs as cannot reach its cluster in {home}: let it pass through the folders above."),
            _ => throw new StartRefused($"Cannot use the socket folder {cluster.SocketFolder}: it belongs to somebody else, or /tmp cannot be written."),
        };
    }

    /// <summary>Makes the cluster beside its place and moves it there when it is complete, so that an interrupted attempt leaves none.</summary>
    public async Task Make(string sql, string[] roles, CancellationToken stop)
    {
        var making = Path.Combine(home, $"making-{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
        var locale = OperatingSystem.IsLinux() ? "C.UTF-8" : "C";
        await Must(programs.Initdb, ["-D", making, "-U", "postgres", "-E", "UTF8", $"--locale={locale}", "--data-checksums",
            "--auth=reject", "--no-sync", "--no-instructions"], stop);
        await WriteAs(Path.Combine(making, "pg_hba.conf"),
            $"# Nobody else connects, not even the superuser: see single-user mode in PostgreSQL's manual.\nlocal all {string.Join(',', roles)} scram-sha-256\n", stop);
        await WriteAs(Path.Combine(making, "register.conf"), Settings, stop);
        await File.AppendAllTextAsync(Path.Combine(making, "postgresql.conf"),
            "\n# Written anew at each start. What is set below this line wins over it.\ninclude 'register.conf'\n", stop);
        await Must(programs.Server, ["--single", "-D", making, "-c", "exit_on_error=on", "postgres"], stop, sql);
        await Must(programs.Initdb, ["-D", making, "--sync-only"], stop);
        Directory.Move(making, Data);
        await account.Run("sync", [home], stop); // so that a power cut cannot undo the move after the first event
    }

    /// <summary>Starts the server and completes when it answers, with null, or when it failed, with the reason. <see cref="Stop"/> ends it in between.</summary>
    public async Task<string?> StartServer()
    {
        DropUnfinished();
        if (new FileInfo(LogFile) is { Exists: true, Length: > 8 << 20 }) File.Move(LogFile, LogFile + ".1", overwrite: true);
        await WriteAs(Path.Combine(Data, "register.conf"), Settings, CancellationToken.None);
        // pg_ctl gives the server a session of its own. It waits without limit: recovery after a crash takes as long as it takes.
        var (exit, output) = await account.Run(programs.Control, ["start", "-w", "-t", "86400", "-D", Data, "-l", LogFile], CancellationToken.None);
        if (exit == 0) return null;
        var (_, log) = await account.Run("tail", ["-n", "20", LogFile], CancellationToken.None);
        return log.Split('\n').LastOrDefault(line => line.Contains("FATAL", StringComparison.Ordinal)
            && !line.Contains("is starting up", StringComparison.Ordinal)) ?? PostgresAccount.FirstLine(output);
    }

    /// <summary>Deletes what interrupted attempts to make the cluster left.</summary>
    void DropUnfinished()
    {
        foreach (var old in Directory.EnumerateDirectories(home, "making-*"))
        {
            try
            {
                Directory.Delete(old, recursive: true);
            }
            catch (IOException)
            {
                // The killed host's initdb still writes there; it gives up by itself, and the next start looks again.
            }
        }
    }

    /// <summary>Stops the server if it runs and waits for its end; connections are cut, nothing committed is lost.</summary>
    public async Task Stop()
    {
        if (ServerPid() is null) return;
        var (exit, _) = await account.Run(programs.Control, ["stop", "-w", "-t", "60", "-m", "fast", "-D", Data], CancellationToken.None);
        if (exit != 0) await account.Run(programs.Control, ["stop", "-w", "-t", "60", "-m", "immediate", "-D", Data], CancellationToken.None);
    }

    /// <summary>Leaves nothing in /tmp behind a server that has ended.</summary>
    public void DropSocketFolder()
    {
        if (ServerPid() is null && Directory.Exists(SocketFolder)) Directory.Delete(SocketFolder, recursive: true);
    }

    /// <summary>
    /// The server's process, or null when none runs. The number in postmaster.pid alone says little: after a crash it may belong
    /// to any other process, so that process's command line must name this cluster.
    /// </summary>
    public int? ServerPid()
    {
        if (NoticedPid() is not { } pid) return null;
        try
        {
            return CommandLine(pid).Contains(Data, StringComparison.Ordinal) ? pid : null;
        }
        catch (IOException)
        {
            return null; // ended just now
        }
    }

    /// <summary>
    /// After a crash: removes the lock files (the cluster's and the socket's) of a server that is gone. PostgreSQL itself would take
    /// it for running if any process of the same user has its number now. True if there were any. Shared memory still in use is
    /// refused by PostgreSQL regardless.
    /// </summary>
    public bool ForgetDeadServer()
    {
        if (ServerPid() is not null) return false;
        var left = new[] { PidFile, SocketFile, SocketFile + ".lock" }.Where(File.Exists).ToList();
        left.ForEach(File.Delete);
        return left.Count > 0;
    }

    static async Task<(string Home, PostgresAccount Account)> Home(string dataFolder, CancellationToken stop)
    {
        var pointer = Path.Combine(dataFolder, "postgres-folder");
        if (File.Exists(pointer))
        {
            var there = (await File.ReadAllTextAsync(pointer, stop)).Trim();
            return Directory.Exists(there)
                ? (there, await PostgresAccount.For(there, stop))
                : throw new StartRefused($"{pointer} says that the cluster stands in {there}, which is not there: restore it.");
        }
        // Two names of one folder must give one socket and one command line, hence its real path.
        var (_, real) = await PostgresAccount.Own.Run("sh", ["-c", "cd \"$1\" && pwd -P", "sh", dataFolder], stop);
        if (real.AsSpan().IndexOfAny("\"$`\\") >= 0) // pg_ctl hands the path to a shell within double quotes
            throw new StartRefused($"The data folder's path has a character that PostgreSQL's programs cannot handle (one of \" $ ` \\): {real.Trim()}");
        var home = Path.Combine(real.TrimEnd('\n'), "postgres");
        if (Directory.Exists(home)) return (home, await PostgresAccount.For(home, stop));

        var account = await PostgresAccount.For(null, stop);
        await account.MakeFolder(home, stop);
        if ((await account.Run("test", ["-w", home], stop)).Exit == 0) return (home, account);

        Directory.Delete(home);
        // A random part, because a data folder that was deleted and made anew must not find the old one's register.
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(real)))[..16];
        home = $"{Elsewhere}/{hash}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}";
        PrivateFiles.MakeFolder(Elsewhere);
        await account.MakeFolder(home, stop);
        PrivateFiles.Write(pointer, home + "\n");
        return (home, account);
    }

    static int? Major(string data)
    {
        try
        {
            return Directory.Exists(data)
                ? int.Parse(File.ReadAllText(Path.Combine(data, "PG_VERSION")).Trim(), CultureInfo.InvariantCulture)
                : null;
        }
        catch (Exception e) when (e is FormatException or FileNotFoundException)
        {
            throw new StartRefused($"{data} is not a PostgreSQL cluster of version {PostgresPrograms.Oldest} or later.", e);
        }
    }

    int? NoticedPid()
    {
        try
        {
            return int.TryParse(File.ReadLines(PidFile).FirstOrDefault(), CultureInfo.InvariantCulture, out var pid) ? pid : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Empty for a process that is gone, or that ended and was not collected by its parent yet.</summary>
    static string CommandLine(int pid)
    {
        if (Directory.Exists("/proc/self"))
            return File.Exists($"/proc/{pid}/cmdline") ? File.ReadAllText($"/proc/{pid}/cmdline") : "";
        using var ps = Process.Start(new ProcessStartInfo("ps", ["-ww", "-o", "command=", "-p", $"{pid}"]) { RedirectStandardOutput = true })!;
        return ps.StandardOutput.ReadToEnd();
    }

    async Task Must(string program, string[] arguments, CancellationToken stop, string input = "")
    {
        var (exit, output) = await account.Run(program, arguments, stop, input);
        stop.ThrowIfCancellationRequested();
        if (exit != 0) throw new StartRefused($"The cluster could not be made in {home}: {Reason(output)}");
    }

    static string Reason(string output) =>
        output.Split('\n').FirstOrDefault(l => l.Contains("error:", StringComparison.Ordinal) || l.Contains("FATAL", StringComparison.Ordinal)
            || l.Contains("ERROR", StringComparison.Ordinal)) ?? PostgresAccount.FirstLine(output);

    async Task WriteAs(string path, string text, CancellationToken stop)
    {
        var (exit, output) = await account.Run("sh", ["-c", "umask 077; cat > \"$1\"", "sh", path], stop, text);
        if (exit != 0) throw new StartRefused($"Cannot write {path}: {PostgresAccount.FirstLine(output)}");
    }

    /// <summary>An acknowledged event is on the disk; no value of a row reaches the server's log.</summary>
    string Settings => $"""
        listen_addresses = ''
        port = {Port}
        unix_socket_directories = '{SocketFolder}'
        unix_socket_permissions = 0700
        max_connections = 100
        shared_buffers = 256MB
        max_wal_size = 2GB
        # Segments of the log are used again rather than made anew: a new one is 16 MB of zeros, written while a commit waits.
        min_wal_size = 1GB
        fsync = on
        synchronous_commit = on
        full_page_writes = on
        password_encryption = scram-sha-256
        timezone = 'UTC'
        log_timezone = 'UTC'
        lc_messages = 'C'
        log_destination = 'stderr'
        logging_collector = off
        log_min_messages = warning
        log_checkpoints = off
        log_statement = none
        log_error_verbosity = terse
        log_min_error_statement = panic
        log_min_duration_statement = -1
        log_parameter_max_length_on_error = 0

        """;
}
