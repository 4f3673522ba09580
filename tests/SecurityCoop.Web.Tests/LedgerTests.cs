using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SecurityCoop.Ledger;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Audit;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>What an auditor can ask for, checked with nothing but the public key.</summary>
public sealed class LedgerTests(SeededHost host) : IClassFixture<SeededHost>
{
    VerifierKey Key => VerifierKey.Parse(File.ReadAllText(Path.Combine(host.Data, "ledger.vkey")).Trim());

    async Task<Checkpoint> Newest()
    {
        var note = Note.Parse(Encoding.UTF8.GetBytes((await host.Http.Read("/api/audit/checkpoint")).Text));
        note.SignedBy([Key]).ShouldBe([Key]);
        return Checkpoint.Parse(note.Text);
    }

    static byte[] Hash(JsonElement body, string member) => Convert.FromBase64String(body.GetProperty(member).GetString()!);

    static List<byte[]> Hashes(JsonElement body) => [.. body.GetProperty("proof").EnumerateArray().Select(h => Convert.FromBase64String(h.GetString()!))];

    async Task<byte[]> Bundle(HttpClient http, string query = "")
    {
        using var answer = await http.GetAsync($"/api/audit/bundle{query}");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    static Sound Check(byte[] bundle, VerifierKey key)
    {
        using var check = new BundleCheck(key);
        return check.Run(new MemoryStream(bundle));
    }

    [Fact]
    public async Task The_checkpoint_covers_what_was_recorded_before_it_was_asked_for()
    {
        var recorded = await host.Http.Record("/api/partnerships", """{"partner": "IT"}""");
        var newest = await Newest();
        newest.Size.ShouldBeGreaterThanOrEqualTo(recorded.Position);
        newest.Origin.ShouldBe($"securitycoop/{host.Store.Log}");
        (await host.Http.Read("/api/audit/checkpoint")).MediaType.ShouldBe("text/plain");
    }

    [Fact]
    public async Task Every_event_is_proved_to_be_in_the_tree_by_its_own_bytes()
    {
        var newest = await Newest();
        for (var position = 1L; position <= newest.Size; position += 7)
        {
            var proof = (await host.Http.Read($"/api/audit/events/{position}/proof?size={newest.Size}")).Json;
            var one = (await host.Http.Read($"/api/audit/events/{position}?proof=true")).Json;
            var (header, body) = (Hash(one, "headerBytes"), Hash(one, "bodyBytes"));
            Convert.ToHexStringLower(SHA256.HashData(body)).ShouldBe(one.GetProperty("digest").GetString());
            JsonDocument.Parse(header).RootElement.GetProperty("body").GetString().ShouldBe(one.GetProperty("digest").GetString());
            Proofs.Includes(position - 1, newest.Size, MerkleTree.Leaf(header), Hashes(proof), newest.Root).ShouldBeTrue();
            Hash(proof, "root").ShouldBe(newest.Root);
            var within = one.GetProperty("proof");
            Proofs.Includes(position - 1, within.GetProperty("size").GetInt64(), MerkleTree.Leaf(header), Hashes(within), Hash(within, "root")).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task One_size_is_proved_to_be_the_beginning_of_another()
    {
        var newest = await Newest();
        foreach (var from in new[] { 1, 2, 50, newest.Size - 1, newest.Size })
        {
            var proof = (await host.Http.Read($"/api/audit/consistency?from={from}&to={newest.Size}")).Json;
            Proofs.IsConsistent(from, Hash(proof, "fromRoot"), newest.Size, newest.Root, Hashes(proof)).ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData("/api/audit/events/0/proof", 404, "not-found", null)]
    [InlineData("/api/audit/events/99999999/proof", 404, "not-found", null)]
    [InlineData("/api/audit/events/5/proof?size=4", 400, "too-small", "?size")]
    [InlineData("/api/audit/events/5/proof?size=99999999", 400, "unknown-position", "?size")]
    [InlineData("/api/audit/consistency", 400, "required", "?from")]
    [InlineData("/api/audit/consistency?from=-1", 400, "too-small", "?from")]
    [InlineData("/api/audit/consistency?from=9&to=8", 400, "too-small", "?to")]
    [InlineData("/api/audit/consistency?from=1&to=99999999", 400, "unknown-position", "?to")]
    [InlineData("/api/audit/consistency?from=99999999", 400, "unknown-position", "?from")]
    [InlineData("/api/audit/tile/0/000", 404, "not-found", null)]
    [InlineData("/api/audit/tile/0/000.p/256", 404, "not-found", null)]
    [InlineData("/api/audit/tile/0/0", 404, "not-found", null)]
    [InlineData("/api/audit/tile/entries/000", 404, "not-found", null)]
    public async Task What_is_not_there_is_refused(string path, int status, string slug, string? field) =>
        (await host.Http.Read(path)).ShouldBeProblem(status, slug, field);

    [Fact]
    public async Task A_partial_tile_is_the_leaves_themselves()
    {
        var newest = await Newest();
        newest.Size.ShouldBeLessThan(256);
        var hashes = await host.Http.GetByteArrayAsync($"/api/audit/tile/0/000.p/{newest.Size}");
        hashes.Length.ShouldBe((int)newest.Size * 32);
        var frontier = MerkleFrontier.Of(0, []);
        foreach (var leaf in hashes.Chunk(32)) frontier.Add(leaf);
        frontier.Root().ShouldBe(newest.Root);
    }

    [Fact]
    public async Task The_bundle_is_sound_and_holds_what_its_reader_may_see()
    {
        await host.Http.Record("/api/meetings", """{"partners": ["PL"], "kind": "talks", "date": "2025-02", "marking": "secret"}""");
        await host.Http.Record("/api/people", """{"name": "Xyqw Vbnmzz", "script": "Latn", "marking": "open"}""");
        using var auditor = await host.As(Marking.Secret, Role.Auditor);
        using var lower = await host.As(Marking.Open, Role.Auditor);
        var (all, some) = (await Bundle(auditor), await Bundle(lower));
        var (full, partial) = (Check(all, Key), Check(some, Key));
        full.Size.ShouldBe((await Newest()).Size);
        (full.Withheld, full.Opened).ShouldBe((0, 0));
        full.WithheldValues.ShouldBeGreaterThan(0);
        partial.Withheld.ShouldBeGreaterThan(0);
        partial.Root.ShouldBe(full.Root);
        Encoding.UTF8.GetString(all).ShouldNotContain("Xyqw");
        Encoding.UTF8.GetString(all).ShouldContain("\"marking\":\"secret\"");
        Encoding.UTF8.GetString(some).ShouldNotContain("\"marking\":\"secret\"");
    }

    [Fact]
    public async Task Openings_are_in_the_bundle_for_those_entitled_and_whose_they_were_is_recorded_first()
    {
        await host.Http.Record("/api/people", """{"name": "Opqr Wkjhgf", "script": "Latn"}""");
        using var auditor = await host.As(Marking.Secret, Role.Auditor);
        (await auditor.Read("/api/audit/bundle?openings=true")).ShouldBeProblem(403, "names-withheld");
        var before = await host.Head();
        var bundle = await Bundle(host.Http, "?openings=true");
        Encoding.UTF8.GetString(bundle).ShouldContain("Opqr Wkjhgf");
        Check(bundle, Key).Opened.ShouldBeGreaterThan(0);
        (await host.Head()).ShouldBe(before + 1);
        (await host.Http.Read($"/api/audit/events/{before + 1}")).Json.GetProperty("type").GetString().ShouldBe("opening_recorded");
    }

    [Theory]
    [InlineData("/api/audit/checkpoint")]
    [InlineData("/api/audit/events/1/proof")]
    [InlineData("/api/audit/consistency?from=1")]
    [InlineData("/api/audit/tile/0/000.p/1")]
    [InlineData("/api/audit/bundle")]
    public async Task Only_an_auditor_may_ask(string path)
    {
        using var reader = await host.As(Marking.Secret, Role.Reader, Role.Recorder, Role.Validator);
        (await reader.Read(path)).ShouldBeProblem(403, "forbidden");
    }

    [Fact]
    public async Task The_command_line_verifies_the_database()
    {
        var newest = await Newest();
        var print = new StringWriter();
        (await Verifying.Run(host.Store, null, null, print, default)).ShouldBe(0);
        print.ToString().ShouldContain($"events of {newest.Origin}");
        print.ToString().ShouldContain("no trusted time; the newest event says 20");
        (await Verifying.Run(host.Store, SigningKey.Make(newest.Origin).Public, null, print, default)).ShouldBe(1);
        print.ToString().ShouldContain("BROKEN: the checkpoint of");
        var other = Note.Sign(new Checkpoint(newest.Origin, 1, MerkleTree.EmptyRoot).Text, SigningKey.Make(newest.Origin));
        (await Verifying.Run(host.Store, null, other, print, default)).ShouldBe(1);
    }

    [Fact]
    public async Task The_command_line_writes_the_same_bundle()
    {
        await Newest();
        var file = Path.Combine(host.Data, "test.bundle");
        (await LedgerConsole.WriteBundle(host.Store, file, Marking.Secret, default)).ShouldBe(0);
        Check(await File.ReadAllBytesAsync(file), Key).Withheld.ShouldBe(0);
        File.Exists(file + ".part").ShouldBeFalse();
    }
}

/// <summary>A host whose database is no longer the one that was signed.</summary>
public sealed class BrokenHistoryTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task The_register_turns_read_only_says_so_and_goes_on_under_a_new_origin()
    {
        await host.Http.Record("/api/partnerships", """{"partner": "IT"}""");
        await host.Http.Read("/api/audit/checkpoint");
        var guard = Path.Combine(host.Data, "keys", "ledger", "last-signed");
        var signed = Checkpoint.Parse(await File.ReadAllTextAsync(guard));
        await host.Restart(() => File.WriteAllText(guard, new Checkpoint(signed.Origin, signed.Size + 5, signed.Root).Text)); // as if an older dump had been restored

        (await host.Http.Command("/api/partnerships", """{"partner": "ES"}""")).ShouldBeProblem(503, "history-broken");
        (await host.Http.Read("/health/ready")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await host.Http.Read("/api/partnerships/IT")).Status.ShouldBe(HttpStatusCode.OK);
        host.Logs.ShouldContain("THE HISTORY IS BROKEN");

        (await LedgerConsole.NewOrigin(host.Store, "operator-1", "a test", default)).ShouldBe(0);
        // The host looks again each second.
        for (var until = DateTime.UtcNow.AddSeconds(30); (await host.Http.Command("/api/partnerships", """{"partner": "ES"}""")).Status != HttpStatusCode.Created; await Task.Delay(100))
            if (DateTime.UtcNow > until) throw new TimeoutException("The host did not go on.");
        var note = (await host.Http.Read("/api/audit/checkpoint")).Text;
        note.ShouldStartWith($"{signed.Origin}/2\n");
        var opened = (await host.Http.Read($"/api/audit/events?type=ledger_origin_opened")).Items.ShouldHaveSingleItem();
        opened.GetProperty("reason").GetString().ShouldBe("a test");
        (await host.Http.Read($"/api/audit/events?stream=ledger-{host.Store.Log}")).Items.ShouldContain(e => e.GetProperty("type").GetString() == "ledger_origin_opened");
        var key = VerifierKey.Parse((await File.ReadAllTextAsync(Path.Combine(host.Data, "ledger.vkey"))).Trim());
        using var check = new BundleCheck(key);
        check.Run(new MemoryStream(await host.Http.GetByteArrayAsync("/api/audit/bundle"))).Breaks.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_key_is_rotated_on_the_command_line_while_the_host_runs()
    {
        var before = host.Store.VerifierKey!;
        await host.Http.Read("/api/audit/checkpoint");
        (await LedgerConsole.Rotate(host.Store, "operator-1", "yearly", default)).ShouldBe(0);
        await host.Http.Read("/api/audit/checkpoint");
        using var check = new BundleCheck(before);
        var bundle = await host.Http.GetByteArrayAsync("/api/audit/bundle");
        check.Run(new MemoryStream(bundle)).Origin.ShouldBe(before.Name);
        host.Store.VerifierKey.ShouldNotBe(before);
    }
}
