using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Npgsql;
using SecurityCoop.PrivateServer;
using SecurityCoop.Web.Tests.Description;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>Backup, destruction and restore by the commands that docs/operations.md gives, as they stand there: only the names in them
/// are filled in.</summary>
[Collection(nameof(Alone))]
[Trait("Run", "long")]
public sealed partial class BackupTests : IAsyncLifetime
{
    readonly string folder = Directory.CreateTempSubdirectory("backup-").FullName;

    string Data => Path.Combine(folder, "data");

    public ValueTask InitializeAsync()
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101); // PostgreSQL may run as another user
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_was_backed_up_with_the_commands_of_the_page_is_there_again_with_names_and_tokens_after_all_is_destroyed()
    {
        var blocks = Commands("Backup and restore");
        string token, name;
        using (var first = await Host.Start(Data, []))
        {
            token = (await File.ReadAllTextAsync(Path.Combine(Data, "token"))).Trim();
            using var http = first.Client(token);
            var made = await http.Record("/api/people", """{"name": "Amal Example", "marking": "open"}""");
            name = made.Reference!;
            await http.Record("/api/partnerships", """{"partner": "DK", "marking": "open"}""");
            await Shell(blocks[0].Replace("data=.data", $"data={Data}", StringComparison.Ordinal).Replace("$data/postgres/cluster", Cluster, StringComparison.Ordinal));
            await first.Stop();
        }
        // Destruction: of all that there was only the two backups are left.
        var elsewhere = Path.Combine(Data, "postgres-folder");
        if (File.Exists(elsewhere)) Directory.Delete((await File.ReadAllTextAsync(elsewhere)).Trim(), recursive: true);
        Directory.Delete(Data, recursive: true);

        await using var server = await EmbeddedPostgres.Start(Path.Combine(folder, "server"), _ => { }, CancellationToken.None);
        var owner = new NpgsqlConnectionStringBuilder(server.OwnerConnectionString);
        await Shell(blocks[1].Replace("HOST", owner.Host, StringComparison.Ordinal), ("PGPASSWORD", owner.Password!));
        using var second = await Host.Start(Path.Combine(folder, "restored"),
            [("ConnectionStrings__Register", server.AppConnectionString), ("ConnectionStrings__RegisterMigrations", server.OwnerConnectionString)]);
        using var again = second.Client(token);
        (await again.Read($"/api/people/{name}")).Text.ShouldContain("Amal Example");
        (await again.Read("/api/partnerships/DK")).Status.ShouldBe(HttpStatusCode.OK);
        await again.Record("/api/partnerships/DK/notes", """{"note": "After the restore."}""");
        await second.Stop();
    }

    string Cluster => File.Exists(Path.Combine(Data, "postgres-folder"))
        ? Path.Combine(File.ReadAllText(Path.Combine(Data, "postgres-folder")).Trim(), "cluster") : "$data/postgres/cluster";

    // The indented blocks of a section.
    static List<string> Commands(string section)
    {
        var page = File.ReadAllText(Path.Combine(Documents.Root, "docs", "operations.md"));
        var text = page[page.IndexOf($"## {section}\n", StringComparison.Ordinal)..];
        text = text[..text.IndexOf("\n## ", 4, StringComparison.Ordinal)];
        return [.. Block().Matches(text).Select(m => string.Join('\n', m.Value.Split('\n').Select(l => l.Length > 4 ? l[4..] : "")))];
    }

    [GeneratedRegex(@"(?<=\n\n)(?:    .+\n)+")] private static partial Regex Block();

    async Task Shell(string commands, params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", commands]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{PostgresPrograms.Find(null).Folder}:{start.Environment["PATH"]}";
        foreach (var (name, value) in settings) start.Environment[name] = value;
        using var shell = Process.Start(start)!;
        var (output, errors) = (shell.StandardOutput.ReadToEndAsync(), shell.StandardError.ReadToEndAsync());
        await shell.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        shell.ExitCode.ShouldBe(0, $"{commands}\n{await output}{await errors}");
    }

    public ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>A serving host as a process of its own.</summary>
    sealed class Host : IDisposable
    {
        readonly Process process;
        readonly string address;

        Host(Process process, string address) => (this.process, this.address) = (process, address);

        public static async Task<Host> Start(string data, (string Name, string Value)[] settings)
        {
            var process = ConsoleProcess.Start(["serve", "--data", data, "--no-seed", "--urls", "http://127.0.0.1:0"], "", "", settings);
            var errors = process.StandardError.ReadToEndAsync();
            while (await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)) is { } line)
                if (line.StartsWith("SecurityCoop serves on ", StringComparison.Ordinal))
                {
                    _ = process.StandardOutput.ReadToEndAsync();
                    return new(process, line["SecurityCoop serves on ".Length..]);
                }
            throw new InvalidOperationException($"The host did not start: {await errors}");
        }

        public HttpClient Client(string token)
        {
            var http = new HttpClient { BaseAddress = new(address) };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return http;
        }

        public async Task Stop()
        {
            // Not SIGINT: a shell has what it starts in the background ignore that.
            using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        }

        public void Dispose()
        {
            if (!process.HasExited) process.Kill();
            process.Dispose();
        }
    }
}
