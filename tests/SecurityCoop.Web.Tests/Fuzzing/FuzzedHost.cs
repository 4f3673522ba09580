using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using Shouldly;

namespace SecurityCoop.Web.Tests.Fuzzing;

/// <summary>The seeded host without a limit of requests. Of its log only the lines are kept that hold what was sent.</summary>
public sealed class FuzzedHost(TestPostgres postgres) : HostFixture(postgres)
{
    internal MarkerWatch Watch { get; } = new();

    protected override void Configure(WebApplicationBuilder builder) => builder.Logging.ClearProviders().AddProvider(Watch);

    protected override Task Prepare()
    {
        Settings["Register:RequestsPerSecond"] = Settings["Register:GuessesPerSecond"] = "0";
        return Task.CompletedTask;
    }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await LoadSeeds();
    }

    internal IPEndPoint Endpoint => new(IPAddress.Loopback, new Uri(Address).Port);

    /// <summary>The operations of the description that the host itself gives.</summary>
    internal async Task<IReadOnlyList<Operation>> Described() => Operation.All(JsonNode.Parse((await Http.Read("/openapi/v1.json")).Text)!.AsObject());

    /// <summary>Routes that are not described.</summary>
    internal IReadOnlyList<Operation> Undescribed() =>
    [
        .. Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => !e.RoutePattern.RawText!.StartsWith("/api", StringComparison.Ordinal))
            .SelectMany(e => (e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
                .Select(m => new Operation(m, "/" + e.RoutePattern.RawText!.TrimStart('/'), new Dictionary<string, string>(), [.. QueryParameters.Of(e).Select(p => new Parameter(p, []))], null, [], false))),
    ];

    /// <summary>References of the records that there are.</summary>
    internal async Task<IReadOnlyList<string>> References()
    {
        var references = new List<string>();
        foreach (var kind in RecordKinds.All.OfType<IServedKind>())
            references.AddRange((await Http.Read($"/api/{kind.Path}?limit=20")).Items.Where(i => i.TryGetProperty("reference", out _)).Select(i => i.GetProperty("reference").GetString()!));
        return references;
    }

    /// <summary>Callers of every kind: what each sends to be known.</summary>
    internal async Task<IReadOnlyList<(string, string)?>> Callers()
    {
        var access = Services.GetRequiredService<AccessTokens>();
        var known = new List<(string, string)?>();
        foreach (var (clearance, roles) in ((Marking, Role[])[])[
            (Marking.Secret, [Role.Steward]), (Marking.Secret, [Role.Steward]), (Marking.Secret, [Role.Steward]), (Marking.Secret, [Role.Auditor, Role.Validator]), (Marking.Restricted, [Role.Recorder]), (Marking.Open, [Role.Reader]), (Marking.Open, [Role.Administrator])])
            known.Add(("Authorization", $"Bearer {await NewToken($"fuzz-{known.Count}", clearance, roles)}"));
        var (id, _) = await access.Create("fuzz-session", new HashSet<Role> { Role.Steward }, Marking.Secret, "test", null, default);
        var session = $"{SignIn.Cookie}={(await access.CreateSession(id, default))!.Value.Token}";
        // Only who is signed in gets a page.
        using var browser = Client(null);
        (await browser.Read("/meetings/new", ("Cookie", session), ("Accept", "text/html"))).Status.ShouldBe(HttpStatusCode.OK);
        known.Add(("Cookie", session));
        known.Add(null);
        return known;
    }
}

/// <summary>A log that keeps the lines in which a marker stands, and counts all.</summary>
sealed class MarkerWatch : ILoggerProvider, ILogger
{
    readonly List<string> holding = [];
    long lines;

    /// <summary>What to look for; null: nothing.</summary>
    public volatile string? Marker;

    public long Lines => Interlocked.Read(ref lines);

    /// <summary>The first lines that hold the marker.</summary>
    public IReadOnlyList<string> Holding { get { lock (holding) return [.. holding]; } }

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Interlocked.Increment(ref lines);
        if (Marker is not { } marker) return;
        // Structured logging writes the state's values beside the message.
        var values = state is IEnumerable<KeyValuePair<string, object?>> named ? string.Join(' ', named.Select(n => $"{n.Value}")) : "";
        var line = $"{logLevel} {formatter(state, exception)} {values} {exception}";
        if (!line.Contains(marker, StringComparison.Ordinal)) return;
        lock (holding)
            if (holding.Count < 30) holding.Add(line[..Math.Min(line.Length, 1500)]);
    }

    public void Dispose() { }

    sealed class Category(MarkerWatch watch, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            watch.Log(logLevel, eventId, state, exception, (s, e) => $"[{name}] {formatter(s, e)}");
    }
}
