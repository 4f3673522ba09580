using System.Diagnostics;
using System.Globalization;
using System.Net;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Fuzzing;

/// <summary>
/// Requests made by a generator from the host's own description, most of them wrong. Whatever is sent, the host answers with 2xx, 3xx,
/// 4xx or 503 with Retry-After, records nothing
/// where it refuses, grows no larger, and writes nothing of what was sent into its log.
/// `SECURITYCOOP_FUZZ_REQUESTS` and `SECURITYCOOP_FUZZ_SEED` make a longer or another run.
/// </summary>
[Trait("Run", "long")]
[Collection(nameof(Alone))] // What other tests hold in memory meanwhile would be counted.
public sealed class FuzzTests(FuzzedHost host, ITestOutputHelper output) : IClassFixture<FuzzedHost>
{
    // What 10,000 requests may add to the memory that is in use after a full collection: what they recorded stays in indexes, and arrays
    // that were lent stay in their pool for a while.
    const int GrowthMiB = 64;

    static int Setting(string name, int usual) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var given) ? given : usual;

    readonly int requests = Setting("SECURITYCOOP_FUZZ_REQUESTS", 10_000), seed = Setting("SECURITYCOOP_FUZZ_SEED", 20260201);

    [Fact]
    public async Task Whatever_is_sent_is_answered_or_refused_and_leaves_nothing_behind_where_it_is_refused()
    {
        var (operations, references, callers) = (await host.Described(), await host.References(), await host.Callers());
        operations.Count(o => o.IsTable).ShouldBeGreaterThan(5);
        var random = new Randomness(seed);
        var made = new RandomRequests(random, operations, host.Undescribed(), references);
        var run = new Run(host, random);
        var (warm, before) = (requests / 5, 0L);
        for (var i = 0; i < requests; i++)
        {
            if (i == warm) before = GC.GetTotalMemory(forceFullCollection: true);
            await run.Send(made.Next(random.Of(callers)), stranger: false);
        }
        var growth = (GC.GetTotalMemory(forceFullCollection: true) - before) / (1024.0 * 1024);
        output.WriteLine($"seed {seed}: {run.Summary}; {growth:F1} MiB more in use than after the first {warm:N0}");
        run.Faults.ShouldBeEmpty($"seed {seed}");
        host.Watch.Holding.ShouldBeEmpty($"seed {seed}");
        host.Watch.Lines.ShouldBeGreaterThan(requests); // It does see what the host logs.
        run.Statuses.Where(s => s.Key is >= 200 and < 300).Sum(s => s.Value).ShouldBeGreaterThan(requests / 20);
        run.Statuses.Where(s => s.Key is >= 400 and < 500).Sum(s => s.Value).ShouldBeGreaterThan(requests / 4);
        growth.ShouldBeLessThan(GrowthMiB * Math.Max(1, requests / 10_000.0));
        (await host.Http.Read("/health/ready")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_strangers_send_is_refused_before_it_is_looked_at()
    {
        var (operations, references) = (await host.Described(), await host.References());
        var random = new Randomness(seed + 1);
        var made = new RandomRequests(random, operations, host.Undescribed(), references) { OthersInTwenty = 6 };
        var run = new Run(host, random);
        var guess = SecurityCoop.Web.Access.AccessTokens.NewSecret();
        (string, string)?[] strangers = [null, null, ("Authorization", $"Bearer {guess}"), ("Authorization", "Basic eDp5"), ("Authorization", $"Bearer {new string('x', 5000)}"), ("Cookie", $"securitycoop={guess}")];
        for (var i = 0; i < requests / 5; i++) await run.Send(made.Next(random.Of(strangers)), stranger: true);
        output.WriteLine($"seed {seed}: {run.Summary}");
        run.Faults.ShouldBeEmpty($"seed {seed}");
        host.Watch.Holding.ShouldBeEmpty($"seed {seed}");
        run.Statuses[401].ShouldBeGreaterThan(requests / 10);
    }

    // One after the other, so that a seed gives the same run again and what was recorded is known to be of this request.
    sealed class Run
    {
        readonly FuzzedHost host;
        readonly RawConnection connection;
        readonly Stopwatch clock = Stopwatch.StartNew();
        long head;
        int sent;

        public Run(FuzzedHost host, Randomness random)
        {
            (this.host, connection) = (host, new(host.Endpoint));
            host.Watch.Marker = random.MarkerPrefix;
        }

        public SortedDictionary<int, int> Statuses { get; } = [];
        public List<string> Faults { get; } = [];
        public string Summary => $"{sent:N0} requests in {clock.Elapsed.TotalSeconds:F0} s: {string.Join(", ", Statuses.Select(s => $"{s.Key}: {s.Value}"))}";

        public async Task Send((RawRequest Request, Operation Operation) made, bool stranger)
        {
            var (request, operation) = made;
            if (sent++ == 0) head = await host.Head();
            RawAnswer answer;
            try
            {
                answer = await connection.Send(request);
            }
            catch (TimeoutException late)
            {
                Fault(request, operation, late.Message);
                return;
            }
            Statuses[answer.Status] = Statuses.GetValueOrDefault(answer.Status) + 1;
            var expected = answer.Status is >= 200 and < 500 || (answer.Status == 503 && answer.Headers.ContainsKey("Retry-After")) || (answer.Status == 0 && (request.IsCutOff || request.Framing == Framing.Both));
            if (!expected) Fault(request, operation, $"{answer.Status} {answer.Text}");
            if (answer.Text.Contains("   at SecurityCoop", StringComparison.Ordinal)) Fault(request, operation, $"a stack trace: {answer.Text}");
            if (stranger && answer.Status is >= 200 and < 300 && operation.Path.StartsWith("/api", StringComparison.Ordinal)) Fault(request, operation, $"{answer.Status} for a stranger");
            var now = await host.Head();
            if (now != head && (stranger || answer.Status is >= 400 and < 500) && await host.Ask<string>(
                $"select coalesce(string_agg(type, ', '), '') from register.mt_events where seq_id > {head} and stream_id not like 'access-%'") is { Length: > 0 } recorded)
                Fault(request, operation, $"{answer.Status}, and recorded was {recorded}");
            head = now;
        }

        void Fault(RawRequest request, Operation operation, string what)
        {
            if (Faults.Count >= 40) return;
            var body = System.Text.Encoding.UTF8.GetString(request.Body);
            Faults.Add($"{operation.Method} {operation.Path} (request {sent}, {request.Method} {Short(request.Target, 300)}, {request.Framing}; {string.Join("; ", request.Headers.Where(h => h.Name != "Authorization").Select(h => $"{h.Name}: {Short(h.Value, 80)}"))}) gave {Short(what, 400)}\n    {Short(body, 500)}");
        }

        static string Short(string text, int longest) => text.Length <= longest ? text : $"{text[..longest]}… ({text.Length})";
    }
}
