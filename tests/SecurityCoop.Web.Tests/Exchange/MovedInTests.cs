using System.IO.Compression;
using System.Text.Json.Nodes;
using SecurityCoop.Ledger;
using SecurityCoop.Web.Audit;
using SecurityCoop.Web.Tests.Description;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Exchange;

/// <summary>
/// A register of the version of November 2026 moved in: its export, and what that version answered to 131 questions, each with both clocks.
/// An answer that a later change makes another on purpose is changed in the file, in the commit that says why.
/// </summary>
public sealed class MovedInTests(TestPostgres postgres)
{
    static readonly string tests = Path.Combine(Documents.Root, "tests");

    [Fact]
    public async Task An_old_register_answers_as_it_did_and_is_sound_under_its_key()
    {
        await using var host = new ImportedHost(postgres, Path.Combine(tests, "SecurityCoop.Store.Tests", "fixtures", "register.jsonl"));
        await host.InitializeAsync();
        var kept = await Kept();
        kept.Count.ShouldBe(131);
        var last = kept.Where(k => IsEvents(k.Question)).SelectMany(k => Items(k.Answer)).Max(Position);

        var different = new List<string>();
        foreach (var (question, status, was) in kept)
        {
            var answer = await host.Http.Read(question);
            var now = JsonNode.Parse(answer.Text)!;
            // A start or a sign-in may have appended more.
            if (IsEvents(question)) now = new JsonObject { ["items"] = new JsonArray([.. Items(now).Where(e => Position(e) <= last).Select(e => e.DeepClone())]) };
            if ((int)answer.Status != status || !JsonNode.DeepEquals(now, IsEvents(question) ? new JsonObject { ["items"] = was["items"]!.DeepClone() } : was))
                different.Add($"{question}\n  was {was.ToJsonString()}\n  is  {now.ToJsonString()}");
        }
        different.ShouldBeEmpty();

        var key = VerifierKey.Parse((await File.ReadAllTextAsync(Path.Combine(tests, "SecurityCoop.Store.Tests", "fixtures", "ledger.vkey"))).Trim());
        using var said = new StringWriter();
        (await Verifying.Run(host.Store, key, null, said, default)).ShouldBe(0, said.ToString());
    }

    static async Task<List<(string Question, int Status, JsonNode Answer)>> Kept()
    {
        await using var file = new GZipStream(File.OpenRead(Path.Combine(tests, "SecurityCoop.Web.Tests", "fixtures", "answers.jsonl.gz")), CompressionMode.Decompress);
        using var lines = new StreamReader(file);
        var kept = new List<(string, int, JsonNode)>();
        while (await lines.ReadLineAsync() is { } line)
        {
            var parts = JsonNode.Parse(line)!.AsArray();
            kept.Add(((string)parts[0]!, (int)parts[1]!, JsonNode.Parse((string)parts[2]!)!));
        }
        return kept;
    }

    static bool IsEvents(string question) => question.StartsWith("/api/audit/events?", StringComparison.Ordinal);

    static IEnumerable<JsonNode> Items(JsonNode answer) => answer["items"]!.AsArray().Select(e => e!);

    static long Position(JsonNode e) => (long)e["position"]!;
}
