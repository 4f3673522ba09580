using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace SecurityCoop.PrivateServer;

/// <summary>
/// A private PostgreSQL server for one data folder, made from the machine's own programs. It listens on a Unix socket only, in a
/// folder that only its user can open, and knows two roles: the owner of the database, which migrates, and the application's,
/// which may connect and is granted the rest by the migrations. It runs in a session of its own, so that Ctrl-C reaches the host first.
/// </summary>
/// <remarks>
/// In the data folder: `postgres/` (the cluster and its log), `postgres-passwords`, `host.lock` and `host.pid`. Where the user that
/// PostgreSQL runs as cannot reach the data folder, the cluster stands under /var/lib/securitycoop and `postgres-folder` says where.
/// </remarks>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    const string Database = "securitycoop", Owner = "securitycoop_owner", Application = "securitycoop";

    readonly PostgresCluster cluster;
    readonly FileStream hold;
    readonly CancellationTokenSource ending = new();
    readonly TaskCompletionSource exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Task watch = Task.CompletedTask, starting = Task.CompletedTask;

    EmbeddedPostgres(PostgresCluster cluster, FileStream hold, string ownerPassword, string appPassword)
    {
        (this.cluster, this.hold) = (cluster, hold);
        OwnerConnectionString = Connection(cluster, Owner, ownerPassword);
        AppConnectionString = Connection(cluster, Application, appPassword);
    }

    /// <summary>For migrations: the role that owns the database and may make others beside it (a restore drill, the tests).</summary>
    public string OwnerConnectionString { get; }

    /// <summary>For everything else: the role that may do no more than connect, until a migration grants it something.</summary>
    public string AppConnectionString { get; }

    /// <summary>Completes when the server ended without having been told to; never after <see cref="DisposeAsync"/>.</summary>
    public Task Exited => exited.Task;

    /// <summary>The server's process, for the tests.</summary>
    internal int ServerPid => cluster.ServerPid() ?? throw new InvalidOperationException("The server does not run.");

    /// <summary>
    /// Starts the data folder's server, made and set up where there is none, or takes over the one that a killed host left running.
    /// Returns once it answers.
    /// </summary>
    /// <param name="dataFolder">Made if missing; relative to the working folder.</param>
    /// <param name="say">Told what takes long or went otherwise than usual, one plain sentence at a time.</param>
    /// <param name="stop">Ends the attempt; a server that it started is stopped again.</param>
    /// <exception cref="StartRefused">PostgreSQL is missing, too old or of another version than the cluster; the folder cannot be
    /// written or is in use by another host; the server does not start.</exception>
    public static async Task<EmbeddedPostgres> Start(string dataFolder, Action<string> say, CancellationToken stop)
    {
        if (OperatingSystem.IsWindows())
            throw new StartRefused("On Windows there is no private PostgreSQL: set ConnectionStrings__Register to use a server that already runs.");
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataFolder));
        var hold = Hold(folder);
        EmbeddedPostgres? server = null;
        try
        {
            var (ownerPassword, appPassword) = Passwords(folder);
            var cluster = await PostgresCluster.Open(folder, stop);
            server = new(cluster, hold, ownerPassword, appPassword);
            if (!cluster.Exists)
            {
                say("Making a private PostgreSQL cluster; this happens once.");
                await cluster.Make(Roles(ownerPassword, appPassword), [Owner, Application], stop);
            }
            if (cluster.ServerPid() is not { } left || !await server.TakeOver(left, say, stop))
                await server.StartServer(say, stop);
            server.watch = server.Watch(server.ServerPid);
            return server;
        }
        catch (Exception e)
        {
            if (server is not null) await server.DisposeAsync();
            else await hold.DisposeAsync();
            if (e is UnauthorizedAccessException or IOException) throw CannotWrite(folder, e);
            throw;
        }
    }

    /// <summary>The connection strings of the server that another host serves from this data folder; null where none does.</summary>
    /// <exception cref="StartRefused">The folder cannot be read.</exception>
    public static async Task<(string Owner, string Application)?> OfRunningHost(string dataFolder, CancellationToken stop)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataFolder));
        if (OperatingSystem.IsWindows() || !File.Exists(Path.Combine(folder, "host.lock"))) return null;
        try
        {
            await PrivateFiles.Lock(Path.Combine(folder, "host.lock")).DisposeAsync();
            return null;
        }
        catch (IOException e) when (e.HResult is 11 or 35) // as in Hold
        {
            var (ownerPassword, appPassword) = Passwords(folder);
            var cluster = await PostgresCluster.Open(folder, stop);
            return (Connection(cluster, Owner, ownerPassword), Connection(cluster, Application, appPassword));
        }
        catch (UnauthorizedAccessException e)
        {
            throw CannotWrite(folder, e);
        }
    }

    /// <summary>Stops the server (running transactions are rolled back), waits until it has ended, and lets go of the data folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (ending.IsCancellationRequested) return;
        await ending.CancelAsync();
        await watch;
        NpgsqlConnection.ClearPool(new NpgsqlConnection(AppConnectionString));
        NpgsqlConnection.ClearPool(new NpgsqlConnection(OwnerConnectionString));
        await cluster.Stop();
        await starting; // stopped before it had a number, the server comes up first
        await cluster.Stop();
        cluster.DropSocketFolder();
        await hold.DisposeAsync();
    }

    static string Connection(PostgresCluster cluster, string role, string password) => new NpgsqlConnectionStringBuilder
    {
        Host = cluster.SocketFolder, Port = PostgresCluster.Port, Database = Database, Username = role, Password = password,
    }.ConnectionString;

    /// <summary>What makes the roles and the database. Only the owner and the application can connect, and only to databases that let them.</summary>
    static string Roles(string ownerPassword, string appPassword) => $"""
        CREATE ROLE {Owner} LOGIN CREATEDB PASSWORD '{ownerPassword}'
        CREATE ROLE {Application} LOGIN PASSWORD '{appPassword}'
        CREATE DATABASE {Database} OWNER {Owner}
        REVOKE ALL ON DATABASE {Database}, postgres, template1 FROM PUBLIC
        GRANT CONNECT ON DATABASE {Database} TO {Application}

        """;

    /// <summary>A server left running by a killed host is used as it is, if it answers; otherwise it is stopped, and false returned.</summary>
    async Task<bool> TakeOver(int pid, Action<string> say, CancellationToken stop)
    {
        for (var waited = 0; waited < 100 && cluster.ServerPid() == pid; waited++)
        {
            if (waited > 10 && !File.Exists(cluster.SocketFile)) break; // it makes its socket as soon as it starts
            if (await Answers(stop))
            {
                say($"PostgreSQL was still running (pid {pid}); it is taken over.");
                return true;
            }
            await Task.Delay(100, stop);
        }
        await cluster.Stop();
        return false;
    }

    async Task StartServer(Action<string> say, CancellationToken stop)
    {
        // After a killed server its last children may hold the shared memory for a moment longer; nothing else is worth a second try.
        var tries = cluster.ForgetDeadServer() ? 100 : 1;
        while (true)
        {
            var start = cluster.StartServer();
            starting = start;
            for (var waited = 0; ; waited++)
            {
                if (await Answers(stop)) return;
                if (start.IsCompleted && await start is { } reason)
                {
                    await Task.Delay(100, stop); // Ctrl-C also ends the program that starts it, which is no failure
                    if (--tries == 0) throw new StartRefused($"PostgreSQL did not start: {reason} (its log: {cluster.LogFile})");
                    break;
                }
                if (waited == 250) say("PostgreSQL is still starting; after a crash it first recovers what was committed.");
                await Task.Delay(20, stop);
            }
        }
    }

    /// <summary>Whether the server lets the application in; false while it starts or ends.</summary>
    async Task<bool> Answers(CancellationToken stop)
    {
        if (!File.Exists(cluster.SocketFile)) return false;
        try
        {
            await using var connection = new NpgsqlConnection(AppConnectionString + ";Pooling=false;Timeout=5");
            await connection.OpenAsync(stop);
            return true;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InvalidPassword)
        {
            throw new StartRefused("The cluster does not accept the passwords of this data folder: restore the file `postgres-passwords` that belongs to it.", e);
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    async Task Watch(int pid)
    {
        try
        {
            while (cluster.ServerPid() == pid) await Task.Delay(500, ending.Token);
            exited.TrySetResult();
        }
        catch (OperationCanceledException)
        {
            // The host ends the server itself.
        }
    }

    /// <summary>Takes the data folder for this process. The operating system lets go of it when the process ends, however it ends.</summary>
    static FileStream Hold(string folder)
    {
        var pidFile = Path.Combine(folder, "host.pid");
        try
        {
            PrivateFiles.MakeFolder(folder);
            var hold = PrivateFiles.Lock(Path.Combine(folder, "host.lock"));
            File.WriteAllText(pidFile, $"{Environment.ProcessId}\n");
            return hold;
        }
        catch (IOException e) when (e.HResult is 11 or 35) // EWOULDBLOCK, on Linux and on macOS: the lock is taken
        {
            throw new StartRefused($"Another SecurityCoop (pid {File.ReadAllText(pidFile).Trim()}) uses this data folder: {folder}");
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw CannotWrite(folder, e);
        }
    }

    static StartRefused CannotWrite(string folder, Exception e) => new($"Cannot write in the data folder {folder}: {e.Message}", e);

    static (string Owner, string Application) Passwords(string folder)
    {
        var file = Path.Combine(folder, "postgres-passwords");
        if (!File.Exists(file))
            PrivateFiles.Write(file, $"{RandomNumberGenerator.GetHexString(48, lowercase: true)}\n{RandomNumberGenerator.GetHexString(48, lowercase: true)}\n");
        return File.ReadAllLines(file, Encoding.ASCII) is [{ Length: > 0 } owner, { Length: > 0 } application, ..]
            ? (owner, application)
            : throw new StartRefused($"{file} is damaged: restore it, or with no cluster in the data folder yet, delete it.");
    }
}
