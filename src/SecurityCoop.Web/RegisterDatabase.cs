using Microsoft.Extensions.Configuration;
using Npgsql;
using SecurityCoop.Store;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.Web;

/// <summary>The database that the register stands in: the one that the configuration names, or a private one in the data folder.</summary>
public sealed class RegisterDatabase : IAsyncDisposable
{
    readonly EmbeddedPostgres? embedded;

    RegisterDatabase(string owner, string application, EmbeddedPostgres? embedded)
    {
        (Owner, Application, this.embedded) = (owner, application, embedded);
        PrivateServerEnded = embedded?.Exited ?? Task.Delay(Timeout.Infinite);
    }

    /// <summary>Connection string of the role that owns the schema.</summary>
    public string Owner { get; }
    /// <summary>Connection string of the role that the host works as.</summary>
    public string Application { get; }
    public bool IsPrivate => embedded is not null;
    /// <summary>Ends when a private server ended by itself.</summary>
    public Task PrivateServerEnded { get; }

    /// <summary>ConnectionStrings:Register (and ConnectionStrings:RegisterMigrations for the schema's owner), or else a private server.</summary>
    /// <exception cref="StartRefused">Neither can be had; one line says why.</exception>
    /// <param name="beside">Whether the private server of a host that runs already will do.</param>
    public static async Task<RegisterDatabase> Open(IConfiguration configuration, string dataFolder, Action<string> say, CancellationToken stop, bool beside = false)
    {
        if (configuration.GetConnectionString("Register") is { Length: > 0 } named)
        {
            var application = PrimaryServer.Settled(named, "ConnectionStrings__Register");
            return new(configuration.GetConnectionString("RegisterMigrations") is { Length: > 0 } owner
                ? PrimaryServer.Settled(owner, "ConnectionStrings__RegisterMigrations") : application, application, null);
        }
        if (beside && await EmbeddedPostgres.OfRunningHost(dataFolder, stop) is var (running, worksAs)) return new(running, worksAs, null);
        var embedded = await EmbeddedPostgres.Start(dataFolder, say, stop);
        return new(embedded.OwnerConnectionString, embedded.AppConnectionString, embedded);
    }

    /// <summary>Brings the schema up to this program's.</summary>
    public async Task Migrate(CancellationToken stop)
    {
        var role = new NpgsqlConnectionStringBuilder(Application).Username;
        await RegisterMigrations.Migrate(Owner, role ?? Environment.UserName, stop);
    }

    public async ValueTask DisposeAsync()
    {
        if (embedded is not null) await embedded.DisposeAsync();
    }
}
