using System.Text;
using SecurityCoop.Ledger;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.Store;

/// <summary>
/// What the signer keeps outside the database, in the folder `ledger` of the key folder (files of mode 0600): the signing key, the key that is to follow it, and
/// the guard, which is the text of the last checkpoint that was signed. Read anew each time: another process may have changed them.
/// </summary>
internal sealed class LedgerKeys
{
    /// <summary>Below the folder.</summary>
    public const string PreviousFile = "previous.vkey";

    private readonly string folder, verifierKeyFile;

    private LedgerKeys(string folder, string verifierKeyFile) => (this.folder, this.verifierKeyFile) = (folder, verifierKeyFile);

    /// <param name="verifierKeyFile">Where the public key is written for whoever wants it; null: beside the private one.</param>
    /// <param name="mayMake">Whether a key may be made: where checkpoints were signed already, a missing key is lost, not new.</param>
    /// <param name="type">Null: Ed25519 where it can be had.</param>
    /// <exception cref="StartRefused">The folder cannot be used, or a file in it is damaged.</exception>
    public static LedgerKeys Open(string keyFolder, string? verifierKeyFile, Guid log, bool mayMake, KeyType? type, bool publish = true)
    {
        var folder = Path.Combine(keyFolder, "ledger");
        try
        {
            KeyFolder.MakeFolder(folder);
            var keys = new LedgerKeys(folder, verifierKeyFile ?? Path.Combine(folder, "ledger.vkey"));
            if (keys.Current is null && mayMake) KeyFolder.WriteNew(folder, keys.KeyFile, Encoding.UTF8.GetBytes(SigningKey.Make($"securitycoop/{log:D}", type).Export()));
            if (publish) keys.Publish();
            _ = (keys.Guard, keys.Next);
            return keys;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new StartRefused($"The ledger's keys in {folder} cannot be used: {e.Message}", e);
        }
    }

    private string KeyFile => Path.Combine(folder, "signing.key");
    private string NextFile => Path.Combine(folder, "next.key");
    private string GuardFile => Path.Combine(folder, "last-signed");

    /// <summary>The key that signs; null where it is lost.</summary>
    public SigningKey? Current => Read(KeyFile) is { } text ? SigningKey.Parse(text) : null;

    /// <exception cref="StartRefused">As <see cref="RegisterStore.WitnessKey"/> says.</exception>
    public SigningKey Witness(string name)
    {
        var file = Path.Combine(folder, "witness.key");
        try
        {
            if (!File.Exists(file)) KeyFolder.WriteNew(folder, file, Encoding.UTF8.GetBytes(SigningKey.Make(name, KeyType.Cosignature).Export()));
            var key = SigningKey.Parse(File.ReadAllText(file));
            return key.Public.Name == name ? key : throw new FormatException($"it is the key of {key.Public.Name}, not of {name}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or ArgumentException or PlatformNotSupportedException or System.Security.Cryptography.CryptographicException)
        {
            throw new StartRefused($"The witness's key {file} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>The key that is to follow, once its event is signed.</summary>
    public SigningKey? Next => Read(NextFile) is { } text ? SigningKey.Parse(text) : null;

    /// <summary>Where the signing key is lost, the public one: as it was published, or as it came with a history that was imported without
    /// its key.</summary>
    public string? Previous => (Read(verifierKeyFile) ?? Read(Path.Combine(folder, PreviousFile)))?.Trim();

    /// <summary>The last checkpoint that was signed, or was about to be when the process ended.</summary>
    public Checkpoint? Guard => Read(GuardFile) is { } text ? Checkpoint.Parse(text) : null;

    /// <summary>On disk, file and folder, when it returns: only then may the note be shown to anybody.</summary>
    /// <exception cref="InvalidOperationException">A larger one of the same origin was signed meanwhile.</exception>
    public void Keep(Checkpoint signed)
    {
        if (Guard is { } last && last.Origin == signed.Origin && last.Size > signed.Size)
            throw new InvalidOperationException($"A checkpoint of {last.Size} events was signed; one of {signed.Size} is not signed after it.");
        Replace(GuardFile, signed.Text);
    }

    /// <summary>Makes the key that is to follow; one that was made before and never used is forgotten.</summary>
    public SigningKey MakeNext(string name, KeyType? type)
    {
        var key = SigningKey.Make(name, type);
        Replace(NextFile, key.Export());
        return key;
    }

    /// <summary>The key that was to follow takes the place of the other, which is destroyed.</summary>
    public void Promote()
    {
        File.Move(NextFile, KeyFile, overwrite: true);
        KeyFolder.SyncFolder(folder);
        Publish();
    }

    /// <summary>The keys for whoever takes the history over: names below the key folder, and contents.</summary>
    /// <param name="newest">The last checkpoint that goes with them; what was signed after it stays behind with its events.</param>
    public IEnumerable<(string Name, byte[] Content)> Files(Checkpoint? newest)
    {
        foreach (var (file, text) in new[] { (KeyFile, Read(KeyFile)), (NextFile, Read(NextFile)), (GuardFile, newest?.Text) })
            if (text is not null) yield return ($"ledger/{Path.GetFileName(file)}", Encoding.UTF8.GetBytes(text));
    }

    private void Publish()
    {
        if (Current is not { } key) return;
        var text = $"{key.Public}\n";
        if (!File.Exists(verifierKeyFile) || File.ReadAllText(verifierKeyFile) != text) PrivateFiles.Write(verifierKeyFile, text);
    }

    private void Replace(string file, string text)
    {
        PrivateFiles.Write(file, text);
        KeyFolder.SyncFolder(folder);
    }

    private static string? Read(string file) => File.Exists(file) ? File.ReadAllText(file) : null;
}
