using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SecurityCoop.Store;
using SecurityCoop.Ledger;
using SecurityCoop.PrivateServer;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Audit;
using SecurityCoop.Web.Exchange;
using SecurityCoop.Web.Search;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Exchange;

public sealed class ExportTests(ExportedHost host, TestPostgres postgres) : IClassFixture<ExportedHost>
{
    static readonly string[] asked =
    [
        "/api/partnerships?asOf=2026-02-01", "/api/partnerships/DK?asOf=2026-02-01", "/api/meetings", "/api/actions", "/api/instruments", "/api/sources", "/api/occasions", "/api/organisations",
        "/api/audit/events?limit=500", "/api/audit/records/DK-MTG-0001", "/api/organisations/ORG-0001", "/api/partnerships/PK/timeline", "/api/partnerships/PK/changes?from=@5",
    ];

    VerifierKey Key => VerifierKey.Parse(File.ReadAllText(Path.Combine(host.Data, "ledger.vkey")).Trim());

    async Task<ImportedHost> Imported(string file)
    {
        var imported = new ImportedHost(postgres, file);
        await imported.InitializeAsync();
        return imported;
    }

    static async Task ShouldBeSound(HostFixture copy, VerifierKey? given)
    {
        using var said = new StringWriter();
        (await Verifying.Run(copy.Store, given, null, said, default)).ShouldBe(0, said.ToString());
        said.ToString().ShouldStartWith("SOUND");
    }

    [Fact]
    public async Task After_an_import_the_index_of_words_is_filled_by_itself()
    {
        await using var copy = await Imported(host.History);
        var index = copy.Services.GetRequiredService<WordIndex>();
        for (var begun = DateTime.UtcNow; await index.Reach(default) < await copy.Head(); await Task.Delay(50))
            begun.AddSeconds(60).ShouldBeGreaterThan(DateTime.UtcNow);
        (await copy.Ask<long>("select count(*) from register.search_words")).ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task A_register_imported_with_its_keys_has_the_same_rows_gives_the_same_answers_opens_its_values_and_goes_on_signing()
    {
        var expected = await Tables.Read(host.OwnerConnection, keysToo: true);
        await using var copy = await Imported(host.WithKeys);
        (await Tables.Read(copy.OwnerConnection, keysToo: true)).ShouldBeThose(expected);
        foreach (var address in asked) (await copy.Http.Read(address)).Text.ShouldBe((await host.Http.Read(address)).Text, address);

        await copy.LoadSeeds();
        (await copy.Head()).ShouldBe(await host.Head(), "the answers to the seeds' keys are known");
        var name = (await copy.Http.Read($"/api/people/{host.Person}")).Json.GetProperty("names")[0];
        name.GetProperty("value").GetString().ShouldBe(ExportedHost.Name);
        (await copy.Http.Read($"/api/people/{host.Erased}")).Json.GetProperty("names")[0].TryGetProperty("erased", out _).ShouldBeTrue();
        File.Exists(Path.Combine(copy.Data, "keys", "erased", (await copy.Store.StreamOf(host.Erased))!)).ShouldBeTrue();

        // The next reference and the next checkpoint follow on those that came along.
        var before = int.Parse(host.Erased["PER-".Length..], CultureInfo.InvariantCulture);
        (await copy.Http.Record("/api/people", """{"name": "Olvek", "script": "Latn"}""")).Reference.ShouldBe($"PER-{before + 1:0000}");
        using var answer = await copy.Http.GetAsync("/api/audit/bundle");
        using var check = new BundleCheck(Key);
        var sound = check.Run(new MemoryStream(await answer.Content.ReadAsByteArrayAsync()));
        sound.Size.ShouldBe(await copy.Head());
        sound.Breaks.ShouldBeEmpty();
        await ShouldBeSound(copy, null);
    }

    [Fact]
    public async Task Without_keys_the_history_is_the_same_values_are_withheld_and_nothing_is_recorded_before_an_operator_opens_an_origin()
    {
        File.Exists(host.History + ".keys").ShouldBeFalse();
        foreach (var name in new[] { ExportedHost.Name, ExportedHost.Gone }) (await File.ReadAllTextAsync(host.History)).ShouldNotContain(name);
        var expected = await Tables.Read(host.OwnerConnection, keysToo: false);
        await using var copy = await Imported(host.History);
        (await Tables.Read(copy.OwnerConnection, keysToo: false)).ShouldBeThose(expected);
        (await copy.Ask<long>("select count(*) from register.idempotency")).ShouldBe(0);
        foreach (var address in asked) (await copy.Http.Read(address)).Text.ShouldBe((await host.Http.Read(address)).Text, address);

        await ShouldBeSound(copy, Key);
        var name2 = (await copy.Http.Read($"/api/people/{host.Person}")).Json.GetProperty("names")[0];
        (name2.GetProperty("withheld").GetBoolean(), name2.TryGetProperty("value", out _), name2.TryGetProperty("missing", out _)).ShouldBe((true, false, false));
        (await copy.Http.Read($"/api/people/{host.Erased}")).Json.GetProperty("names")[0].TryGetProperty("erased", out _).ShouldBeTrue();
        (await copy.Http.Command("/api/partnerships/DK/notes", """{"note": "more"}""")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);

        // Gone on with, the person's new values open and the old ones stay withheld.
        // As the console does it, beside the host, whose signer goes on refusing.
        await using (var console = await Setup.OpenStore(copy.ApplicationConnection, copy.Data, default)) await console.OpenOrigin("operator", "a copy of its own");
        await copy.Restart();
        await copy.Http.Record($"/api/people/{host.Person}/variants", """{"name": "Qvarn II"}""");
        var names = (await copy.Http.Read($"/api/people/{host.Person}")).Json.GetProperty("names");
        names[0].GetProperty("withheld").GetBoolean().ShouldBeTrue();
        names[1].GetProperty("value").GetString().ShouldBe("Qvarn II");
        // And can be exported again, with what was withheld still withheld.
        var again = host.History + "-again";
        (await ExchangeConsole.Write(copy.Store, again, true, default)).ShouldBe(0);
        var gone = await Tables.Read(copy.OwnerConnection, keysToo: true);
        await using var third = await Imported(again);
        (await Tables.Read(third.OwnerConnection, keysToo: true)).ShouldBeThose(gone);
        await ShouldBeSound(third, null);
        (await third.Http.Read($"/api/people/{host.Person}")).Json.GetProperty("names")[1].GetProperty("value").GetString().ShouldBe("Qvarn II");
        third.Store.WithheldThrough.ShouldBe(await host.Head());
    }

    [Fact]
    public async Task Stopped_after_any_step_and_started_again_an_import_gives_the_same_register_and_until_then_nobody_can_use_it()
    {
        var expected = await Tables.Read(host.OwnerConnection, keysToo: true);
        var (application, owner) = await postgres.NewDatabase();
        var folder = Directory.CreateTempSubdirectory("import-").FullName;
        var (stops, partial) = (0, 0);
        for (var after = 1; ; stops++)
        {
            var told = 0;
            try
            {
                await using var history = File.OpenRead(host.WithKeys);
                await using var keys = File.OpenRead(host.WithKeys + ".keys");
                await RegisterImport.Run(owner, Setup.Model, Path.Combine(folder, "keys"), history, keys, new()
                {
                    Batch = 1 + stops % 4,
                    Progress = (what, _, _) => { if (what == "Importing" && ++told == after) throw new TimeoutException("stopped"); },
                }, default);
                break;
            }
            catch (TimeoutException)
            {
                after = 1 + stops % 3;
                (await Should.ThrowAsync<StartRefused>(Setup.OpenStore(application, folder, default))).Message.ShouldContain("goes on with it");
                partial++;
            }
        }
        partial.ShouldBeGreaterThan(8);
        (await ExchangeConsole.Read(owner, application, folder, host.WithKeys, 500, default)).ShouldBe(0);
        (await Tables.Read(owner, keysToo: true)).ShouldBeThose(expected);
        (await ExchangeConsole.Read(owner, application, folder, host.WithKeys, 500, default)).ShouldBe(0, "it is all there");
        (await Tables.Read(owner, keysToo: true)).ShouldBeThose(expected);
        Directory.Delete(folder, recursive: true);
    }

    // How many events a database holds that may not have its tables yet.
    static async Task<long> Events(string owner)
    {
        await using var connection = new NpgsqlConnection(owner);
        await connection.OpenAsync();
        await using var count = new NpgsqlCommand("select count(*) from register.mt_events", connection);
        try
        {
            return (long)(await count.ExecuteScalarAsync())!;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            return 0;
        }
    }

    [Fact]
    public async Task Killed_at_random_and_started_again_it_gives_the_same_register()
    {
        var expected = await Tables.Read(host.OwnerConnection, keysToo: true);
        var (application, owner) = await postgres.NewDatabase();
        var (folder, random, seed) = (Directory.CreateTempSubdirectory("import-").FullName, new Random(41), 0);
        var codes = new List<int>();
        for (; codes.Count < 30 && (codes.Count == 0 || codes[^1] != 0); seed++)
        {
            using var process = ConsoleProcess.Start(["import", host.WithKeys, "--data", folder, "--batch", "5"], application, owner);
            // The first ones are killed within what they do, once so many events are there and a moment later; then one is left alone.
            var (events, wait) = (random.Next(0, 100), random.Next(0, 200));
            if (seed < 6)
            {
                while (!process.HasExited && await Events(owner) < events) await Task.Delay(1);
                await Task.Delay(wait);
                process.Kill();
            }
            else await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            codes.Add(process.ExitCode);
            if (process.ExitCode is not (0 or 137)) (await process.StandardError.ReadToEndAsync()).ShouldBe("", "it was killed or it succeeded");
        }
        codes[^1].ShouldBe(0, string.Join(' ', codes));
        codes.ShouldContain(137, "some were killed on their way");
        (await Tables.Read(owner, keysToo: true)).ShouldBeThose(expected);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Of_a_file_that_is_cut_off_or_changed_nothing_is_imported()
    {
        var (application, owner) = await postgres.NewDatabase();
        var folder = Directory.CreateTempSubdirectory("import-").FullName;
        var whole = await File.ReadAllBytesAsync(host.History);
        var (random, before) = (new Random(7), await Tables.Read(owner, keysToo: true));
        for (var i = 0; i < 40; i++)
        {
            var damaged = whole.ToArray();
            if (i % 4 == 0) damaged = damaged[..random.Next(damaged.Length)];
            else damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            var refused = await Should.ThrowAsync<StartRefused>(async () => await RegisterImport.Run(owner, Setup.Model, Path.Combine(folder, "keys"), new MemoryStream(damaged), null));
            refused.Message.ShouldStartWith("The file of the history");
        }
        // Lines that hash to the digest and are not the history of the first line.
        var lines = Encoding.UTF8.GetString(whole).TrimEnd('\n').Split('\n')[..^1];
        foreach (var (wrong, says) in new (string[], string)[]
        {
            ([.. lines[..10], .. lines[11..]], "not contiguous|recorded before|root|events"),
            ([.. lines[..9], lines[10], lines[9], .. lines[11..]], "not contiguous|recorded before|root"),
            ([lines[0].Replace("\"size\":", "\"size\":1", StringComparison.Ordinal), .. lines[1..]], "the first line says"),
            ([.. lines[..5], lines[5].Replace("\\\"marking\\\":\\\"open\\\"", "\\\"marking\\\":\\\"secret\\\"", StringComparison.Ordinal), .. lines[6..]], "root"),
            ([.. lines.Select(l => System.Text.RegularExpressions.Regex.Replace(l, ",\"protected\":\\[\\[.*?\\]\\]", ""))], "protected values"),
        })
        {
            var text = string.Concat(wrong.Select(l => l + "\n"));
            text += $"{{\"sha256\":\"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)))}\"}}\n";
            (await Should.ThrowAsync<StartRefused>(async () => await RegisterImport.Run(owner, Setup.Model, Path.Combine(folder, "keys"), new MemoryStream(Encoding.UTF8.GetBytes(text)), null))).Message.ShouldMatch(says);
        }
        (await Tables.Read(owner, keysToo: true)).ShouldBeThose(before);
        Directory.Exists(Path.Combine(folder, "keys")).ShouldBeFalse();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task What_is_not_empty_or_not_its_own_is_left_alone()
    {
        (await ExchangeConsole.Read(host.OwnerConnection, host.ApplicationConnection, host.Data, host.History, 500, default)).ShouldBe(0, "it is all there");
        await using var other = new HostFixture(postgres);
        await other.InitializeAsync();
        await other.Http.Record("/api/partnerships", """{"partner": "DK"}""");
        (await Should.ThrowAsync<StartRefused>(ExchangeConsole.Read(other.OwnerConnection, other.ApplicationConnection, other.Data, host.History, 500, default))).Message.ShouldContain("holds 1 events");
        var (application, owner) = await postgres.NewDatabase();
        (await Should.ThrowAsync<StartRefused>(ExchangeConsole.Read(owner, application, other.Data, host.History, 500, default))).Message.ShouldContain("keys of another register");
        (await Should.ThrowAsync<StartRefused>(ExchangeConsole.Read(owner, application, other.Data, host.WithKeys, 500, default))).Message.ShouldContain("keys of another register");
        // Keys that were exported with another history.
        var mixed = host.History + "-mixed";
        (await ExchangeConsole.Write(other.Store, mixed, true, default)).ShouldBe(0);
        File.Copy(host.History, mixed, overwrite: true);
        (await Should.ThrowAsync<StartRefused>(ExchangeConsole.Read(owner, application, Path.Combine(other.Data, "new"), mixed, 500, default))).Message.ShouldContain("belongs to another export");
        (await Should.ThrowAsync<StartRefused>(ExchangeConsole.Read(owner, application, other.Data, host.History + "-absent", 500, default))).Message.ShouldContain("cannot be imported");
        // A history that was begun with is gone on with, and with no other.
        var half = new ImportOptions { Batch = 5, Progress = (what, done, _) => { if (what == "Importing" && done > 20) throw new TimeoutException(); } };
        await Should.ThrowAsync<TimeoutException>(async () => await RegisterImport.Run(owner, Setup.Model, Path.Combine(other.Data, "half", "keys"), File.OpenRead(host.History), null, half));
        var (own, shown) = (host.History + "-other", Path.Combine(other.Data, "half"));
        (await ExchangeConsole.Write(other.Store, own, false, default)).ShouldBe(0);
        (await Should.ThrowAsync<StartRefused>(ExchangeConsole.Read(owner, application, Path.Combine(other.Data, "half2"), own, 500, default))).Message.ShouldContain("of another history was interrupted");
        (await ExchangeConsole.Read(owner, application, shown, host.History, 500, default)).ShouldBe(0);
    }

    [Fact]
    public async Task Files_are_their_owners_alone_and_hold_no_tokens()
    {
        if (!OperatingSystem.IsWindows())
            foreach (var file in new[] { host.History, host.WithKeys, host.WithKeys + ".keys" }) File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        foreach (var file in new[] { host.History, host.WithKeys, host.WithKeys + ".keys" }) (await File.ReadAllTextAsync(file)).ShouldNotContain(host.Token);
        Directory.GetFiles(Path.GetDirectoryName(host.History)!, "*.part").ShouldBeEmpty();
        (await Should.ThrowAsync<StartRefused>(ExchangeConsole.Write(host.Store, "-", true, default))).Message.ShouldContain("not written to the standard output");
        (await Should.ThrowAsync<StartRefused>(ExchangeConsole.Write(host.Store, Path.Combine(host.Data, "no", "folder"), false, default))).Message.ShouldContain("cannot be written");
    }
}

/// <summary>On a register of its own: that it was exported on the command line is an event of it.</summary>
public sealed class ExportedOutputTests(ExportedHost host) : IClassFixture<ExportedHost>
{
    [Fact]
    public async Task On_the_command_line_the_history_goes_to_the_standard_output_too_and_that_it_did_is_recorded()
    {
        var before = (await File.ReadAllLinesAsync(host.History))[1..]; // Without the line of the head.
        using var process = ConsoleProcess.Start(["export", "-", "--data", host.Data], host.ApplicationConnection, host.OwnerConnection);
        var lines = (await process.StandardOutput.ReadToEndAsync()).Split('\n');
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0);
        before.Length.ShouldBeGreaterThan(100);
        before.Except(lines).Where(l => l.Contains("\"header\"", StringComparison.Ordinal)).ShouldBeEmpty();
        var recorded = lines.Except(before).Where(l => l.Contains("\"header\"", StringComparison.Ordinal)).ShouldHaveSingleItem();
        recorded.ShouldContain("access_read");
        recorded.ShouldContain("securitycoop export");
        recorded.ShouldContain("\\\"actor\\\":\\\"console\\\"");
    }
}
