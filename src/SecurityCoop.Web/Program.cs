using System.CommandLine;
using Npgsql;
using SecurityCoop.Store;
using SecurityCoop.PrivateServer;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Audit;
using SecurityCoop.Web.Exchange;
using SecurityCoop.Web.Reporting;

namespace SecurityCoop.Web;

/// <summary>
/// The command line: `securitycoop serve | migrate | rebuild | token create | list | revoke | report | bundle FILE | verify | export FILE | import FILE | import-records FILE |
/// ledger key | rotate-key | new-origin`.
/// </summary>
static class Program
{
    static readonly Option<string> data = new("--data") { Description = "The data folder: private database, keys, token.", DefaultValueFactory = _ => ".data", Recursive = true };

    static async Task<int> Main(string[] args)
    {
        var root = new RootCommand("SecurityCoop: the register of a security service's international cooperation.") { data };
        root.Subcommands.Add(Serve());
        root.Subcommands.Add(Migrate());
        root.Subcommands.Add(Rebuild());
        root.Subcommands.Add(Token());
        root.Subcommands.Add(ReportConsole.Command(data));
        root.Subcommands.Add(LedgerConsole.Command(data));
        root.Subcommands.Add(LedgerConsole.Bundle(data));
        root.Subcommands.Add(Verifying.Command(data));
        root.Subcommands.Add(ExchangeConsole.Export(data));
        root.Subcommands.Add(ExchangeConsole.Import(data));
        root.Subcommands.Add(ExchangeConsole.ImportRecords(data));
        try
        {
            return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (StartRefused refused)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
    }

    static Command Serve()
    {
        var urls = new Option<string>("--urls") { Description = "Where to listen.", DefaultValueFactory = _ => "http://127.0.0.1:5080" };
        var seed = new Option<bool>("--seed") { Description = "Load the seeds (a private database does so by itself the first time)." };
        var noSeed = new Option<bool>("--no-seed") { Description = "Do not load the seeds." };
        var seeds = new Option<string>("--seeds") { Description = "The folder of seeds.", DefaultValueFactory = _ => Path.Combine(AppContext.BaseDirectory, "seeds") };
        var command = new Command("serve", "Serves the register over HTTP.") { urls, seed, noSeed, seeds };
        command.SetAction((parsed, stop) => Serving.Run(
            new(parsed.GetValue(urls)!, parsed.GetValue(data)!, parsed.GetValue(noSeed) ? false : parsed.GetValue(seed) ? true : null, parsed.GetValue(seeds)!), stop));
        return command;
    }

    static Command Migrate()
    {
        var command = new Command("migrate", "Brings the database's schema up to this program's.");
        command.SetAction((parsed, stop) => WithDatabase(parsed, (_, _) => Task.FromResult(0), stop));
        return command;
    }

    static Command Rebuild()
    {
        var command = new Command("rebuild", "Makes all records' documents anew from the log; commands wait meanwhile.");
        command.SetAction(async (parsed, stop) =>
        {
            await using var database = await Migrated(parsed.GetValue(data)!, stop);
            await using var store = await Setup.OpenStore(database.Application, parsed.GetValue(data)!, stop);
            await Rebuilding.Run(store, database.Owner, stop);
            return 0;
        });
        return command;
    }

    static Command Token()
    {
        var role = new Option<Role[]>("--role") { Description = "What a new user may do; several are allowed. One who is there keeps the own roles.", DefaultValueFactory = _ => [] };
        var subject = new Option<string>("--subject") { Description = "Whose it is: the opaque id under which the user's events are recorded.", Required = true };
        var clearance = new Option<Marking?>("--clearance") { Description = "The highest marking that a new user may see; without it, restricted." };
        var days = new Option<int?>("--days") { Description = "How long it is good; without it, 90 days." };
        var unlimited = new Option<bool>("--unlimited") { Description = "It never expires." };
        var create = new Command("create", "Makes an access token of a user, who is described where there is none, and prints it.") { role, subject, clearance, days, unlimited };
        create.SetAction((parsed, stop) => WithUsers(parsed, (tokens, users, cancelled) => ConsoleAccess.CreateToken(
            tokens, users, parsed.GetValue(role)!, parsed.GetValue(subject)!, parsed.GetValue(clearance), parsed.GetValue(days), parsed.GetValue(unlimited), Console.Out, cancelled), stop));
        var list = new Command("list", "Lists the access tokens, never the tokens themselves.");
        list.SetAction((parsed, stop) => WithDatabase(parsed, (tokens, cancelled) => ConsoleAccess.ListTokens(tokens, Console.Out, cancelled), stop));
        var id = new Argument<Guid>("id") { Description = "The token's id, as `token list` shows it." };
        var revoke = new Command("revoke", "Ends an access token and the sessions signed in with it.") { id };
        revoke.SetAction((parsed, stop) => WithUsers(parsed, (tokens, users, cancelled) => ConsoleAccess.RevokeToken(tokens, users, parsed.GetValue(id), Console.Out, cancelled), stop));
        return new Command("token", "Access tokens.") { create, list, revoke };
    }

    // Upon the migrated database; a private one that a running host uses is used beside it.
    static async Task<int> WithDatabase(ParseResult parsed, Func<AccessTokens, CancellationToken, Task<int>> work, CancellationToken stop)
    {
        await using var database = await Migrated(parsed.GetValue(data)!, stop);
        await using var source = ConnectionPool.Of(new(database.Application));
        return await work(new AccessTokens(source, TimeProvider.System), stop);
    }

    // The same with the log beside, in which every change of a user stands.
    static async Task<int> WithUsers(ParseResult parsed, Func<AccessTokens, Users, CancellationToken, Task<int>> work, CancellationToken stop)
    {
        await using var database = await Migrated(parsed.GetValue(data)!, stop);
        await using var source = ConnectionPool.Of(new(database.Application));
        await using var store = await Setup.OpenStore(database.Application, parsed.GetValue(data)!, stop);
        try
        {
            return await work(new AccessTokens(source, TimeProvider.System), new Users(store), stop);
        }
        catch (DocumentsOutdated outdated)
        {
            throw new StartRefused(outdated.Message, outdated);
        }
    }

    internal static async Task<RegisterDatabase> Migrated(string dataFolder, CancellationToken stop)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        var database = await RegisterDatabase.Open(configuration, dataFolder, Console.Error.WriteLine, stop, beside: true);
        try
        {
            await database.Migrate(stop);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }
}
