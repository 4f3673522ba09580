using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.Store;

/// <summary>
/// The keys, outside the database: a folder (mode 0700) of files (0600). Every subject's key is 32 random bytes, wrapped by the master key with
/// AES-256-GCM (nonce, ciphertext, tag; associated data: the subject). Destroying it makes that person's values unreadable, in every backup of the database too.
/// The wrapped keys lie in the folder as well, or in a database of their own where several hosts share a register.
/// </summary>
internal sealed class KeyFolder
{
    private const int Nonce = 12, Tag = 16, KeySize = 32;
    private const string Withheld = "withheld-through", Elsewhere = "subjects-in-database";
    private readonly string folder;
    private readonly byte[] master;
    private readonly byte[] idempotency;
    private readonly ISubjectKeys subjects;
    private readonly ProtectedSubjects? log;

    private KeyFolder(string folder, byte[] master, byte[] idempotency, ISubjectKeys subjects, ProtectedSubjects? log)
    {
        (this.folder, this.master, this.idempotency, this.subjects, this.log) = (folder, master, idempotency, subjects, log);
        WithheldThrough = WithheldIn(folder);
    }

    /// <summary>Values of events up to here were imported without the keys that open them. A subject's key that is made later opens none of them.</summary>
    public long WithheldThrough { get; }

    /// <param name="mayMake">Whether keys may be made: only a log without events has none yet.</param>
    /// <param name="table">Where wrapped keys lie instead of the folder. Those that still lie there are moved, each file only once its row is on disk.</param>
    /// <param name="log">Whose values the log holds; without it nothing is compared with the log.</param>
    /// <exception cref="StartRefused">The folder cannot be used, or a key in it is damaged or missing.</exception>
    public static KeyFolder Open(string folder, bool mayMake, ISubjectKeys? table = null, ProtectedSubjects? log = null)
    {
        // New keys in place of lost ones would make every name look erased, and every idempotency key unused.
        if (!mayMake && !(File.Exists(Path.Combine(folder, "master.key")) && File.Exists(Path.Combine(folder, "idempotency.key"))))
            throw new StartRefused($"The log holds events, but its keys are not in {Path.GetFullPath(folder)}: restore that folder from its backup, or share it from the host that made it.");
        try
        {
            MakeFolder(folder);
            MakeFolder(Path.Combine(folder, "subjects"));
            MakeFolder(Path.Combine(folder, "erased"));
            var files = new SubjectFiles(folder);
            if (table is not null) Move(folder, files, table);
            else if (File.Exists(Path.Combine(folder, Elsewhere))) throw new StartRefused($"The subjects' keys of {Path.GetFullPath(folder)} lie in a database: Register__KeyDatabase must name it.");
            var keys = new KeyFolder(folder, Own(folder, "master.key"), Own(folder, "idempotency.key"), table ?? files, log);
            if (keys.OpensNothing()) throw new IOException("master.key opens not one of the subjects' keys: it is damaged, or another register's.");
            if (log is not null && !keys.subjects.All().Any() && log.After(keys.WithheldThrough).Any(s => !keys.subjects.IsErased(s)))
                throw new StartRefused($"The log holds protected values, and not one of their keys is in {(table is null ? Path.GetFullPath(Path.Combine(folder, "subjects")) : "the database that Register__KeyDatabase names")}: it is another's, or was lost. Restore it, or share that of the host that recorded them.");
            return keys;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartRefused($"The key folder {folder} cannot be used: {e.Message}", e);
        }
    }

    private static void Move(string folder, SubjectFiles files, ISubjectKeys table)
    {
        foreach (var subject in files.Erased().ToList())
            if (!table.IsErased(subject)) table.Destroy(subject);
        foreach (var (subject, wrapped) in files.All().ToList())
        {
            table.Add(subject, wrapped);
            if (table.Find(subject) is { } kept && !kept.AsSpan().SequenceEqual(wrapped))
                throw new StartRefused($"Register__KeyDatabase holds another key of {subject} than {Path.GetFullPath(folder)}: hosts have recorded values with keys of their own. Keep both; docs/operations.md says how they are brought together.");
            files.Remove(subject);
        }
        if (!File.Exists(Path.Combine(folder, Elsewhere))) WriteNew(folder, Path.Combine(folder, Elsewhere), []);
    }

    /// <summary>HMAC-SHA256 with a key that no database dump holds: a plain digest of a short text could be guessed.</summary>
    public byte[] Hmac(ReadOnlySpan<byte> bytes) => HMACSHA256.HashData(idempotency, bytes);

    /// <summary>
    /// The subject's key, null where it has none: never had, destroyed, or damaged, which is as good as lost. It is looked for each time: another process may
    /// have destroyed it.
    /// </summary>
    /// <exception cref="KeysUnusable">It cannot be read now.</exception>
    public byte[]? Find(string subject) => Using(() => subjects.Find(subject) is { } wrapped ? Unwrap(subject, wrapped) : null);

    /// <summary>The key of a subject's value in the event at a position; null where it has none, or its key stayed where the history was exported.</summary>
    public byte[]? Find(string subject, long position) => position <= WithheldThrough ? null : Find(subject);

    /// <summary>Says for ever that the values of events up to a position came without their keys.</summary>
    public static void Withhold(string folder, long through) => WriteNew(folder, Path.Combine(folder, Withheld), Encoding.ASCII.GetBytes(through.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Every key as it lies in the folder, wrapped, and the marks of those that were destroyed: names below the folder, and contents.</summary>
    public IEnumerable<(string Name, byte[] Content)> Files()
    {
        foreach (var name in new[] { "master.key", "idempotency.key", Withheld }.Where(n => File.Exists(Path.Combine(folder, n)))) yield return (name, File.ReadAllBytes(Path.Combine(folder, name)));
        foreach (var subject in subjects.Erased()) yield return ($"erased/{subject}", []);
        foreach (var (subject, wrapped) in subjects.All()) yield return ($"subjects/{subject}.key", wrapped);
    }

    /// <summary>The subject's key, made and on disk if it had none.</summary>
    /// <exception cref="SubjectErased">Its key was destroyed: a new one would bring back under its name what was to be gone.</exception>
    /// <exception cref="SubjectKeyMissing">
    /// The log holds values under a key that is not here, or the one that is here is damaged: a second one would part them.
    /// </exception>
    /// <exception cref="KeysUnusable">It cannot be read or written now.</exception>
    public byte[] FindOrMake(string subject)
    {
        return Using(() =>
        {
            if (subjects.Find(subject) is { } wrapped && (Unwrap(subject, wrapped) ?? (subjects.IsErased(subject) ? null : throw new SubjectKeyMissing(subject))) is { } key)
                return key;
            if (subjects.IsErased(subject)) throw new SubjectErased(subject);
            if (log?.Has(subject, WithheldThrough) is true) return Find(subject) ?? throw new SubjectKeyMissing(subject);
            subjects.Add(subject, Wrap(subject, RandomNumberGenerator.GetBytes(KeySize)));
            return Find(subject) ?? throw (subjects.IsErased(subject) ? new SubjectErased(subject) : new SubjectKeyMissing(subject));
        });
    }

    /// <summary>Destroys the subject's key, for ever. Done again it changes nothing.</summary>
    /// <returns>Whether there was a key.</returns>
    /// <exception cref="KeysUnusable">It cannot be done now.</exception>
    public bool Destroy(string subject) => Using(() => subjects.Destroy(subject));

    // What a full or failing disk, or too many open files, does to the folder.
    private static T Using<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is (IOException or UnauthorizedAccessException) and not KeysUnusable)
        {
            throw new KeysUnusable(e);
        }
    }

    // A few are enough. One that is damaged by itself is no reason not to start.
    private bool OpensNothing()
    {
        var some = subjects.All().Take(8).ToList();
        return some.Count > 1 && some.TrueForAll(s => Unwrap(s.Subject, s.Wrapped) is null);
    }

    /// <summary>A subject's id, fit to name a file.</summary>
    internal static string Checked(string subject) =>
        subject.Length is > 0 and <= 100 && !subject.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") ? subject
        : throw new ArgumentException("A subject's id is 1 to 100 letters, digits, - and _.", nameof(subject));

    private static long WithheldIn(string folder)
    {
        var file = Path.Combine(folder, Withheld);
        return !File.Exists(file) ? 0 : long.TryParse(File.ReadAllText(file), NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : throw new IOException($"{Withheld} is damaged.");
    }

    private byte[] Wrap(string subject, byte[] key)
    {
        var file = new byte[Nonce + KeySize + Tag];
        RandomNumberGenerator.Fill(file.AsSpan(0, Nonce));
        using var aes = new AesGcm(master, Tag);
        aes.Encrypt(file.AsSpan(0, Nonce), key, file.AsSpan(Nonce, KeySize), file.AsSpan(Nonce + KeySize), Encoding.UTF8.GetBytes(subject));
        return file;
    }

    // Null where it is damaged.
    private byte[]? Unwrap(string subject, byte[] file)
    {
        if (file.Length != Nonce + KeySize + Tag) return null;
        var key = new byte[KeySize];
        using var aes = new AesGcm(master, Tag);
        try
        {
            aes.Decrypt(file.AsSpan(0, Nonce), file.AsSpan(Nonce, KeySize), file.AsSpan(Nonce + KeySize), key, Encoding.UTF8.GetBytes(subject));
            return key;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null; // Or overwritten just now, to be destroyed.
        }
    }

    private static byte[] Own(string folder, string name)
    {
        var file = Path.Combine(folder, name);
        if (!File.Exists(file)) WriteNew(folder, file, RandomNumberGenerator.GetBytes(KeySize));
        var key = File.ReadAllBytes(file);
        // What a crash left of a page that never reached the disk: zeroes. A random key ends so once in 2^64.
        return key.Length == KeySize && key.AsSpan(KeySize - 8).ContainsAnyExcept((byte)0) ? key : throw new IOException($"{name} is damaged.");
    }

    // Complete before it has its name, so that nobody reads half a key; a name that is given only if nobody has it, so that of two processes one wins
    // and both then read the same key; the folder synced too, or a crash could forget the name.
    internal static void WriteNew(string folder, string file, byte[] content)
    {
        var draft = Path.Combine(folder, $".{Guid.NewGuid():N}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = PrivateFiles.OnDisk };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using (var stream = new FileStream(draft, options))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }
            // On Unix File.Move looks whether the name is free and then renames over whatever has come in between; link(2) does not.
            if (OperatingSystem.IsWindows() || (link(draft, file) != 0 && !File.Exists(file))) MoveUnlessThere(draft, file); // Not every file system has links.
        }
        finally
        {
            File.Delete(draft); // On a full disk too: what was written of it is part of a key.
        }
        SyncFolder(folder);
    }

    private static void MoveUnlessThere(string draft, string file)
    {
        try
        {
            File.Move(draft, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            // Another process was first.
        }
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

#pragma warning disable SYSLIB1054, CA2101 // LibraryImport would need unsafe code for four calls.
    [DllImport("libc", SetLastError = true)]
    private static extern int link([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    [DllImport("libc", SetLastError = true)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int fsync(int handle);

    [DllImport("libc")]
    private static extern int close(int handle);
#pragma warning restore SYSLIB1054, CA2101
}
