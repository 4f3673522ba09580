using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using SecurityCoop.Store;
using SecurityCoop.Register;
using SecurityCoop.Register.People;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Privacy;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Privacy;

/// <summary>What was erased is nowhere, comes back from no copy, and the history still holds.</summary>
public sealed class ErasureTests(HostFixture host, TestPostgres postgres) : IClassFixture<HostFixture>
{
    const string Request = """{"legalBasis": "law 09-08, article 8", "reason": "asked for by the person"}""", Why = """{"reason": "checked"}""";

    async Task<string> Describe(string name) =>
        (await host.Http.Record("/api/people", $$"""{"name": "{{name}}", "script": "Latn", "contact": "{{name}}@example.org"}""")).Reference!;

    async Task<string> Erase(string person)
    {
        await host.Http.Record($"/api/people/{person}/erasure", Request);
        using var auditor = await host.As(Marking.Secret, Role.Auditor);
        var erased = await auditor.Record($"/api/people/{person}/erasure/approval", Why);
        erased.Events.ShouldBe(["person_erased"]);
        return (await host.Store.StreamOf(person))!;
    }

    async Task<JsonElement> Names(string person, HttpClient? http = null) => (await (http ?? host.Http).Read($"/api/people/{person}")).Json.GetProperty("names");

    static readonly string[] closed = ["kind", "event", "script"];

    [Fact]
    public async Task Erased_with_two_people_a_value_is_in_no_file_dump_or_log_and_every_leaf_is_as_it_was()
    {
        const string name = "Qzxv Wqmtrewk-Jhfgbn";
        await host.Http.Record("/api/partnerships", """{"partner": "DK"}""");
        var person = await Describe(name);
        await host.Http.Record($"/api/people/{person}/variants", $$"""{"name": "{{name}} II"}""");
        await host.Http.Record("/api/partnerships/DK/notes", $$"""{"note": "{{name}} said so", "protectFor": "{{person}}"}""");
        (await Names(person))[0].GetProperty("value").GetString().ShouldBe(name);
        await NowhereInTheClear(name); // before, too
        var (size, before) = (await host.Head(), await Leaves());

        (await host.Http.Command($"/api/people/{person}/erasure", """{"legalBasis": "law"}""")).ShouldBeProblem(400, "required", "/reason");
        var asked = await host.Http.Record($"/api/people/{person}/erasure", Request);
        asked.Events.ShouldBe(["person_erasure_requested"]);
        (await host.Http.Record($"/api/people/{person}/erasure", Request)).Events.ShouldBeEmpty();
        (await host.Http.Command($"/api/people/{person}/erasure/approval", Why)).ShouldBeProblem(409, "same-person");
        (await Names(person))[0].GetProperty("value").GetString().ShouldBe(name);
        using var auditor = await host.As(Marking.Secret, Role.Auditor);
        var answer = await auditor.Record($"/api/people/{person}/erasure/approval", Why);
        answer.Events.ShouldBe(["person_erased"]);
        (await auditor.Record($"/api/people/{person}/erasure/approval", Why)).Events.ShouldBeEmpty();

        var record = (await host.Http.Read($"/api/people/{person}")).Json;
        foreach (var entry in record.GetProperty("names").EnumerateArray())
        {
            entry.EnumerateObject().Select(p => p.Name).Except(closed).ShouldBe(["erased"]);
            entry.GetProperty("erased").GetProperty("position").GetInt64().ShouldBe(answer.Position);
        }
        record.GetProperty("names").GetArrayLength().ShouldBe(3);
        var erased = (await auditor.Read($"/api/audit/events/{answer.Position}")).Json;
        var request = (await auditor.Read($"/api/audit/events/{asked.Position}")).Json;
        erased.GetProperty("actor").GetString().ShouldBe("auditor");
        erased.GetProperty("reason").GetString().ShouldBe("checked");
        request.GetProperty("reason").GetString().ShouldBe("asked for by the person");
        erased.GetProperty("body").GetRawText().ShouldBe(
            $$"""{"approvedBy":"auditor","count":4,"legalBasis":"law 09-08, article 8","request":"{{request.GetProperty("id").GetString()}}","requestedBy":"steward","through":{{answer.Position - 1}}}""");
        foreach (var e in (await auditor.Read($"/api/audit/records/{person}")).Json.GetProperty("events").EnumerateArray().Where(e => e.TryGetProperty("protected", out _)))
            foreach (var value in e.GetProperty("protected").EnumerateArray()) value.GetProperty("erased").GetProperty("position").GetInt64().ShouldBe(answer.Position);
        (await auditor.Read($"/records/{person}?lang=en")).Text.ShouldContain("(erased on ");

        await NowhereInTheClear(name);
        var stream = (await host.Store.StreamOf(person))!;
        Directory.GetFiles(Path.Combine(host.Data, "keys", "subjects")).ShouldNotContain(f => f.Contains(stream, StringComparison.Ordinal));
        (await Leaves()).Take((int)size).ShouldBe(before);
        (await host.Http.Command($"/api/people/{person}/variants", """{"name": "again"}""")).ShouldBeProblem(409, "erased");
    }

    // Three references of one person, and a text that somebody protected for one of them: whoever asks under any of them is gone under all.
    [Fact]
    public async Task What_was_merged_is_erased_with_the_person_under_whichever_reference_it_is_asked_for()
    {
        const string name = "Wqpl Zxcvbn-Ghjkty";
        await host.Http.Record("/api/partnerships", """{"partner": "PT"}""");
        var people = new[] { await Describe(name), await Describe($"{name} II"), await Describe($"{name} III") };
        await host.Http.Record("/api/partnerships/PT/notes", $$"""{"note": "{{name}} said so", "protectFor": "{{people[0]}}"}""");
        var streams = await Task.WhenAll(people.Select(async p => (await host.Store.StreamOf(p))!));
        await host.Http.Record($"/api/people/{people[0]}/merges", $$"""{"into": "{{people[1]}}", "reason": "one person"}""");
        await host.Http.Record($"/api/people/{people[1]}/merges", $$"""{"into": "{{people[2]}}", "reason": "one person"}""");
        (await Names(people[2])).EnumerateArray().Select(n => n.GetProperty("value").GetString()).ShouldContain(name);

        await host.Http.Record($"/api/people/{people[1]}/erasure", Request);
        using var auditor = await host.As(Marking.Secret, Role.Auditor);
        var answer = await auditor.Record($"/api/people/{people[0]}/erasure/approval", Why);
        (answer.Reference, string.Join(' ', answer.Events)).ShouldBe((people[2], "person_erased person_erased person_erased"));
        foreach (var entry in (await Names(people[0])).EnumerateArray()) entry.EnumerateObject().Select(p => p.Name).Except(closed).ShouldBe(["erased"]);
        var counts = new List<long>();
        for (var position = answer.Position - 2; position <= answer.Position; position++)
        {
            var erased = (await auditor.Read($"/api/audit/events/{position}")).Json;
            counts.Add(erased.GetProperty("body").GetProperty("count").GetInt64());
            erased.GetProperty("body").GetProperty("through").GetInt64().ShouldBe(answer.Position - 3);
        }
        counts.ShouldBe([2, 2, 3], "the survivor's first, then what was merged into it, and into that");

        await NowhereInTheClear(name);
        foreach (var stream in streams) File.Exists(Path.Combine(host.Data, "keys", "subjects", $"{stream}.key")).ShouldBeFalse();
        (await host.Http.Read($"/api/search?q={Uri.EscapeDataString(name)}")).Text.ShouldNotContain(people[2]);
        using (var export = await auditor.GetAsync("/api/audit/bundle"))
        {
            var bundle = await export.Content.ReadAsByteArrayAsync();
            bundle.AsSpan().IndexOf(Encoding.UTF8.GetBytes("Ghjkty")).ShouldBe(-1);
            using var check = new SecurityCoop.Ledger.BundleCheck(host.Store.VerifierKey!);
            check.Run(new MemoryStream(bundle)).Erased.ShouldBeGreaterThanOrEqualTo(7);
        }
        (await host.Store.Verify(host.Store.VerifierKey!)).Erased.ShouldBeGreaterThanOrEqualTo(7);

        var late = await Describe("Found Later");
        (await host.Http.Command($"/api/people/{late}/merges", $$"""{"into": "{{people[0]}}", "reason": "one person"}""")).ShouldBeProblem(409, "erased");
    }

    [Fact]
    public async Task An_old_copy_of_the_keys_brings_nothing_back()
    {
        var person = await Describe("Kept In A Backup");
        var (keys, copy) = (Path.Combine(host.Data, "keys"), Path.Combine(host.Data, "keys-of-yesterday"));
        Copy(keys, copy);
        var stream = await Erase(person);
        File.Exists(Path.Combine(copy, "subjects", $"{stream}.key")).ShouldBeTrue();
        await host.Restart(() =>
        {
            Directory.Delete(keys, recursive: true);
            Directory.Move(copy, keys);
        });
        File.Exists(Path.Combine(keys, "subjects", $"{stream}.key")).ShouldBeFalse("the start carries out what the log says");
        (await Names(person))[0].TryGetProperty("erased", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task A_crash_between_the_event_and_the_key_is_made_good_by_whoever_follows_the_log()
    {
        var person = await Describe("Between Two Steps");
        var stream = (await host.Store.StreamOf(person))!;
        var row = await host.Store.Row(RecordKinds.Person, stream);
        await host.Store.Append(new(Guid.CreateVersion7(), [new(stream, "person", row.Version,
            [new(Guid.CreateVersion7(), new PersonErased(2, "law", "a", "b", Guid.CreateVersion7()), new("b", Guid.CreateVersion7(), "restricted"))])]));
        File.Exists(Path.Combine(host.Data, "keys", "subjects", $"{stream}.key")).ShouldBeTrue("as after a crash");
        await ((Erasures)host.Services.GetService(typeof(Erasures))!).CarryOut();
        File.Exists(Path.Combine(host.Data, "keys", "subjects", $"{stream}.key")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_held_person_is_not_erased_until_the_hold_is_released()
    {
        var person = await Describe("Held For A Court");
        await host.Http.Record($"/api/people/{person}/erasure", Request);
        (await host.Http.Record($"/api/people/{person}/hold", """{"legalBasis": "order of a court", "reason": "proceeding"}""")).Events.ShouldBe(["person_hold_placed"]);
        using var auditor = await host.As(Marking.Secret, Role.Auditor);
        var refused = await auditor.Command($"/api/people/{person}/erasure/approval", Why);
        refused.ShouldBeProblem(409, "legal-hold");
        refused.Text.ShouldContain("order of a court");
        var hold = (await host.Http.Read($"/api/people/{person}")).Json.GetProperty("holds")[0];
        hold.GetProperty("legalBasis").GetString().ShouldBe("order of a court");
        (await host.Http.Record($"/api/people/{person}/hold/release", """{"reason": "closed"}""")).Events.ShouldBe(["person_hold_released"]);
        (await host.Http.Read($"/api/people/{person}")).Json.GetProperty("holds")[0].GetProperty("released").GetBoolean().ShouldBeTrue();
        (await auditor.Record($"/api/people/{person}/erasure/cancellation", """{"reason": "not founded"}""")).Events.ShouldBe(["person_erasure_cancelled"]);
        (await auditor.Command($"/api/people/{person}/erasure/approval", Why)).ShouldBeProblem(409, "no-erasure-requested");
        (await Names(person))[0].GetProperty("value").GetString().ShouldBe("Held For A Court");
    }

    [Theory]
    [InlineData(Role.Recorder, "erasure")]
    [InlineData(Role.Auditor, "erasure")]
    [InlineData(Role.Validator, "erasure/approval")]
    [InlineData(Role.Recorder, "erasure/cancellation")]
    [InlineData(Role.Auditor, "hold")]
    [InlineData(Role.Recorder, "hold/release")]
    public async Task Nobody_else_erases_or_keeps(Role role, string what)
    {
        var person = await Describe("Not To Be Touched");
        using var http = await host.As(Marking.Secret, role);
        (await http.Command($"/api/people/{person}/{what}", Request)).ShouldBeProblem(403, "forbidden");
    }

    [Fact]
    public async Task A_key_that_is_gone_without_an_erasure_is_not_called_erased()
    {
        var person = await Describe("Lost With The Disk");
        var (key, found) = (Path.Combine(host.Data, "keys", "subjects", $"{await host.Store.StreamOf(person)}.key"), Path.Combine(host.Data, "found-again"));
        File.Move(key, found);
        (await Names(person))[0].EnumerateObject().Select(p => p.Name).Except(closed).ShouldBe(["missing"]);
        var lost = await Should.ThrowAsync<SecurityCoop.Ledger.HistoryFault>(() => host.Store.Verify(host.Store.VerifierKey!));
        lost.Message.ShouldContain("neither opened nor withheld, and no erasure of");
        File.Move(found, key);
    }

    async Task<List<string>> Leaves()
    {
        await using var source = NpgsqlDataSource.Create(host.OwnerConnection);
        await using var command = source.CreateCommand("select header, leaf from register.ledger_entry order by position");
        await using var reader = await command.ExecuteReaderAsync();
        var leaves = new List<string>();
        while (await reader.ReadAsync())
        {
            var leaf = Convert.ToHexString(reader.GetFieldValue<byte[]>(1));
            leaf.ShouldBe(Convert.ToHexString(SHA256.HashData([0, .. reader.GetFieldValue<byte[]>(0)])));
            leaves.Add(leaf);
        }
        return leaves;
    }

    // A title that nobody protected is searched for in the same way, and must be found.
    // Host and server go on writing, moving and removing files meanwhile; null: it is gone.
    static async Task<byte[]?> Content(string file)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                await using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using var copy = new MemoryStream();
                await open.CopyToAsync(copy);
                return copy.ToArray();
            }
            catch (FileNotFoundException)
            {
                return null;
            }
            catch (IOException) when (attempt < 50)
            {
                // Whoever writes it has it alone for a moment.
                await Task.Delay(20);
            }
    }

    async Task NowhereInTheClear(string value)
    {
        var control = $"Title in the clear {Guid.CreateVersion7()}";
        await host.Http.Record("/api/sources", $$"""{"title": "{{control}}"}""");
        byte[][] forms = [Encoding.UTF8.GetBytes(value), Encoding.Unicode.GetBytes(value), Encoding.ASCII.GetBytes(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(value)))];
        var (files, bytes, found) = (0, 0L, false);
        foreach (var file in new[] { host.Data, postgres.ServerFolder }.SelectMany(f => Directory.EnumerateFiles(f, "*", SearchOption.AllDirectories)))
        {
            if (await Content(file) is not { } content) continue;
            (files, bytes) = (files + 1, bytes + content.Length);
            foreach (var form in forms) content.AsSpan().IndexOf(form).ShouldBe(-1, file);
            found |= content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(control)) >= 0;
        }
        files.ShouldBeGreaterThan(500, "the whole server is looked through");
        bytes.ShouldBeGreaterThan(20_000_000);
        found.ShouldBeTrue();
        var dump = await Dump();
        dump.ShouldContain(control);
        foreach (var form in forms) dump.ShouldNotContain(Encoding.ASCII.GetString(form));
        dump.ShouldNotContain(value);
        host.Logs.ShouldNotContain(value);
        host.Logs.Length.ShouldBeGreaterThan(1000);
    }

    async Task<string> Dump()
    {
        var at = new NpgsqlConnectionStringBuilder(host.OwnerConnection);
        var program = Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin", "pg_dump")).Last(File.Exists);
        var start = new ProcessStartInfo(program, ["-h", at.Host!, "-U", at.Username!, "--inserts", at.Database!]) { RedirectStandardOutput = true };
        start.Environment["PGPASSWORD"] = at.Password;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0);
        return output;
    }

    static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        // The host goes on signing meanwhile: what it is just writing is not a file of the folder yet.
        foreach (var file in Directory.GetFiles(from).Where(f => !f.EndsWith(".new", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.GetDirectories(from)) Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
