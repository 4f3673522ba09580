using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace SecurityCoop.Web.Tests.SigningIn;

/// <summary>Where an attacker keeps keys, and counts who asks for them.</summary>
public sealed class AttackersKeys : IAsyncDisposable
{
    readonly WebApplication app;
    int asked;

    AttackersKeys(WebApplication app) => this.app = app;

    public string Address => app.Urls.Single() + "/keys";

    public string Answer { get; set; } = "{}";

    public int Asked => asked;

    public static async Task<AttackersKeys> Serve()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var keys = new AttackersKeys(app);
        app.MapGet("/keys", () =>
        {
            Interlocked.Increment(ref keys.asked);
            return keys.Answer;
        });
        await app.StartAsync();
        return keys;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
