using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using SecurityCoop.Ledger;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.Store;

/// <summary>The keys on their way into the key folder of an import: everything is looked at before anything is written, and nothing is written over.</summary>
internal sealed partial class ImportedKeys
{
    private readonly string folder;
    private readonly ExportHead history;
    private readonly IReadOnlyList<(string Name, byte[] Content)>? files;

    private ImportedKeys(string folder, ExportHead history, IReadOnlyList<(string, byte[])>? files) => (this.folder, this.history, this.files) = (folder, history, files);

    /// <param name="keys">The file of keys; null where the history comes without them.</param>
    /// <exception cref="StartRefused">The file is damaged or of another export, or the folder has the keys of another register.</exception>
    public static async Task<ImportedKeys> Read(string folder, ExportHead history, ExportReader? keys, CancellationToken stop)
    {
        if (history.Key is { } vkey && !IsKey(vkey)) throw new StartRefused("The first line of the file of the history names a key that is none.");
        if (keys is null)
        {
            if (SigningKeyIn(folder) is { } there && !there.StartsWith($"PRIVATE+KEY+securitycoop/{history.Log:D}", StringComparison.Ordinal)) throw Others(folder);
            return new(folder, history, null);
        }
        var files = new List<(string Name, byte[] Content)>();
        await foreach (var line in keys.Lines(stop))
            files.Add(line.TryGetProperty("file", out var name) && name.ValueKind == JsonValueKind.String && Name().IsMatch(name.GetString()!)
                && line.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String && content.TryGetBytesFromBase64(out var bytes) ? (name.GetString()!, bytes) : throw keys.Fault("it is not a key"));
        if (!keys.Head.SameAs(history)) throw new StartRefused("The file of keys belongs to another export than the file of the history: take the two that were written together.");
        foreach (var (name, content) in files)
            if (!Marked(folder, name) && Path.Combine(folder, name) is var file && File.Exists(file) && !File.ReadAllBytes(file).AsSpan().SequenceEqual(content)) throw Others(folder);
        return new(folder, history, files);
    }

    /// <summary>Writes them: first whose keys were destroyed, then the keys of all others. Interrupted, it can be done again.</summary>
    public void Write()
    {
        KeyFolder.MakeFolder(folder);
        foreach (var below in new[] { "subjects", "erased", "ledger" }) KeyFolder.MakeFolder(Path.Combine(folder, below));
        foreach (var (name, content) in files ?? [])
            if (Path.Combine(folder, name) is var file && !Marked(folder, name) && !File.Exists(file)) KeyFolder.WriteNew(Path.GetDirectoryName(file)!, file, content);
        // A folder with the register's own signing key was brought here by hand, with all that is in it.
        if (files is null && SigningKeyIn(folder) is null)
        {
            KeyFolder.Withhold(folder, history.Size);
            if (history.Key is { } key) KeyFolder.WriteNew(Path.Combine(folder, "ledger"), Path.Combine(folder, "ledger", LedgerKeys.PreviousFile), Encoding.UTF8.GetBytes($"{key}\n"));
        }
        KeyFolder.Open(folder, mayMake: files is null);
    }

    // Whether this key was destroyed here: the newest mark there is counts, whatever comes back.
    private static bool Marked(string folder, string name) => name.StartsWith("subjects/", StringComparison.Ordinal) && File.Exists(Path.Combine(folder, "erased", Path.GetFileNameWithoutExtension(name)));

    private static string? SigningKeyIn(string folder) => Path.Combine(folder, "ledger", "signing.key") is var file && File.Exists(file) ? File.ReadAllText(file, Encoding.UTF8) : null;

    private static bool IsKey(string text)
    {
        try
        {
            return VerifierKey.Parse(text) is not null;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static StartRefused Others(string folder) =>
        new($"{Path.GetFullPath(folder)} holds the keys of another register: give a data folder of its own with --data. Nothing was changed.");

    [GeneratedRegex(@"^(master\.key|idempotency\.key|withheld-through|erased/[A-Za-z0-9_-]{1,100}|subjects/[A-Za-z0-9_-]{1,100}\.key|ledger/(signing\.key|next\.key|last-signed))\z")]
    private static partial Regex Name();
}
