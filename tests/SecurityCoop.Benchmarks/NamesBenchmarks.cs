using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using SecurityCoop.Benchmarks.Names;

namespace SecurityCoop.Benchmarks;

/// <summary>How well and how fast people are found by other spellings of their names, among ten thousand.</summary>
internal static class NamesBenchmarks
{
    private const int People = 10_000, Questions = 500, Recorders = 16;

    /// <summary>The names in memory by themselves, and then the search of a host over HTTP on which they are recorded.</summary>
    public static async Task Names(Bench bench)
    {
        var people = new NamePeople(People);
        await people.Ask(Questions / 10); // To warm up.
        Write("names-pairs", 1, people.Compare());
        Write("names", People, await people.Ask(Questions));

        var (owner, application) = await bench.Cluster.NewDatabase();
        await using (var host = await HostProcess.Start(application, bench.NewFolder()))
        {
            var (references, next) = (new string[People], -1);
            var begun = System.Diagnostics.Stopwatch.StartNew();
            await Task.WhenAll(Enumerable.Range(0, Recorders).Select(async _ =>
            {
                while (Interlocked.Increment(ref next) is var i && i < People) references[i] = await Record(host.Http, people.OnFile[i]);
            }));
            await Console.Error.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"  {People} people recorded in {begun.Elapsed.TotalSeconds:0} s"));
            await Cluster.Analyze(owner);
            var index = references.Select((r, i) => (r, i)).ToDictionary(p => p.r, p => p.i);
            async Task<IReadOnlyList<int>> Search(string asked) => [.. (await Found(host.Http, asked)).Select(r => index[r])];
            await people.Ask(Questions / 10, Search);
            Write("names-http", People, await people.Ask(Questions, Search));
        }
        await bench.Cluster.Drop(owner);
    }

    private static async Task<string> Record(HttpClient http, string name)
    {
        using var answer = await http.PostAsJsonAsync("/api/people", new { name });
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return json.RootElement.TryGetProperty("reference", out var reference) ? reference.GetString()!
            : throw new InvalidOperationException($"{json.RootElement}");
    }

    private static async Task<IEnumerable<string>> Found(HttpClient http, string asked)
    {
        using var json = JsonDocument.Parse(await http.GetByteArrayAsync($"/api/search?q={Uri.EscapeDataString(asked)}"));
        return [.. json.RootElement.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("reference").GetString()!)];
    }

    private static void Write(string benchmark, int people, NamesFound found)
    {
        var row = $"{{\"benchmark\":\"{benchmark}\",\"people\":{people},\"questions\":{found.Questions},";
        row += string.Create(CultureInfo.InvariantCulture, $"\"recall\":{found.Recall:0.000},\"precision\":{found.Precision:0.000},");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row}\"value\":{found.Milliseconds:0.#},\"unit\":\"ms\"}}"));
    }
}
