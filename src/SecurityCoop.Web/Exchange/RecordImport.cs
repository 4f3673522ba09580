using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityCoop.Web.Commands;
using SecurityCoop.Store;
using SecurityCoop.PrivateServer;
using SecurityCoop.Web.Pages;

namespace SecurityCoop.Web.Exchange;

/// <summary>
/// Sends the rows of a file to a host as the commands that anybody sends. All of them are checked first (`?dryRun=true`): with one fault in the file nothing is recorded.
/// Each is recorded under a key of its own, so that what was interrupted can be sent again.
/// </summary>
/// <param name="http">A client of the host, with the token of whoever brings the rows in.</param>
/// <param name="language">Of what is said of the rows; the client asks the host for the same.</param>
/// <param name="progress">Told what is being done, how many rows are done, and of how many.</param>
public sealed class RecordImport(HttpClient http, Language language, Action<string, long, long>? progress)
{
    const int AtOnce = 16;

    // What a faulty cell is replaced by where a row cannot do without it, to find the faults after it.
    static readonly Dictionary<(string Record, string Column), Func<JsonNode>> Harmless = new()
    {
        [("meeting", "partners")] = () => new JsonArray("DK"), [("meeting", "kind")] = () => "working-meeting", [("meeting", "date")] = () => "",
        [("action", "partner")] = () => "DK", [("action", "what")] = () => "…", [("action", "owedBy")] = () => "home",
        [("statements", "force")] = () => "discussed", [("statements", "speaker")] = () => "joint", [("followUps", "note")] = () => "…",
    };

    /// <summary>
    /// The references of the rows that are on record, by row: those that were there already, and those that were recorded.
    /// </summary>
    public ConcurrentDictionary<int, string> References { get; } = new();

    /// <summary>What was on record already and looks like a row's, by row: references.</summary>
    public ConcurrentDictionary<int, IReadOnlyList<string>> Resembling { get; } = new();

    /// <summary>Every fault that the register finds, in the order of the rows.</summary>
    public async Task<IReadOnlyList<RowFault>> Check(RecordFile file, CancellationToken stop)
    {
        var (faults, done) = (new ConcurrentBag<RowFault>(file.Faults), 0);
        await Parallel.ForEachAsync(file.Rows, Options(stop), async (row, cancelled) =>
        {
            if (row.Reference is { } reference && await IsOnRecord(row, reference, cancelled))
            {
                References[row.Row] = reference;
                progress?.Invoke(language.Say(ImportWords.Checking), Interlocked.Increment(ref done), file.Rows.Count);
                return;
            }
            var body = (JsonObject)row.Body.DeepClone();
            // What it names comes into being with the file.
            foreach (var (column, _) in RecordFile.NamesOf(row)) body.Remove(column);
            if (!body.ContainsKey("meeting")) body.Remove("statement");
            for (var seen = new HashSet<string>(); ;)
            {
                using var answer = await Send($"{row.Path}?dryRun=true", body, null, cancelled);
                if (answer.IsSuccessStatusCode)
                {
                    var tried = JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync(cancelled)); // Without a reference: nothing was opened.
                    if (tried.TryGetProperty("resembles", out var like))
                        Resembling[row.Row] = [.. like.EnumerateArray().Select(reference => reference.GetString()!)];
                    break;
                }
                var (pointer, what) = await Problem(row, answer, cancelled);
                string[] path = pointer is null ? [] : pointer.TrimStart('/').Split('/');
                var column = path.FirstOrDefault();
                faults.Add(new(row.Row, row.Column(path), what));
                if (column is null or "" || !seen.Add(pointer!)) break;
                // Of what has parts only the faulty part, as long as it has one.
                if (column is "statements" or "followUps" && path.Length > 2 && body[column] is JsonArray parts
                    && int.TryParse(path[1], out var i) && i < parts.Count
                    && parts[i] is JsonObject part && part.Remove(path[2]))
                {
                    if (Harmless.TryGetValue((column, path[2]), out var word)) part[path[2]] = word();
                    continue;
                }
                body.Remove(column);
                if (Harmless.TryGetValue((row.Record, column), out var harmless)) body[column] = harmless();
            }
            progress?.Invoke(language.Say(ImportWords.Checking), Interlocked.Increment(ref done), file.Rows.Count);
        });
        return [.. faults.Distinct().OrderBy(f => f.Row).ThenBy(f => f.Column, StringComparer.Ordinal)];
    }

    /// <summary>Records the rows, each once however often it is sent.</summary>
    /// <exception cref="StartRefused">One was refused though it was not when it was checked; what came before it is recorded.</exception>
    public async Task Record(RecordFile file, CancellationToken stop)
    {
        var (references, done) = (new ConcurrentDictionary<string, string>(StringComparer.Ordinal), 0);
        foreach (var row in file.Rows)
            if (row.Name is { } named && References.TryGetValue(row.Row, out var there)) references[named] = there;
        for (var left = file.Rows.Where(r => !References.ContainsKey(r.Row)).ToList(); left.Count > 0;)
        {
            // Those that name nothing that is still to come.
            var ready = left.Where(r => RecordFile.NamesOf(r).All(n => references.ContainsKey(n.Name[1..]))).ToList();
            await Parallel.ForEachAsync(ready, Options(stop), async (row, cancelled) =>
            {
                var body = (JsonObject)row.Body.DeepClone();
                foreach (var (column, name) in RecordFile.NamesOf(row)) body[column] = references[name[1..]];
                using var answer = await Send(row.Path, body, row.Key, cancelled);
                if (!answer.IsSuccessStatusCode)
                {
                    var (pointer, what) = await Problem(row, answer, cancelled);
                    var fault = new RowFault(row.Row, row.Column(pointer?.TrimStart('/').Split('/') ?? []), what);
                    throw new StartRefused(language.Say(ImportWords.Changed, fault.Say(language)));
                }
                var reference = (await answer.Content.ReadFromJsonAsync(BodiesJson.Of<CommandAnswer>(), cancelled))!.Reference!;
                References[row.Row] = reference;
                if (row.Name is { } own) references[own] = reference;
                progress?.Invoke(language.Say(ImportWords.Recording), Interlocked.Increment(ref done), file.Rows.Count);
            });
            left = [.. left.Except(ready)];
        }
    }

    // A list that the register gave as a table comes back: what it has, it keeps as it is.
    async Task<bool> IsOnRecord(RecordRow row, string reference, CancellationToken stop)
    {
        using var answer = await http.GetAsync(new Uri($"{row.Path}/{Uri.EscapeDataString(reference)}", UriKind.Relative), stop);
        return answer.IsSuccessStatusCode;
    }

    static ParallelOptions Options(CancellationToken stop) => new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop };

    async Task<HttpResponseMessage> Send(string address, JsonObject body, string? key, CancellationToken stop)
    {
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = JsonContent.Create(body) };
            if (key is not null) request.Headers.Add("Idempotency-Key", Uri.EscapeDataString(key));
            var answer = await http.SendAsync(request, stop);
            if (answer is not { StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable, Headers.RetryAfter.Delta: { } wait }) return answer;
            answer.Dispose();
            await Task.Delay(wait, stop);
        }
    }

    async Task<(string? Pointer, string What)> Problem(RecordRow row, HttpResponseMessage answer, CancellationToken stop)
    {
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json") return (null, language.Say(ImportWords.Answered, (int)answer.StatusCode));
        var problem = JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync(stop));
        // A state may need a role of its own: then the row is at fault, and not whoever sends it.
        if (answer.StatusCode == HttpStatusCode.Forbidden && row.Body["followUps"] is JsonArray)
            return ("/followUps/0/state", problem.GetProperty("title").GetString()!);
        if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) throw new StartRefused(language.Say(ImportWords.NoRight, problem.GetProperty("title").GetString()!));
        var pointer = problem.TryGetProperty("errors", out var errors) ? errors.EnumerateObject().First().Name : null;
        return (pointer, (problem.TryGetProperty("detail", out var detail) ? detail : problem.GetProperty("title")).GetString()!);
    }
}
