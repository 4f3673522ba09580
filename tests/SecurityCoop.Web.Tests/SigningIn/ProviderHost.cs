using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using SecurityCoop.Web.Tests.Description;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.SigningIn;

/// <summary>An OpenID provider of others' making (tests/node/provider.mjs), on this machine only.</summary>
public sealed class ProviderProcess : IDisposable
{
    readonly Process process;

    ProviderProcess(Process process, JsonElement said)
    {
        this.process = process;
        (Issuer, Key) = (said.GetProperty("issuer").GetString()!, said.GetProperty("key"));
    }

    public string Issuer { get; }

    /// <summary>The key pair with which it signs, as a JWK.</summary>
    public JsonElement Key { get; }

    /// <summary>Starts it. Without Node or its package the test is skipped, in CI it fails.</summary>
    public static async Task<ProviderProcess> Start()
    {
        NodeProgram.Installed("oidc-provider/package.json");
        var process = Process.Start(new ProcessStartInfo("node", [Path.Combine(Documents.Root, "tests", "node", "provider.mjs")])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var errors = new StringBuilder();
        process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        process.BeginErrorReadLine();
        var said = await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException($"The provider did not start: {errors}");
        return new(process, JsonDocument.Parse(said).RootElement.Clone());
    }

    /// <summary>Has it serve the register at this address, and nobody else.</summary>
    public async Task Serve(string register)
    {
        using var http = new HttpClient();
        (await http.PostAsync(Issuer + "/test/register", new StringContent(register))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    /// <summary>An access token of its own for the client `program`.</summary>
    public async Task<string> ProgramToken()
    {
        using var http = new HttpClient();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["resource"] = ProviderHost.Audience,
            ["client_id"] = "program", ["client_secret"] = "another secret of the tests",
        });
        using var answer = await http.PostAsync(Issuer + "/token", form);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("access_token").GetString()!;
    }

    public void Dispose()
    {
        process.Kill();
        process.Dispose();
    }
}

/// <summary>A register whose users sign in by a provider.</summary>
public sealed class ProviderHost(TestPostgres postgres) : HostFixture(postgres)
{
    public const string Audience = "urn:register";

    public ProviderProcess Provider { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        Provider = await ProviderProcess.Start();
        foreach (var (name, value) in SettingsOf(Provider.Issuer)) Settings["Register:Oidc:" + name] = value;
        await base.InitializeAsync();
        Clock.Set(DateTimeOffset.UtcNow); // The provider has no other clock.
        await Provider.Serve(Address);
    }

    /// <summary>As `Register__Oidc__` settings.</summary>
    public static Dictionary<string, string> SettingsOf(string issuer) => new()
    {
        ["Authority"] = issuer, ["ClientId"] = "register", ["ClientSecret"] = "a secret of the tests", ["Audience"] = Audience,
        ["RolesClaim"] = "office.roles", ["Roles:recorder"] = "coop-desk, coop-north", ["Roles:steward"] = "coop-chief",
        ["Clearance:confidential"] = "c2", ["Clearance:secret"] = "c3", ["Groups:europe"] = "g-europe",
    };

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Provider?.Dispose();
    }

    /// <summary>Another host on the same database, with other settings; dispose it.</summary>
    public async Task<OtherHost> AnotherWith(params (string Name, string Value)[] settings)
    {
        var before = new Dictionary<string, string?>(Settings);
        foreach (var (name, value) in settings) Settings["Register:" + name] = value;
        try
        {
            return await Another();
        }
        finally
        {
            Settings.Clear();
            foreach (var (name, value) in before) Settings[name] = value;
        }
    }

    /// <summary>A browser without a window and without scripts.</summary>
    public Visitor NewVisitor() => new(this);

    /// <summary>A browser in which somebody has signed in by the provider.</summary>
    public async Task<Visitor> SignedIn(string login)
    {
        var visitor = NewVisitor();
        using var landed = await visitor.SignIn(login);
        landed.StatusCode.ShouldBe(HttpStatusCode.OK, await landed.Content.ReadAsStringAsync());
        return visitor;
    }
}

/// <summary>What every class that needs the provider shares.</summary>
[CollectionDefinition(Name)]
public sealed class ProviderCollection : ICollectionFixture<ProviderHost>
{
    public const string Name = "provider";
}
