using System.CommandLine;
using System.IO.Pipelines;
using SecurityCoop.Register.Markings;
using SecurityCoop.Store;
using SecurityCoop.PrivateServer;
using SecurityCoop.Web.Access;

namespace SecurityCoop.Web.Audit;

/// <summary>`securitycoop ledger key | rotate-key | new-origin`: what an operator does about the keys of checkpoints and the origin.</summary>
static class LedgerConsole
{
    public static Command Command(Option<string> data)
    {
        var reason = new Option<string>("--reason") { Description = "Why, as the event says for ever.", Required = true };
        var actor = new Option<string>("--actor") { Description = "The opaque id of whoever decides.", DefaultValueFactory = _ => "operator" };
        var key = new Command("key", "Prints the public key with which an auditor verifies checkpoints and bundles.");
        key.SetAction((parsed, stop) => With(parsed.GetValue(data)!, PrintKey, stop));
        var rotate = new Command("rotate-key", "Makes another signing key; the next checkpoint is signed by both, those after it by the new one.") { reason, actor };
        rotate.SetAction((parsed, stop) => With(parsed.GetValue(data)!, (store, cancelled) => Rotate(store, parsed.GetValue(actor)!, parsed.GetValue(reason)!, cancelled), stop));
        var origin = new Command("new-origin", "Goes on from a database that is not the one that was signed; its first event cites what was signed before.") { reason, actor };
        origin.SetAction((parsed, stop) => With(parsed.GetValue(data)!, (store, cancelled) => NewOrigin(store, parsed.GetValue(actor)!, parsed.GetValue(reason)!, cancelled), stop));
        return new Command("ledger", "The keys and the origin of signed checkpoints.") { key, rotate, origin };
    }

    static async Task<int> PrintKey(RegisterStore store, CancellationToken stop)
    {
        Console.WriteLine($"{store.VerifierKey ?? throw new StartRefused("The signing key is missing: restore the key folder.")}");
        if (store.NextVerifierKey is { } next) Console.WriteLine($"to follow: {next}");
        if (await store.Contradiction(stop) is { } why) await Console.Error.WriteLineAsync(why);
        return 0;
    }

    internal static async Task<int> Rotate(RegisterStore store, string actor, string reason, CancellationToken stop)
    {
        MustSay(reason);
        if (await store.Contradiction(stop) is { } why) throw new StartRefused($"{why} A key is not rotated upon that.");
        var rotated = await store.RotateKey(actor, reason, stop: stop);
        Console.WriteLine(rotated.To);
        Console.WriteLine("The next checkpoint of a running host is signed by both keys; then the old one is destroyed.");
        return 0;
    }

    internal static async Task<int> NewOrigin(RegisterStore store, string actor, string reason, CancellationToken stop)
    {
        MustSay(reason);
        var opened = await store.OpenOrigin(actor, reason, stop: stop);
        Console.WriteLine(opened.Key);
        Console.WriteLine(FormattableString.Invariant($"The log goes on as {opened.Origin}; it agrees with what was signed before up to {opened.AgreesTo} events. Give auditors the key above."));
        return 0;
    }

    /// <summary>`securitycoop bundle FILE`: the whole history up to the newest checkpoint, with a progress bar. The file appears whole or not at all.</summary>
    public static Command Bundle(Option<string> data)
    {
        var file = new Argument<string>("file") { Description = "Where the bundle is written." };
        var clearance = new Option<Register.Marking>("--clearance") { Description = "What lies above it is left out; below secret, what is for groups too.", DefaultValueFactory = _ => Register.Marking.Secret };
        var command = new Command("bundle", "Writes the history for an auditor: events, tree, checkpoints and keys, protected values withheld.") { file, clearance };
        command.SetAction((parsed, stop) => With(parsed.GetValue(data)!, async (store, cancelled) =>
        {
            await store.TookOut("securitycoop bundle", parsed.GetValue(clearance), cancelled);
            return await WriteBundle(store, parsed.GetValue(file)!, parsed.GetValue(clearance), cancelled);
        }, stop));
        return command;
    }

    internal static async Task<int> WriteBundle(RegisterStore store, string file, Register.Marking clearance, CancellationToken stop)
    {
        var newest = await store.NewestCheckpoint(stop) ?? throw new StartRefused("Nothing is signed yet: a running host signs within a second.");
        var (draft, progress) = (file + ".part", new EventProgress("Writing the bundle"));
        try
        {
            await using (var stream = new FileStream(draft, FileMode.Create))
            {
                var writer = PipeWriter.Create(stream);
                var rights = clearance == Register.Marking.Secret ? ReaderRights.All : new(clearance);
                await Bundles.Write(store, newest, rights, openings: false, writer, async () => await writer.FlushAsync(stop), progress.Tell, stop);
                await writer.CompleteAsync();
            }
            File.Move(draft, file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartRefused($"The bundle cannot be written to {file}: {e.Message}", e);
        }
        finally
        {
            progress.End();
            File.Delete(draft);
        }
        Console.WriteLine(FormattableString.Invariant($"{newest.Checkpoint.Size:N0} events of {newest.Checkpoint.Origin} in {file}"));
        return 0;
    }

    static void MustSay(string reason)
    {
        if (string.IsNullOrWhiteSpace(reason)) throw new StartRefused("--reason must say why.");
    }

    internal static async Task<int> With(string dataFolder, Func<RegisterStore, CancellationToken, Task<int>> work, CancellationToken stop)
    {
        await using var database = await Program.Migrated(dataFolder, stop);
        await using var store = await Setup.OpenStore(database.Application, dataFolder, stop);
        return await work(store, stop);
    }
}
