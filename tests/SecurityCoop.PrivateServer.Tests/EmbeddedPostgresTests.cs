using System.Diagnostics;
using Npgsql;
using Shouldly;
using Xunit;

namespace SecurityCoop.PrivateServer.Tests;

public sealed class EmbeddedPostgresTests : IDisposable
{
    readonly string root = Directory.CreateTempSubdirectory("embedded-postgres-").FullName;
    readonly List<string> said = [];

    public EmbeddedPostgresTests()
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(root, (UnixFileMode)0b111_101_101); // PostgreSQL may be another user
        if (Environment.GetEnvironmentVariable("CI") == "true") return; // there a missing PostgreSQL fails
        try
        {
            PostgresPrograms.Find(major: null);
        }
        catch (StartRefused e)
        {
            Assert.Skip(e.Message);
        }
    }

    public void Dispose()
    {
        if (File.Exists(Path.Combine(Data, "postgres-folder")))
            Directory.Delete(File.ReadAllText(Path.Combine(Data, "postgres-folder")).Trim(), recursive: true);
        Directory.Delete(root, recursive: true);
    }

    string Data => Path.Combine(root, "data");

    [Fact]
    public async Task A_file_beside_the_program_is_never_taken_for_a_program_of_the_system()
    {
        var planted = Path.Combine(AppContext.BaseDirectory, $"planted-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(planted, "#!/bin/sh\necho planted\n");
        File.SetUnixFileMode(planted, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            await Should.ThrowAsync<System.ComponentModel.Win32Exception>(PostgresAccount.Own.Run(Path.GetFileName(planted), [], CancellationToken.None));
        }
        finally
        {
            File.Delete(planted);
        }
    }

    [Fact]
    public async Task What_was_written_is_there_after_a_stop_and_a_start()
    {
        await using (var first = await Start(Data)) await Write(first);
        File.Exists(ServerLog()).ShouldBeTrue(); // the cluster stands in the data folder

        await using var second = await Start(Data);
        await ShouldHoldWhatWasWritten(second);
        said.ShouldBe(["Making a private PostgreSQL cluster; this happens once."]);
    }

    [Fact]
    public async Task The_server_is_durable_private_and_silent_about_rows()
    {
        await using var server = await Start(Data);
        foreach (var (setting, value) in new[]
        {
            ("fsync", "on"), ("synchronous_commit", "on"), ("full_page_writes", "on"), ("data_checksums", "on"), ("server_encoding", "UTF8"),
            ("listen_addresses", ""), ("password_encryption", "scram-sha-256"), ("log_statement", "none"), ("log_error_verbosity", "terse"),
            ("log_min_error_statement", "panic"), ("log_parameter_max_length_on_error", "0"),
        })
            (await Ask(server.OwnerConnectionString, $"SELECT current_setting('{setting}')")).ShouldBe(value, setting);

        await Should.ThrowAsync<PostgresException>(Ask(server.OwnerConnectionString,
            "CREATE TABLE secret (name text UNIQUE CHECK (name <> 'nobody-may-read-this')); INSERT INTO secret VALUES ('nobody-may-read-this')"));
        var log = await File.ReadAllTextAsync(ServerLog());
        log.ShouldContain("secret_name_check");
        log.ShouldNotContain("nobody-may-read-this");

        foreach (var file in new[] { ServerLog(), Path.Combine(Data, "postgres-passwords") })
            Mode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        var socketFolder = new NpgsqlConnectionStringBuilder(server.AppConnectionString).Host!;
        Mode(socketFolder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task The_application_may_connect_and_nothing_else_and_the_superuser_may_not_even_connect()
    {
        await using var server = await Start(Data);
        (await Ask(server.AppConnectionString, "SELECT current_user")).ShouldBe("securitycoop");
        foreach (var refused in new[] { "CREATE TABLE public.mine ()", "CREATE SCHEMA mine", "CREATE TEMP TABLE mine ()", "CREATE DATABASE mine", "CREATE ROLE mine" })
            (await Should.ThrowAsync<PostgresException>(Ask(server.AppConnectionString, refused))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, refused);

        var superuser = new NpgsqlConnectionStringBuilder(server.OwnerConnectionString) { Username = "postgres" }.ConnectionString;
        (await Should.ThrowAsync<PostgresException>(Ask(superuser, "SELECT 1"))).SqlState.ShouldBe(PostgresErrorCodes.InvalidAuthorizationSpecification);
        var wrongPassword = new NpgsqlConnectionStringBuilder(server.OwnerConnectionString) { Password = "guessed" }.ConnectionString;
        (await Should.ThrowAsync<PostgresException>(Ask(wrongPassword, "SELECT 1"))).SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
    }

    [Fact]
    public async Task A_data_folder_three_hundred_characters_deep_is_no_obstacle()
    {
        var deep = Path.Combine([Data, .. Enumerable.Repeat(new string('d', 99), 3), "it's here, with spaces"]);
        await using var server = await Start(deep);
        await Write(server);
        await ShouldHoldWhatWasWritten(server);
    }

    [Fact]
    public async Task A_data_folder_that_a_shell_would_misread_is_refused()
    {
        (await Should.ThrowAsync<StartRefused>(Start(Path.Combine(root, "$HOME")))).Message
            .ShouldBe($"The data folder's path has a character that PostgreSQL's programs cannot handle (one of \" $ ` \\): {root}/$HOME");
    }

    [Fact]
    public async Task Given_a_killed_server_When_the_host_runs_Then_it_is_told_and_the_next_start_recovers()
    {
        await using (var first = await Start(Data))
        {
            await Write(first);
            Process.GetProcessById(first.ServerPid).Kill();
            await first.Exited.WaitAsync(TimeSpan.FromSeconds(10));
        }
        File.Exists(PidFile).ShouldBeTrue();

        await using var second = await Start(Data);
        await ShouldHoldWhatWasWritten(second);
        second.Exited.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Given_a_killed_server_whose_process_number_now_belongs_to_another_process_When_it_starts_Then_it_recovers()
    {
        await using (var first = await Start(Data))
        {
            await Write(first);
            Process.GetProcessById(first.ServerPid).Kill();
            await first.Exited.WaitAsync(TimeSpan.FromSeconds(10));
        }
        // As PostgreSQL's own user: another user's process it does not take for its server.
        using var other = Process.Start(await AsServer("sleep", "60"))!;
        try
        {
            var lines = await File.ReadAllLinesAsync(PidFile);
            lines[0] = $"{other.Id}";
            await File.WriteAllLinesAsync(PidFile, lines);
            await File.WriteAllLinesAsync(Path.Combine(await MakeSocketFolder(), ".s.PGSQL.5432.lock"), lines);

            await using var second = await Start(Data);
            await ShouldHoldWhatWasWritten(second);
            other.HasExited.ShouldBeFalse();
        }
        finally
        {
            other.Kill();
        }
    }

    [Fact]
    public async Task Given_a_server_that_a_killed_host_left_running_When_a_host_starts_Then_it_takes_it_over_and_stops_it_at_its_own_end()
    {
        await using (var first = await Start(Data)) await Write(first);
        var left = await StartByHand();

        await using (var second = await Start(Data))
        {
            second.ServerPid.ShouldBe(left);
            said.ShouldContain($"PostgreSQL was still running (pid {left}); it is taken over.");
            await ShouldHoldWhatWasWritten(second);
        }
        File.Exists(PidFile).ShouldBeFalse();
    }

    [Fact]
    public async Task Given_a_server_left_running_whose_socket_is_gone_When_a_host_starts_Then_it_starts_it_anew()
    {
        await using (var first = await Start(Data)) await Write(first);
        var left = await StartByHand();
        Directory.Delete(File.ReadLines(PidFile).ElementAt(4), recursive: true);

        await using var second = await Start(Data);
        second.ServerPid.ShouldNotBe(left);
        await ShouldHoldWhatWasWritten(second);
    }

    [Fact]
    public async Task A_second_host_on_the_data_folder_is_refused_and_the_first_goes_on()
    {
        await using var first = await Start(Data);
        await Write(first);
        (await Should.ThrowAsync<StartRefused>(Start(Data))).Message
            .ShouldBe($"Another SecurityCoop (pid {Environment.ProcessId}) uses this data folder: {Data}");
        await ShouldHoldWhatWasWritten(first);
    }

    [Fact]
    public async Task Given_a_first_start_killed_while_it_makes_the_cluster_When_started_again_Then_the_cluster_is_made_anew()
    {
        using var kill = new CancellationTokenSource();
        var first = EmbeddedPostgres.Start(Data, said.Add, kill.Token);
        var home = Path.Combine(Data, "postgres");
        while (!first.IsCompleted && (!Directory.Exists(home) || !Directory.EnumerateFiles(home, "PG_VERSION", SearchOption.AllDirectories).Any()))
            await Task.Delay(5);
        await kill.CancelAsync(); // initdb and its children end as by kill -9
        await Should.ThrowAsync<OperationCanceledException>(first);
        Directory.EnumerateDirectories(home, "making-*").ShouldNotBeEmpty();
        Directory.Exists(Cluster).ShouldBeFalse();

        await using var second = await Start(Data);
        await Write(second);
        await ShouldHoldWhatWasWritten(second);
        Directory.EnumerateDirectories(home, "making-*").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_cluster_of_another_version_is_refused_and_left_alone()
    {
        await using (await Start(Data)) { }
        var version = Path.Combine(Cluster, "PG_VERSION");
        await File.WriteAllTextAsync(version, "11\n");
        (await Should.ThrowAsync<StartRefused>(Start(Data))).Message.ShouldStartWith("The data folder holds a PostgreSQL 11 cluster and needs the programs of that version (installed: ");
        (await File.ReadAllTextAsync(version)).ShouldBe("11\n");
    }

    [Fact]
    public async Task A_server_that_cannot_start_is_refused_with_its_own_reason()
    {
        await using (await Start(Data)) { }
        await File.AppendAllTextAsync(Path.Combine(Cluster, "postgresql.conf"), "\nshared_buffers = many\n");
        (await Should.ThrowAsync<StartRefused>(Start(Data))).Message.ShouldStartWith("PostgreSQL did not start: ");
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_refused_in_one_line()
    {
        await File.WriteAllTextAsync(Path.Combine(root, "file"), "");
        var message = (await Should.ThrowAsync<StartRefused>(Start(Path.Combine(root, "file", "data")))).Message;
        message.ShouldStartWith($"Cannot write in the data folder {Path.Combine(root, "file", "data")}: ");
        message.ShouldNotContain('\n');
    }

    [Fact]
    public async Task Given_root_and_a_data_folder_closed_to_others_When_it_starts_Then_the_cluster_stands_elsewhere_and_is_found_again()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only a host that runs as root starts PostgreSQL as another user.");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(root, (UnixFileMode)0b111_000_000);
        await using (var first = await Start(Data)) await Write(first);
        (await File.ReadAllTextAsync(Path.Combine(Data, "postgres-folder"))).ShouldStartWith("/var/lib/securitycoop/");
        Directory.Exists(Path.Combine(Data, "postgres")).ShouldBeFalse();
        await using var second = await Start(Data);
        await ShouldHoldWhatWasWritten(second);
    }

    [Fact]
    public void Without_PostgreSQL_the_line_says_what_to_install()
    {
        var message = Should.Throw<StartRefused>(() => PostgresPrograms.Find([root], major: null)).Message;
        message.ShouldStartWith("PostgreSQL 15 or later is needed (none is installed).");
        message.ShouldContain("apt-get install postgresql");
    }

    [Fact]
    public void Programs_of_different_versions_are_never_mixed()
    {
        Fake("17-without-server", "initdb", "17.1");
        foreach (var name in new[] { "postgres", "initdb", "pg_ctl" })
        {
            Fake("old", name, "14.9");
            Fake("15", name, "15.9");
            Fake("15-newer", name, "15.10");
        }
        var path = new[] { "17-without-server", "old", "15", "15-newer" }.Select(f => Path.Combine(root, f));
        PostgresPrograms.Find(path, major: null).Folder.ShouldBe(Path.Combine(root, "15-newer"));
        Should.Throw<StartRefused>(() => PostgresPrograms.Find([Path.Combine(root, "old")], major: null)).Message.ShouldContain("(installed: 14.9)");
    }

    Task<EmbeddedPostgres> Start(string folder) => EmbeddedPostgres.Start(folder, said.Add, CancellationToken.None);

    string Cluster => Path.Combine(Data, "postgres", "cluster");

    string PidFile => Path.Combine(Cluster, "postmaster.pid");

    string ServerLog() => Path.Combine(Data, "postgres", "server.log");

    static Task<object?> Write(EmbeddedPostgres server) => Ask(server.OwnerConnectionString, "CREATE TABLE kept AS SELECT 'still here' AS what");

    static async Task ShouldHoldWhatWasWritten(EmbeddedPostgres server) =>
        (await Ask(server.OwnerConnectionString, "SELECT what FROM kept")).ShouldBe("still here");

    static async Task<object?> Ask(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Leaves a server running that no host holds, as after kill -9 of the host.</summary>
    async Task<int> StartByHand()
    {
        await MakeSocketFolder();
        var start = await AsServer(PostgresPrograms.Find(null).Control, "start", "-s", "-w", "-D", Cluster, "-l", ServerLog());
        using var control = Process.Start(start)!;
        await control.WaitForExitAsync();
        control.ExitCode.ShouldBe(0);
        return int.Parse(File.ReadLines(PidFile).First(), System.Globalization.CultureInfo.InvariantCulture);
    }

    async Task<string> MakeSocketFolder()
    {
        var settings = await File.ReadAllTextAsync(Path.Combine(Cluster, "register.conf"));
        var folder = settings.Split('\'').First(part => part.StartsWith("/tmp/", StringComparison.Ordinal));
        await (await PostgresAccount.For(Cluster, CancellationToken.None)).MakeFolder(folder, CancellationToken.None);
        return folder;
    }

    /// <summary>A process as the user that owns the cluster.</summary>
    async Task<ProcessStartInfo> AsServer(string program, params string[] arguments)
    {
        var account = await PostgresAccount.For(Path.Combine(Data, "postgres"), CancellationToken.None);
        return account.Uid is null
            ? new(program, arguments) { WorkingDirectory = "/" }
            : new("setpriv", [$"--reuid={account.Uid}", $"--regid={account.Gid}", "--clear-groups", "--", program, .. arguments]) { WorkingDirectory = "/" };
    }

    static UnixFileMode Mode(string path) => OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);

    void Fake(string folder, string name, string version)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(root, folder)).FullName, name);
        File.WriteAllText(path, $"#!/bin/sh\necho '{name} (PostgreSQL) {version} (Debian)'\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
    }
}
