using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace SecurityCoop.Reliability.Tests;

/// <summary>What a client was told: these events stand at these positions.</summary>
internal sealed record Acknowledged(string Title, IReadOnlyList<(long Position, Guid Id)> Events);

/// <summary>
/// Clients that record sources at several hosts, each command with a key, and send again what they have no answer to, as a careful program
/// would; and one that follows each host's stream.
/// </summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly IReadOnlyList<HttpClient> hosts;
    private readonly CancellationTokenSource enough = new(), ended = new();
    private readonly List<Task> clients;
    private readonly List<Task> followers;
    private readonly List<List<long>> followed = [];
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly TimeSpan patience;
    private readonly string name = Guid.NewGuid().ToString("N")[..8]; // Of several on one register.
    private long lastAnswer, longest;

    /// <param name="hosts">Clients of the hosts, signed in.</param>
    /// <param name="patience">How long an answer is waited for.</param>
    public Load(IReadOnlyList<HttpClient> hosts, int count, TimeSpan? patience = null)
    {
        this.hosts = [.. hosts];
        this.patience = patience ?? TimeSpan.FromSeconds(60);
        clients = [.. Enumerable.Range(0, count).Select(i => Task.Run(() => Record(i)))];
        followed.AddRange(hosts.Select(_ => new List<long>()));
        followers = [.. hosts.Select((host, i) => Task.Run(() => Follow(host, followed[i])))];
    }

    public ConcurrentQueue<Acknowledged> Done { get; } = [];

    /// <summary>How often each refusal or failure was met.</summary>
    public ConcurrentDictionary<string, int> Refusals { get; } = [];

    /// <summary>Commands that were acknowledged only after an answer that their outcome was not known, or after none.</summary>
    public int Resolved;

    /// <summary>Waits until every client has been answered again after now; how long that took.</summary>
    public async Task<TimeSpan> Answered(TimeSpan within)
    {
        var since = clock.ElapsedTicks;
        try
        {
            return await Processes.Until(() => Task.FromResult(Volatile.Read(ref lastAnswer) > since), within, "an answer again");
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message} Met: {Told}", late);
        }
    }

    /// <summary>The longest time without an answer since this was asked last.</summary>
    public TimeSpan LongestGap()
    {
        lock (clients)
        {
            var found = Stopwatch.GetElapsedTime(0, longest);
            longest = 0;
            return found;
        }
    }

    public string Told => string.Join(", ", Refusals.OrderByDescending(r => r.Value).Select(r => $"{r.Value} × {r.Key}"));

    /// <summary>Begins nothing more; every command that was begun is sent until it is answered.</summary>
    public async Task Finish(TimeSpan within)
    {
        await enough.CancelAsync();
        await Task.WhenAll(clients).WaitAsync(within);
    }

    /// <summary>Each stream has brought all positions to this one, in order, each once.</summary>
    public async Task MustHaveFollowed(long head)
    {
        await Processes.Until(
            () => Task.FromResult(followed.TrueForAll(f => Last(f) >= head)), TimeSpan.FromSeconds(60), "the streams come to the head");
        await ended.CancelAsync();
        await Task.WhenAll(followers);
        foreach (var positions in followed)
            positions.ShouldBe([.. Enumerable.Range(1, (int)head).Select(n => (long)n)], "dense, in order, each once");

        static long Last(List<long> positions)
        {
            lock (positions) return positions.Count == 0 ? 0 : positions[^1];
        }
    }

    private async Task Record(int client)
    {
        var random = new Random(client);
        for (var n = 0; !enough.IsCancellationRequested; n++)
        {
            var title = string.Create(CultureInfo.InvariantCulture, $"Paper {name}-{client}-{n}");
            var (key, doubted) = (Guid.NewGuid().ToString(), false);
            while (!ended.IsCancellationRequested)
            {
                var why = await Send(hosts[random.Next(hosts.Count)], title, key);
                if (why is null) break;
                Refusals.AddOrUpdate(why, 1, (_, times) => times + 1);
                if (why is "outcome-unknown" or "no answer") doubted = true;
                await Task.Delay(100 + random.Next(200));
            }
            if (doubted) Interlocked.Increment(ref Resolved);
            await Task.Delay(random.Next(20));
        }
    }

    // Null where it was acknowledged.
    private async Task<string?> Send(HttpClient host, string title, string key)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/sources")
            {
                Content = JsonContent.Create(new { title, marking = "open" }),
            };
            request.Headers.Add("Idempotency-Key", key);
            using var late = new CancellationTokenSource(patience);
            using var answer = await host.SendAsync(request, late.Token);
            var body = await answer.Content.ReadFromJsonAsync<JsonElement>(late.Token);
            if (!answer.IsSuccessStatusCode) return body.GetProperty("type").GetString()!.Split('/')[^1];
            var events = body.GetProperty("events").EnumerateArray();
            Done.Enqueue(new(title, [.. events.Select(e => (e.GetProperty("position").GetInt64(), e.GetProperty("id").GetGuid()))]));
            var now = clock.ElapsedTicks;
            lock (clients) longest = Math.Max(longest, now - lastAnswer);
            Volatile.Write(ref lastAnswer, now);
            return null;
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException or IOException or JsonException)
        {
            return "no answer";
        }
    }

    private async Task Follow(HttpClient host, List<long> positions)
    {
        while (!ended.IsCancellationRequested)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/api/events");
                request.Headers.Add("Last-Event-ID", (positions.Count == 0 ? 0 : positions[^1]).ToString(CultureInfo.InvariantCulture));
                using var answer = await host.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ended.Token);
                answer.EnsureSuccessStatusCode();
                using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(ended.Token));
                long id = 0;
                while (await reader.ReadLineAsync(ended.Token) is { } line)
                {
                    if (line.StartsWith("id: ", StringComparison.Ordinal)) id = long.Parse(line.AsSpan(4), CultureInfo.InvariantCulture);
                    if (!line.StartsWith("data: ", StringComparison.Ordinal)) continue;
                    lock (positions) positions.Add(id);
                }
            }
            catch (Exception lost) when (lost is HttpRequestException or IOException or OperationCanceledException)
            {
                await Task.Delay(200);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await enough.CancelAsync();
        await ended.CancelAsync();
        await Task.WhenAll([.. clients, .. followers]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        enough.Dispose();
        ended.Dispose();
    }
}
