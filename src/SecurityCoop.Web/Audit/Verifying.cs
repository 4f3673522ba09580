using System.CommandLine;
using SecurityCoop.Store;
using SecurityCoop.Ledger;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.Web.Audit;

/// <summary>`securitycoop verify [--key VKEY] [--checkpoint NOTE]`: the whole database against what was signed, through a connection that cannot write.</summary>
static class Verifying
{
    public static Command Command(Option<string> data)
    {
        var key = new Option<string?>("--key") { Description = "The public key, or a file that holds it; without it, the one in the data folder." };
        var note = new Option<string?>("--checkpoint") { Description = "A file with a checkpoint that was kept: what it covers must not have changed." };
        var command = new Command("verify", "Checks the whole database: every event, the tree, checkpoints, and every table against the log.") { key, note };
        command.SetAction(async (parsed, stop) =>
        {
            VerifierKey? given;
            Note? earlier;
            try
            {
                given = parsed.GetValue(key) is { } text ? VerifierKey.Parse(File.Exists(text) ? (await File.ReadAllTextAsync(text, stop)).Trim() : text) : null;
                earlier = parsed.GetValue(note) is { } file ? Note.Parse(await File.ReadAllBytesAsync(file, stop)) : null;
            }
            catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return 2;
            }
            await using var database = await RegisterDatabase.Open(new ConfigurationBuilder().AddEnvironmentVariables().Build(), parsed.GetValue(data)!, Console.Error.WriteLine, stop, beside: true);
            await using var store = await Open(database.Application, parsed.GetValue(data)!, stop);
            return await Run(store, given, earlier, Console.Out, stop);
        });
        return command;
    }

    /// <summary>The log, to be looked at only: what verifies changes nothing, and does not migrate.</summary>
    /// <exception cref="StartRefused">The schema is not this program's.</exception>
    internal static async Task<RegisterStore> Open(string connectionString, string dataFolder, CancellationToken stop)
    {
        await RegisterMigrations.MustBeCurrent(connectionString, stop);
        return await Setup.OpenStore(connectionString, dataFolder, stop, readOnly: true);
    }

    /// <returns>0 sound, 1 broken, 2 where there is no key to verify with.</returns>
    internal static async Task<int> Run(RegisterStore store, VerifierKey? given, Note? earlier, TextWriter print, CancellationToken stop)
    {
        var progress = new EventProgress("Verifying");
        try
        {
            if ((given ?? store.VerifierKey) is not { } key)
            {
                await Console.Error.WriteLineAsync("There is no key to verify with: give one with --key.");
                return 2;
            }
            var sound = await store.Verify(key, earlier, progress.Tell, stop);
            // A copy that came without the signing key signs nothing yet; what it holds can be sound all the same.
            var why = store is { VerifierKey: null, WithheldThrough: > 0 } ? null : await store.Contradiction(stop);
            progress.End();
            if (why is not null) throw new HistoryFault(0, why);
            await print.WriteLineAsync(FormattableString.Invariant($"SOUND: {sound.Checkpoints} checkpoints, the newest of {sound.Size} events of {sound.Origin}"));
            await print.WriteLineAsync($"root {Convert.ToBase64String(sound.Root)}");
            foreach (var line in sound.Breaks) await print.WriteLineAsync($"NOTE: {line}");
            await print.WriteLineAsync(sound.Newest is { } newest ? $"no trusted time; the newest event says {newest:yyyy-MM-ddTHH:mm:ss.ffffffZ}" : "no trusted time");
            return 0;
        }
        catch (HistoryFault fault)
        {
            progress.End();
            await print.WriteLineAsync($"BROKEN: {fault.Message}");
            return 1;
        }
    }
}
