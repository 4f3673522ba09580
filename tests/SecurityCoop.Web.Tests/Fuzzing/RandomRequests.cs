using System.Globalization;
using System.Text;

namespace SecurityCoop.Web.Tests.Fuzzing;

/// <summary>Makes requests for the operations of an interface: some of them right, most of them wrong somewhere.</summary>
/// <param name="operations">Those of the interface's description.</param>
/// <param name="others">Routes that are not described: pages, forms, health.</param>
/// <param name="references">Of records that there are.</param>
sealed class RandomRequests(Randomness random, IReadOnlyList<Operation> operations, IReadOnlyList<Operation> others, IReadOnlyList<string> references)
{
    static readonly IReadOnlyList<string> methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "get", "PROPFIND"];
    static readonly IReadOnlyList<string> formFields = ["token", "name", "partners", "kinds", "owner", "lang", "clearance", "q"];
    readonly IReadOnlyList<Operation> tables = [.. operations.Where(o => o.IsTable)];
    int next;
    bool sound;

    /// <summary>How many of twenty requests are for routes that are not described.</summary>
    public int OthersInTwenty { get; init; } = 2;

    /// <summary>The next request, and the operation that it is meant for; each operation has its turn.</summary>
    /// <param name="credential">The header by which the caller is known; null: a stranger.</param>
    public (RawRequest Request, Operation Operation) Next((string, string)? credential)
    {
        random.NextMarker();
        // Some are wrong in one value only, so that they come as far as what decides.
        sound = random.Once(3);
        var operation = random.Below(20) switch { var n when n < OthersInTwenty => random.Of(others), < 6 => random.Of(tables), _ => operations[next++ % operations.Count] };
        var method = !sound && random.Once(40) ? random.Of(methods) : operation.Method;
        var headers = new List<(string, string)> { ("User-Agent", random.Marker) };
        if (credential is { } known) headers.Add(known);
        for (; random.Once(sound ? 20 : 5);) headers.Add(random.Of(Corpus.Headers));
        if (random.Once(30)) headers.Add((random.Of(["X-Unknown", "Idempotency-Key", "If-Match", "Accept", "Accept-Language", "Cookie", "Origin", "Last-Event-ID"]), random.ShortText()));
        if (random.Once(500)) headers.AddRange(Enumerable.Range(0, 150).Select(i => ($"X-{i}", random.Marker)));
        if (random.Once(500)) headers.Add(("X-Long", new string('x', 40_000)));
        var (type, body) = Body(operation);
        if (type is not null) headers.Add(("Content-Type", type));
        var framing = sound ? Framing.Length : random.Below(40) switch
        {
            < 4 => Framing.Chunked, 4 => Framing.BrokenChunk, 5 => Framing.UnendedChunks, 6 => Framing.Truncated, 7 => Framing.Both, 8 => Framing.BadLength, 9 when body.Length == 0 => Framing.None, _ => Framing.Length,
        };
        return (new(method, Target(operation), headers, body, framing), operation);
    }

    string Target(Operation operation)
    {
        var path = string.Join('/', operation.Path.Split('/').Select(step => step.StartsWith('{') ? Step(step.Trim('{', '}', '*').Split(':')[0], operation) : step));
        if (path == "") path = "/";
        var query = new List<string>();
        foreach (var parameter in operation.Query)
        {
            if (!random.Once(sound ? 8 : operation.IsTable ? 2 : 3)) continue;
            var value = random.Once(2) && parameter.Values.Count > 0 ? random.Of(parameter.Values) : random.ShortText();
            query.Add($"{parameter.Name}={Uri.EscapeDataString(value)}");
            if (random.Once(20)) query.Add(query[^1]);
        }
        if (operation.IsTable && random.Once(2)) query.Add("format=csv");
        if (!sound && random.Once(15)) query.Add(random.Of([$"x{random.Marker}=1", "=", "&&", "%zz", "%00=1", "a%ff=%c3%28", $"limit=%0a{random.Marker}", "format=CSV", "separator=%09&format=csv"]));
        return query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
    }

    string Step(string name, Operation operation) => random.Below(10) switch
    {
        _ when sound && !random.Once(8) && operation.InPath.GetValueOrDefault(name) is { Length: > 0 } example => Uri.EscapeDataString(example),
        < 4 when operation.InPath.GetValueOrDefault(name) is { Length: > 0 } example => Uri.EscapeDataString(example),
        < 7 when references.Count > 0 => random.Of(references),
        7 => random.Of(["%00", "%2e%2e%2f", "%ff%fe", "%zz", "..", "%2F", "%25", $"{random.Marker}%0a"]),
        _ => Uri.EscapeDataString(random.ShortText()),
    };

    (string? Type, byte[] Body) Body(Operation operation)
    {
        var isForm = operation.Method == "POST" && !operation.Path.StartsWith("/api", StringComparison.Ordinal);
        if (isForm ? !random.Once(8) : !sound && random.Once(25)) return Form();
        if (operation.Method != "POST" && (sound || !random.Once(20))) return (null, []);
        var type = sound ? "application/json" : random.Below(12) switch { 0 => random.Of(Corpus.ContentTypes), 1 => null, _ => "application/json" };
        return (type, BadJson.Of(operation.Example, operation.Fields, random, sound));
    }

    (string, byte[]) Form()
    {
        string Name() => random.Once(4) ? $"x{random.Marker}" : random.Of(formFields);
        if (random.Once(2))
        {
            var pairs = Enumerable.Range(0, random.Of([0, 1, 3, 1100])).Select(i => random.Once(6) ? random.Of(["&", "=", "%zz=%", "%00", "a=%ff"]) : $"{Name()}={Uri.EscapeDataString(i < 4 ? random.ShortText() : random.Marker)}");
            return ("application/x-www-form-urlencoded", Encoding.UTF8.GetBytes(string.Join('&', pairs)));
        }
        var body = new StringBuilder();
        for (var parts = random.Of([0, 1, 3]); parts > 0; parts--)
            body.Append(CultureInfo.InvariantCulture, $"--b\r\nContent-Disposition: form-data; name=\"{Name()}\"{(random.Once(3) ? $"; filename=\"{random.Marker}\"" : "")}\r\n")
                .Append(random.Once(10) ? $"X-{random.Marker}: {new string('x', 20_000)}\r\n" : random.Once(10) ? $"no colon {random.Marker}\r\n" : "").Append("\r\n").Append(random.Text()).Append("\r\n");
        if (!random.Once(3)) body.Append("--b--\r\n");
        return (random.Of(["multipart/form-data; boundary=b", "multipart/form-data; boundary=c", "multipart/form-data", $"multipart/form-data; boundary={new string('b', 100)}"]), Encoding.UTF8.GetBytes(body.ToString()));
    }
}
