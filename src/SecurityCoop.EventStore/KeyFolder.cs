using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace SecurityCoop.EventStore;

/// <summary>
/// The keys, outside the database: a folder (mode 0700) of files (0600). Every subject's key is 32 random bytes, wrapped by the master key with
/// AES-256-GCM (nonce, ciphertext, tag; associated data: the subject). Destroying a subject's file makes that person's values unreadable, in
/// every backup of the database too. What was destroyed leaves an empty file of the subject's name under `erased`, so that no key is made
/// again for it and one that comes back with an old copy of the folder counts for nothing.
/// </summary>
internal sealed class KeyFolder
{
    private const int Nonce = 12, Tag = 16, KeySize = 32;
    private const string Withheld = "withheld-through";
    private readonly string folder, subjects, erased;
    private readonly byte[] master;
    private readonly byte[] idempotency;
    private readonly ConcurrentDictionary<string, byte[]> unwrapped = new(StringComparer.Ordinal);

    private KeyFolder(string folder, byte[] master, byte[] idempotency)
    {
        (this.folder, this.master, this.idempotency) = (folder, master, idempotency);
        (subjects, erased) = (Path.Combine(folder, "subjects"), Path.Combine(folder, "erased"));
        var file = Path.Combine(folder, Withheld);
        WithheldThrough = !File.Exists(file) ? 0 : long.TryParse(File.ReadAllText(file), NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : throw new IOException($"{Withheld} is damaged.");
    }

    /// <summary>Values of events up to here were imported without the keys that open them. A subject's key that is made later opens none of them.</summary>
    public long WithheldThrough { get; }

    /// <param name="mayMake">Whether keys may be made: only a log without events has none yet.</param>
    /// <exception cref="StartRefused">The folder cannot be used, or a key in it is damaged or missing.</exception>
    public static KeyFolder Open(string folder, bool mayMake)
    {
        // New keys in place of lost ones would make every name look erased, and every idempotency key unused.
        if (!mayMake && !(File.Exists(Path.Combine(folder, "master.key")) && File.Exists(Path.Combine(folder, "idempotency.key"))))
            throw new StartRefused($"The log holds events, but its keys are not in {Path.GetFullPath(folder)}: restore that folder from its backup, or share it from the host that made it.");
        try
        {
            MakeFolder(folder);
            MakeFolder(Path.Combine(folder, "subjects"));
            MakeFolder(Path.Combine(folder, "erased"));
            return new(folder, Own(folder, "master.key"), Own(folder, "idempotency.key"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartRefused($"The key folder {folder} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>HMAC-SHA256 with a key that no database dump holds: a plain digest of a short text could be guessed.</summary>
    public byte[] Hmac(ReadOnlySpan<byte> bytes) => HMACSHA256.HashData(idempotency, bytes);

    /// <summary>The subject's key, null where it has none (never had, or destroyed). The file is looked for each time: another process may have destroyed it.</summary>
    public byte[]? Find(string subject)
    {
        var file = FileOf(subject);
        if (!File.Exists(file) || IsErased(subject))
        {
            unwrapped.TryRemove(subject, out _);
            return null;
        }
        if (unwrapped.TryGetValue(subject, out var known)) return known;
        try
        {
            return unwrapped[subject] = Unwrap(subject, File.ReadAllBytes(file));
        }
        catch (Exception e) when (e is FileNotFoundException or AuthenticationTagMismatchException && IsErased(subject))
        {
            return null; // Destroyed while it was being read.
        }
    }

    /// <summary>The key of a subject's value in the event at a position; null where it has none, or its key stayed where the history was exported.</summary>
    public byte[]? Find(string subject, long position) => position <= WithheldThrough ? null : Find(subject);

    /// <summary>Says for ever that the values of events up to a position came without their keys.</summary>
    public static void Withhold(string folder, long through) => WriteNew(folder, Path.Combine(folder, Withheld), Encoding.ASCII.GetBytes(through.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Every key as it lies in the folder, wrapped, and the marks of those that were destroyed: names below the folder, and contents.</summary>
    public IEnumerable<(string Name, byte[] Content)> Files()
    {
        foreach (var name in new[] { "master.key", "idempotency.key", Withheld }.Where(n => File.Exists(Path.Combine(folder, n)))) yield return (name, File.ReadAllBytes(Path.Combine(folder, name)));
        foreach (var mark in Directory.GetFiles(erased).Select(f => Path.GetFileName(f)).Where(m => m[0] != '.').Order(StringComparer.Ordinal)) yield return ($"erased/{mark}", []);
        foreach (var file in Directory.GetFiles(subjects, "*.key").Where(f => Path.GetFileName(f)[0] != '.').Order(StringComparer.Ordinal))
        {
            byte[] content;
            try
            {
                content = File.ReadAllBytes(file);
            }
            catch (FileNotFoundException)
            {
                continue; // Destroyed meanwhile.
            }
            if (!IsErased(Path.GetFileNameWithoutExtension(file))) yield return ($"subjects/{Path.GetFileName(file)}", content);
        }
    }

    /// <summary>The subject's key, made and on disk (file and folder synced) if it had none.</summary>
    /// <exception cref="SubjectErased">Its key was destroyed: a new one would bring back under its name what was to be gone.</exception>
    public byte[] FindOrMake(string subject)
    {
        if (Find(subject) is { } key) return key;
        if (IsErased(subject)) throw new SubjectErased(subject);
        WriteNew(subjects, FileOf(subject), Wrap(subject, RandomNumberGenerator.GetBytes(KeySize)));
        return Find(subject) ?? throw (IsErased(subject) ? new SubjectErased(subject) : new IOException("A key vanished as it was made."));
    }

    /// <summary>
    /// Destroys the subject's key, for ever: first what says so is on disk, then the file is overwritten, synced and removed. Done again it changes nothing, and
    /// interrupted anywhere it can be done again.
    /// </summary>
    /// <returns>Whether there was a key.</returns>
    public bool Destroy(string subject)
    {
        var file = FileOf(subject);
        if (!IsErased(subject)) WriteNew(erased, MarkOf(subject), []);
        unwrapped.TryRemove(subject, out _);
        try
        {
            using (var stream = new FileStream(file, FileMode.Open, FileAccess.Write))
            {
                // In place: whatever else names these blocks, such as a draft that a crash left, is overwritten with them.
                stream.Write(RandomNumberGenerator.GetBytes((int)stream.Length));
                stream.Flush(flushToDisk: true);
            }
            File.Delete(file);
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        SyncFolder(subjects);
        return true;
    }

    private bool IsErased(string subject) => File.Exists(MarkOf(subject));

    private string MarkOf(string subject) => Path.Combine(erased, subject);

    private string FileOf(string subject)
    {
        if (subject.Length is 0 or > 100 || subject.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"))
            throw new ArgumentException("A subject's id is 1 to 100 letters, digits, - and _.", nameof(subject));
        return Path.Combine(subjects, subject + ".key");
    }

    private byte[] Wrap(string subject, byte[] key)
    {
        var file = new byte[Nonce + KeySize + Tag];
        RandomNumberGenerator.Fill(file.AsSpan(0, Nonce));
        using var aes = new AesGcm(master, Tag);
        aes.Encrypt(file.AsSpan(0, Nonce), key, file.AsSpan(Nonce, KeySize), file.AsSpan(Nonce + KeySize), Encoding.UTF8.GetBytes(subject));
        return file;
    }

    private byte[] Unwrap(string subject, byte[] file)
    {
        if (file.Length != Nonce + KeySize + Tag) throw new IOException($"The key of {subject} is damaged.");
        var key = new byte[KeySize];
        using var aes = new AesGcm(master, Tag);
        aes.Decrypt(file.AsSpan(0, Nonce), file.AsSpan(Nonce, KeySize), file.AsSpan(Nonce + KeySize), key, Encoding.UTF8.GetBytes(subject));
        return key;
    }

    private static byte[] Own(string folder, string name)
    {
        var file = Path.Combine(folder, name);
        if (!File.Exists(file)) WriteNew(folder, file, RandomNumberGenerator.GetBytes(KeySize));
        var key = File.ReadAllBytes(file);
        return key.Length == KeySize ? key : throw new IOException($"{name} is damaged.");
    }

    // Complete before it has its name, so that nobody reads half a key; a move that does not overwrite, so that of two processes one wins
    // and both then read the same key; the folder synced too, or a crash could forget the name.
    internal static void WriteNew(string folder, string file, byte[] content)
    {
        var draft = Path.Combine(folder, $".{Guid.NewGuid():N}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(draft, options))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }
        try
        {
            File.Move(draft, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(draft);
        }
        SyncFolder(folder);
    }

    internal static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    internal static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var handle = open(folder, 0);
        if (handle < 0) throw new IOException($"The folder {folder} cannot be opened (errno {Marshal.GetLastPInvokeError()}).");
        try
        {
            if (fsync(handle) != 0) throw new IOException($"The folder {folder} cannot be synced (errno {Marshal.GetLastPInvokeError()}).");
        }
        finally
        {
            _ = close(handle);
        }
    }

#pragma warning disable SYSLIB1054, CA2101 // LibraryImport would need unsafe code for three calls.
    [DllImport("libc", SetLastError = true)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int fsync(int handle);

    [DllImport("libc")]
    private static extern int close(int handle);
#pragma warning restore SYSLIB1054, CA2101
}
