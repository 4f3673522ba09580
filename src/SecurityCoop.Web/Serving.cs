using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Npgsql;
using SecurityCoop.Store;
using SecurityCoop.PrivateServer;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Hosting;

namespace SecurityCoop.Web;

/// <param name="Urls">Where to listen; several are separated by semicolons.</param>
/// <param name="Data">The data folder: private database, keys, the first steward's token.</param>
/// <param name="Seed">True: load the seeds; false: do not; null: the first time with a private database.</param>
public sealed record ServeOptions(string Urls, string Data, bool? Seed, string Seeds);

/// <summary>The life of a serving host: database, schema, log, web, seeds; and all of it in reverse at the end.</summary>
public static class Serving
{
    /// <returns>0; 1 where the private database ended by itself; 130 where the start was interrupted, which a later start makes good.</returns>
    /// <exception cref="StartRefused">It cannot start; one line says why.</exception>
    public static async Task<int> Run(ServeOptions options, CancellationToken stop)
    {
        var started = false;
        try
        {
            return await Serve(options, () => started = true, stop);
        }
        // Whatever an interruption makes fail, the database's end among it, is the interruption.
        catch (Exception) when (!started && stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Interrupted while starting; what was not finished is done at the next start.");
            return 130;
        }
        catch (NpgsqlException away) when (!started)
        {
            throw new StartRefused($"The database went away while the host was starting: {away.Message}", away);
        }
    }

    static async Task<int> Serve(ServeOptions options, Action started, CancellationToken stop)
    {
        static void Say(string line)
        {
            try
            {
                Console.WriteLine(line);
            }
            catch (IOException)
            {
                // The disk that takes the output is full: no reason not to serve. The log's own lines are dropped likewise.
            }
        }
        CheckPorts(options.Urls);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddLogFormat(builder.Configuration);
        builder.WebHost.UseUrls(options.Urls.Split(';'));
        await using var database = await RegisterDatabase.Open(builder.Configuration, options.Data, Say, stop);
        await database.Migrate(stop);
        foreach (var fault in await ServerLog.Faults(database.Application, stop))
            Say($"Warning: the database's server may write values of rows into its log: {fault}. See docs/operations.md, \"A PostgreSQL server of one's own\".");
        await using var store = await Setup.OpenStore(
            database.Application, options.Data, stop, keyDatabase: builder.Configuration["Register:KeyDatabase"], serving: builder.Configuration);
        if (store.KeysBesideTheLog) Say("Warning: the database of Register__KeyDatabase is on the register's own server: that server's write-ahead log and whole backups hold keys beside what they open. See docs/operations.md, \"Several hosts\".");
        await Rebuilding.BeforeServing(store, database.Owner, database.IsPrivate, Say, stop);
        await using var app = Setup.Build(builder, store, database.Application);
        await app.StartAsync(stop);

        var address = Loopback(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        var tokens = app.Services.GetRequiredService<AccessTokens>();
        var (_, link) = await ConsoleAccess.FirstSteward(tokens, app.Services.GetRequiredService<SignInLinks>(), options.Data, address, stop);
        await LoadSeeds(options, database, store, new Seeder(tokens, address), Say, stop);
        await ConsoleAccess.DescribeFirstSteward(tokens, app.Services.GetRequiredService<Users>(), stop);
        app.Services.GetRequiredService<Readiness>().Loaded = true;
        started();
        Say($"SecurityCoop serves on {address}");
        Say($"Access token: {Path.Combine(Path.GetFullPath(options.Data), "token")}");
        SayLink(link, options.Data, Console.IsOutputRedirected, Say);

        var ended = app.WaitForShutdownAsync(stop);
        if (await Task.WhenAny(ended, database.PrivateServerEnded) == ended) return 0;
        Say("The private PostgreSQL ended by itself; stopping. Its log is in the data folder.");
        await app.StopAsync(CancellationToken.None);
        return 1;
    }

    /// <summary>
    /// Shows the link of the first steward on a terminal; what else takes the output may keep it for years, so that it is told where a file
    /// with the link lies, which the host's user alone can read.
    /// </summary>
    internal static void SayLink(string? link, string dataFolder, bool redirected, Action<string> say)
    {
        var file = Path.Combine(Path.GetFullPath(dataFolder), "sign-in-link");
        File.Delete(file); // That of an earlier start opens nothing any more.
        if (link is null) return;
        if (!redirected)
        {
            say($"Sign in (works once, within an hour): {link}");
            return;
        }
        PrivateFiles.Write(file, link + "\n");
        say($"Sign-in link (works once, within an hour): in {file}");
    }

    // The file says how far seeding came: absent (never), "loading" (interrupted), or the digest of what was loaded.
    static async Task LoadSeeds(ServeOptions options, RegisterDatabase database, RegisterStore store, Seeder seeder, Action<string> say, CancellationToken stop)
    {
        var mark = Path.Combine(options.Data, "seeds-loaded");
        var digest = Seeder.Digest(options.Seeds);
        var before = File.Exists(mark) ? (await File.ReadAllTextAsync(mark, stop)).Trim() : null;
        var wanted = options.Seed ?? (database.IsPrivate && digest != "" && (before is not null ? before != digest : (await store.Head(stop)).Size == 0));
        if (!wanted) return;
        if (digest == "") throw new StartRefused($"There is no folder of seeds at {options.Seeds}.");
        await File.WriteAllTextAsync(mark, "loading", stop);
        var progress = new EventProgress("Loading the seeds", "commands");
        var count = await seeder.Load(options.Seeds, progress.Tell, stop);
        progress.End();
        await File.WriteAllTextAsync(mark, digest, stop);
        say($"Loaded {count} commands from {options.Seeds}");
    }

    /// <summary>Whether the ports can be had is asked first, so that nothing is changed where they cannot.</summary>
    static void CheckPorts(string urls)
    {
        foreach (var url in urls.Split(';'))
        {
            BindingAddress at;
            try
            {
                at = BindingAddress.Parse(url);
            }
            catch (FormatException e)
            {
                throw new StartRefused($"{url} is not an address to listen on: {e.Message}");
            }
            if (at.IsUnixPipe || at.Port == 0) continue;
            var host = at.Host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(at.Host, out var ip) ? ip : IPAddress.Any;
            try
            {
                using var probe = new TcpListener(host, at.Port);
                probe.Start();
            }
            catch (SocketException e)
            {
                throw new StartRefused($"{url} cannot be listened on ({e.Message}): end what uses it, or give another address with --urls.");
            }
        }
    }

    static string Loopback(string address)
    {
        var at = BindingAddress.Parse(address);
        var host = at.Host is "[::]" or "0.0.0.0" or "+" or "*" ? "127.0.0.1" : at.Host;
        return FormattableString.Invariant($"{at.Scheme}://{host}:{at.Port}");
    }
}
