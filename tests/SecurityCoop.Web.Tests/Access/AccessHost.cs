using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using Xunit;

namespace SecurityCoop.Web.Tests.Access;

/// <summary>A host of nothing but sign-in and one small endpoint for each thing that sign-in decides, on a database of its own.</summary>
public sealed class AccessHost(TestPostgres postgres) : IAsyncLifetime
{
    WebApplication? app;
    NpgsqlDataSource? owner;
    RegisterStore? store;
    readonly string data = Directory.CreateTempSubdirectory("access-").FullName;

    /// <summary>The users of the log.</summary>
    public Users Users => new(store!);

    public RegisterStore Store => store!;

    public HttpClient Http { get; private set; } = null!;
    public TestClock Clock { get; } = new();
    public NpgsqlDataSource Database { get; private set; } = null!;
    public string Address => Http.BaseAddress!.ToString().TrimEnd('/');

    /// <summary>The host's own, with what it remembers.</summary>
    public AccessTokens Tokens => app!.Services.GetRequiredService<AccessTokens>();
    public SignInLinks Links => app!.Services.GetRequiredService<SignInLinks>();

    /// <summary>As another process has it: the same table, remembering nothing of the host's.</summary>
    public AccessTokens TokensElsewhere() => new(Database, TimeProvider.System);

    public async ValueTask InitializeAsync()
    {
        var (application, ownerConnection) = await postgres.NewDatabase();
        Database = NpgsqlDataSource.Create(application);
        store = await Setup.OpenStore(application, data, default);
        owner = NpgsqlDataSource.Create(ownerConnection);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(Database).AddSingleton<TimeProvider>(Clock).AddAccess();
        builder.Services.AddRazorComponents(); // Refusals are pages.
        app = builder.Build();
        app.Use((context, next) => // as forwarded headers would, behind a server that speaks https
        {
            if (context.Request.Headers.ContainsKey("Test-Https")) context.Request.Scheme = "https";
            return next(context);
        });
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapSignIn();
        app.MapGet("/health/live", () => "alive").Public("It says nothing.");
        app.MapGet("/", (Caller caller) => caller.Subject).NeedsSignIn();
        app.MapPost("/", (Caller caller) => caller.Subject).NeedsSignIn();
        app.MapGet("/caller", (Caller caller) => $"{caller.Subject} {string.Join(',', caller.Roles.Order())} {caller.Clearance} {caller.MayOpenNames}").NeedsSignIn();
        foreach (var role in Enum.GetValues<Role>()) app.MapGet($"/needs/{role}", () => "reached").Needs(role);
        await app.StartAsync();
        Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new(app.Urls.Single()) };
    }

    public async Task<string> NewToken(params Role[] roles) =>
        (await TokensElsewhere().Create("somebody", roles.ToHashSet(), Marking.Restricted, "test", null, default)).Token;

    public Task<HttpResponseMessage> Get(string path, string? bearer = null, string? cookie = null, string? accept = null, string? language = null) =>
        Send(HttpMethod.Get, path, bearer, cookie, ("Accept", accept), ("Accept-Language", language));

    public Task<HttpResponseMessage> Post(string path, string? cookie, HttpContent? form, params (string Name, string? Value)[] headers) =>
        Send(HttpMethod.Post, path, null, cookie, headers, form);

    async Task<HttpResponseMessage> Send(HttpMethod method, string path, string? bearer, string? cookie, params (string Name, string? Value)[] headers) =>
        await Send(method, path, bearer, cookie, headers, null);

    async Task<HttpResponseMessage> Send(HttpMethod method, string path, string? bearer, string? cookie, (string Name, string? Value)[] headers, HttpContent? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        if (bearer is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        if (cookie is not null) request.Headers.Add("Cookie", $"securitycoop={cookie}");
        foreach (var (name, value) in headers)
            if (value is not null) request.Headers.TryAddWithoutValidation(name, value);
        return await Http.SendAsync(request);
    }

    /// <summary>What stands in the database, read as its owner.</summary>
    public async Task<T> Ask<T>(string sql)
    {
        await using var command = owner!.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task Change(string sql)
    {
        await using var command = owner!.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        if (app is not null) await app.DisposeAsync();
        if (Database is not null) await Database.DisposeAsync();
        if (owner is not null) await owner.DisposeAsync();
        if (store is not null) await store.DisposeAsync();
        Directory.Delete(data, recursive: true);
    }
}

/// <summary>The real clock, and as much more as a test says has passed.</summary>
public sealed class TestClock : TimeProvider
{
    TimeSpan passed;

    public void Pass(TimeSpan time) => passed += time;

    public void Set(DateTimeOffset now) => passed = now - System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + passed;

    public override long GetTimestamp() => System.GetTimestamp() + (long)(passed.TotalSeconds * System.TimestampFrequency);
}
