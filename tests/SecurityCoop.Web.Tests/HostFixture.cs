using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Audit;
using SecurityCoop.Web.Tests.Access;
using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>
/// The real host in this process, upon a migrated database of its own, with a steward signed in. Its clock says noon of 1 February 2026, the day
/// of the table in which the five communiqués' partnerships stand, until a test sets it; what is recorded is stamped with the real time.
/// </summary>
public class HostFixture(TestPostgres postgres) : IAsyncLifetime
{
    readonly string data = Directory.CreateTempSubdirectory("host-").FullName;
    readonly LogCapture logs = new();
    WebApplication? app;
    RegisterStore? store;
    NpgsqlDataSource? owner;
    string secondToken = "";

    public TestClock Clock { get; } = new();

    /// <summary>As the steward, in English.</summary>
    public HttpClient Http { get; private set; } = null!;

    /// <summary>As another steward: nobody validates what they recorded themselves.</summary>
    public HttpClient Second { get; private set; } = null!;

    /// <summary>Who gives a command of a test that does not care: the steward, and what validates is given by the second one.</summary>
    public HttpClient For(string path, string json) =>
        path.EndsWith("/verification", StringComparison.Ordinal) || path.EndsWith("/validation", StringComparison.Ordinal) || json.Contains("\"verified\"", StringComparison.Ordinal) ? Second : Http;

    /// <summary>Where the host listens, such as `http://127.0.0.1:40001`.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The steward's access token.</summary>
    public string Token { get; private set; } = "";

    /// <summary>Connection string of the role that the host works as.</summary>
    public string ApplicationConnection { get; private set; } = "";

    /// <summary>Connection string of the database's owner.</summary>
    public string OwnerConnection { get; private set; } = "";

    public IServiceProvider Services => app!.Services;

    public RegisterStore Store => store!;

    /// <summary>The host's data folder.</summary>
    public string Data => data;

    /// <summary>The host's configuration, from its next start on.</summary>
    public Dictionary<string, string?> Settings { get; } = [];

    /// <summary>Everything that the host logged.</summary>
    public string Logs => logs.Text;

    /// <summary>The seeds of the project, as they are in the working tree.</summary>
    public static string Seeds
    {
        get
        {
            var root = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(root.FullName, "SecurityCoop.sln"))) root = root.Parent ?? throw new DirectoryNotFoundException("No SecurityCoop.sln above the tests.");
            return Path.Combine(root.FullName, "seeds");
        }
    }

    public virtual async ValueTask InitializeAsync()
    {
        Clock.Set(new(2026, 2, 1, 12, 0, 0, TimeSpan.Zero));
        (ApplicationConnection, OwnerConnection) = await postgres.NewDatabase();
        owner = NpgsqlDataSource.Create(OwnerConnection);
        await Prepare();
        await Start();
        Token = await NewToken("steward", Marking.Secret, Role.Steward, Role.Administrator);
        secondToken = await NewToken("second-steward", Marking.Secret, Role.Steward);
        (Http, Second) = (Client(Token), Client(secondToken));
    }

    /// <summary>What is done to the migrated database before the host starts upon it.</summary>
    protected virtual Task Prepare() => Task.CompletedTask;

    async Task Start()
    {
        (store, app) = await Open();
        Address = app.Urls.Single();
    }

    async Task<(RegisterStore, WebApplication)> Open()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(logs).SetMinimumLevel(LogLevel.Trace);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(Settings);
        builder.Services.AddSingleton<TimeProvider>(Clock);
        Configure(builder);
        var opened = await Setup.OpenStore(ApplicationConnection, data, CancellationToken.None, serving: builder.Configuration);
        var built = Setup.Build(builder, opened, ApplicationConnection);
        await built.StartAsync();
        built.Services.GetRequiredService<Readiness>().Loaded = true;
        return (opened, built);
    }

    /// <summary>Another host upon the same database and keys; dispose it.</summary>
    public async Task<OtherHost> Another()
    {
        var (opened, built) = await Open();
        return new(opened, built, Client(Token, built.Urls.Single()));
    }

    /// <summary>What a host of one's own is given beside.</summary>
    protected virtual void Configure(WebApplicationBuilder builder)
    {
    }

    async Task Stop()
    {
        if (app is not null)
        {
            // As a host ends: what only disposal reaches keeps its connections, and a run has dozens of hosts.
            await app.StopAsync();
            await app.DisposeAsync();
        }
        if (store is not null) await store.DisposeAsync();
    }

    /// <summary>Ends the host and starts another on the same database and keys, at another address; clients made before are of no more use.</summary>
    /// <param name="between">What happens while there is no host.</param>
    public async Task Restart(Action? between = null)
    {
        Http.Dispose();
        Second.Dispose();
        await Stop();
        between?.Invoke();
        await Start();
        (Http, Second) = (Client(Token), Client(secondToken));
    }

    /// <summary>Loads a folder of command files, the project's own where none is named.</summary>
    public Task<int> LoadSeeds(string? folder = null) =>
        new Seeder(Services.GetRequiredService<AccessTokens>(), Address).Load(folder ?? Seeds, (_, _) => { }, CancellationToken.None);

    public async Task<string> NewToken(string subject, Marking clearance, params Role[] roles) =>
        (await Services.GetRequiredService<AccessTokens>().Create(subject, roles.ToHashSet(), clearance, "test", null, default)).Token;

    /// <summary>A client of somebody else; dispose it.</summary>
    public async Task<HttpClient> As(Marking clearance, params Role[] roles) => Client(await NewToken($"{roles[0]}".ToLowerInvariant(), clearance, roles));

    /// <summary>A client that sends this token; null: none.</summary>
    public HttpClient Client(string? token) => Client(token, Address);

    static HttpClient Client(string? token, string address)
    {
        // A stream that is left is closed at once, as browsers do, and not read on for two seconds.
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ResponseDrainTimeout = TimeSpan.Zero }) { BaseAddress = new(address) };
        if (token is not null) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        return http;
    }

    /// <summary>The position of the newest event.</summary>
    public async Task<long> Head() => (await store!.Head(default)).Size;

    /// <summary>From the next start on the rows, or documents, of a view were made by another definition. Returns what makes them current again.</summary>
    public async Task<Func<Task>> MadeByAnother(string view)
    {
        var records = await Ask<string>("select records from register.log_head");
        var others = string.Join(' ', records.Split(' ').Select(d => d.StartsWith(view + "/", StringComparison.Ordinal) ? view + "/0" : d));
        await Ask<string>($"update register.log_head set records = '{others}' returning records");
        return () => Ask<string>($"update register.log_head set records = '{records}' returning records");
    }

    /// <summary>The first value of a query on the database, as its owner.</summary>
    public async Task<T> Ask<T>(string sql)
    {
        await using var command = owner!.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    // Wolverine keeps a connection beyond its host's end, until the process ends; a run has more hosts than the server has connections.
    async Task EndConnections()
    {
        await using var connection = new NpgsqlConnection(ApplicationConnection + ";Pooling=false");
        await connection.OpenAsync();
        await using var end = new NpgsqlCommand(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = current_user and pid <> pg_backend_pid()",
            connection);
        await end.ExecuteNonQueryAsync();
    }

    /// <summary>After every test of the class: the whole database agrees with itself and with what was signed.</summary>
    async Task VerifyHistory()
    {
        if (store is null || app is null || store.Broken is not null || await Bundles.Newest(store, default) is null) return;
        await store.Verify(store.VerifierKey!);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await VerifyHistory();
        Http?.Dispose();
        Second?.Dispose();
        await Stop();
        if (owner is not null) await owner.DisposeAsync();
        Directory.Delete(data, recursive: true);
        GC.SuppressFinalize(this);
    }
}

/// <summary>A host beside the fixture's own.</summary>
/// <param name="Http">As the steward.</param>
public sealed record OtherHost(RegisterStore Store, WebApplication App, HttpClient Http) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.DisposeAsync();
        await Store.DisposeAsync();
    }
}

/// <summary>The same with the five communiqués loaded.</summary>
public sealed class SeededHost(TestPostgres postgres) : HostFixture(postgres)
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await LoadSeeds();
    }
}

/// <summary>Keeps what a host logs, exceptions included.</summary>
public sealed class LogCapture : ILoggerProvider, ILogger
{
    readonly StringBuilder lines = new();

    public string Text { get { lock (lines) return lines.ToString(); } }

    public ILogger CreateLogger(string categoryName) => this;
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (lines) lines.AppendLine(formatter(state, exception)).AppendLine(exception?.ToString());
    }

    public void Dispose() { }
}

/// <summary>What the host answered, read whole.</summary>
public sealed record Answer(HttpStatusCode Status, HttpResponseHeaders Headers, string? MediaType, string Text)
{
    /// <summary>The body as JSON; Undefined where it is empty.</summary>
    public JsonElement Json { get; } = Text == "" || MediaType?.EndsWith("json", StringComparison.Ordinal) != true ? default : JsonDocument.Parse(Text).RootElement;

    public string? Reference => Json.GetProperty("reference").GetString();
    public string? ETag => Headers.TryGetValues("ETag", out var values) ? values.Single() : null;
    public long Position => long.Parse(Headers.GetValues("Register-Position").Single(), CultureInfo.InvariantCulture);

    /// <summary>The types of the events that a command recorded, in order.</summary>
    public IReadOnlyList<string> Events => [.. Json.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("type").GetString()!)];

    /// <summary>The items of a list.</summary>
    public IReadOnlyList<JsonElement> Items => [.. Json.GetProperty("items").EnumerateArray()];
}

/// <summary>Requests in one line.</summary>
public static class Requests
{
    public static Task<Answer> Read(this HttpClient http, string path, params (string Name, string Value)[] headers) => http.Send(HttpMethod.Get, path, null, headers);

    /// <param name="json">The body as it is sent.</param>
    public static Task<Answer> Command(this HttpClient http, string path, string json, params (string Name, string Value)[] headers) =>
        http.Send(HttpMethod.Post, path, new StringContent(json, Encoding.UTF8, "application/json"), headers);

    public static async Task<Answer> Send(this HttpClient http, HttpMethod method, string path, HttpContent? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await http.SendAsync(request);
        return new(answer.StatusCode, answer.Headers, answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>A command that must succeed; its answer.</summary>
    public static async Task<Answer> Record(this HttpClient http, string path, string json, params (string Name, string Value)[] headers)
    {
        var answer = await http.Command(path, json, headers);
        if (answer.Status is not (HttpStatusCode.OK or HttpStatusCode.Created)) throw new Xunit.Sdk.XunitException($"POST {path} {json} gave {answer.Status}: {answer.Text}");
        return answer;
    }
}
