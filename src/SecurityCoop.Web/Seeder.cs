using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityCoop.PrivateServer;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;

namespace SecurityCoop.Web;

/// <summary>
/// Loads a folder of command files through the same HTTP commands as anybody's. Each command carries its key as Idempotency-Key, so loading
/// again adds only what is new, and each names earlier records by local keys (`@wern`), since references come at the commit.
/// </summary>
public sealed class Seeder(AccessTokens tokens, string baseAddress)
{
    /// <summary>Loads every .json file of the folder in the order of their names.</summary>
    /// <returns>How many commands were sent.</returns>
    /// <exception cref="StartRefused">A file cannot be read, or a command was refused; the line names the file and the command's key.</exception>
    public async Task<int> Load(string folder, Action<long, long> progress, CancellationToken stop)
    {
        var commands = new List<(string File, JsonObject Command)>();
        foreach (var file in Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal)) commands.AddRange(Read(file).Select(c => (Path.GetFileName(file), c)));

        // Replays find their first answer under the same subject, whoever starts the host.
        var (id, token) = await tokens.Create(Users.Seeds, new HashSet<Role> { Role.Recorder, Role.Validator }, Marking.Secret, "seeds", TimeSpan.FromHours(1), stop);
        using var http = new HttpClient { BaseAddress = new Uri(baseAddress) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        var names = new Dictionary<string, string>();
        for (var i = 0; i < commands.Count; i++)
        {
            var (file, command) = commands[i];
            var key = (string?)command["key"] ?? throw new StartRefused($"{file}: a command has no key.");
            progress(i, commands.Count);
            using var answer = await Send(http, Address((string)command["post"]!, names, file, key), Named(command["body"], names, file, key), key, stop);
            var text = await answer.Content.ReadAsStringAsync(stop);
            if (!answer.IsSuccessStatusCode) throw new StartRefused($"{file}: {key} was refused: {text}");
            if ((string?)command["as"] is { } name) names[name] = (string)JsonNode.Parse(text)!["reference"]!;
        }
        progress(commands.Count, commands.Count);
        await tokens.Revoke(id, stop);
        return commands.Count;
    }

    static async Task<HttpResponseMessage> Send(HttpClient http, string address, JsonNode? body, string key, CancellationToken stop)
    {
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = JsonContent.Create(body) };
            request.Headers.Add("Idempotency-Key", key);
            var answer = await http.SendAsync(request, stop);
            if (answer is not { StatusCode: HttpStatusCode.TooManyRequests, Headers.RetryAfter.Delta: { } wait }) return answer;
            answer.Dispose();
            await Task.Delay(wait, stop);
        }
    }

    /// <summary>What the folder's files hash to: when it changes, there may be something new to load.</summary>
    public static string Digest(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (!Directory.Exists(folder)) return "";
        foreach (var file in Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(file)));
            hash.AppendData(File.ReadAllBytes(file));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    static IEnumerable<JsonObject> Read(string file)
    {
        try
        {
            return [.. JsonNode.Parse(File.ReadAllText(file))!["commands"]!.AsArray().Select(c => c!.AsObject())];
        }
        catch (Exception e) when (e is JsonException or NullReferenceException or InvalidOperationException)
        {
            throw new StartRefused($"{file} is not a file of commands: {e.Message}");
        }
    }

    static string Address(string path, Dictionary<string, string> names, string file, string key) =>
        string.Join('/', path.Split('/').Select(part => part.StartsWith('@') ? Lookup(part, names, file, key) : part));

    static JsonNode? Named(JsonNode? node, Dictionary<string, string> names, string file, string key) => node switch
    {
        JsonObject o => new JsonObject(o.Select(p => KeyValuePair.Create(p.Key, Named(p.Value, names, file, key)))),
        JsonArray a => new JsonArray([.. a.Select(v => Named(v, names, file, key))]),
        JsonValue v when v.GetValueKind() == JsonValueKind.String && v.GetValue<string>().StartsWith('@') => Lookup(v.GetValue<string>(), names, file, key),
        _ => node?.DeepClone(),
    };

    static string Lookup(string name, Dictionary<string, string> names, string file, string key) =>
        names.GetValueOrDefault(name) ?? throw new StartRefused($"{file}: {key} names {name}, which no command before it made.");
}
