using System.Security.Cryptography;
using Npgsql;
using SecurityCoop.PrivateServer;

namespace SecurityCoop.Store;

/// <summary>Where the wrapped keys of subjects lie, and the marks of those that were destroyed: files in the key folder, or a database of their own.</summary>
internal interface ISubjectKeys
{
    /// <summary>The subject's wrapped key; null where it has none: never had, or destroyed. It is looked for each time: another process may have destroyed it.</summary>
    byte[]? Find(string subject);

    /// <summary>Keeps a wrapped key, on disk when it returns. Of several that do it at once one wins; nothing is kept for a subject whose key was destroyed.</summary>
    void Add(string subject, byte[] wrapped);

    bool IsErased(string subject);

    /// <summary>Destroys the key for ever: what says so is on disk before the key goes. Done again it changes nothing, and interrupted anywhere it can be done again.</summary>
    /// <returns>Whether there was a key.</returns>
    bool Destroy(string subject);

    /// <summary>Subjects whose keys were destroyed, in order.</summary>
    IEnumerable<string> Erased();

    /// <summary>Every key that is there, in the order of subjects.</summary>
    IEnumerable<(string Subject, byte[] Wrapped)> All();
}

/// <summary>
/// Wrapped keys as files of mode 0600. What was destroyed leaves an empty file of the subject's name under `erased`, so that no key is made again for it and one that
/// comes back with an old copy of the folder counts for nothing.
/// </summary>
internal sealed class SubjectFiles(string folder) : ISubjectKeys
{
    private readonly string subjects = Path.Combine(folder, "subjects"), erased = Path.Combine(folder, "erased");

    public byte[]? Find(string subject)
    {
        try
        {
            return IsErased(subject) || !File.Exists(FileOf(subject)) ? null : File.ReadAllBytes(FileOf(subject));
        }
        catch (FileNotFoundException)
        {
            return null; // Destroyed while it was being read.
        }
    }

    public void Add(string subject, byte[] wrapped)
    {
        if (!IsErased(subject)) KeyFolder.WriteNew(subjects, FileOf(subject), wrapped);
    }

    public bool IsErased(string subject) => File.Exists(Path.Combine(erased, subject));

    public bool Destroy(string subject)
    {
        if (!IsErased(subject)) KeyFolder.WriteNew(erased, Path.Combine(erased, subject), []);
        return Remove(subject);
    }

    /// <summary>Overwrites and removes a key's file, and says nothing of it.</summary>
    public bool Remove(string subject)
    {
        var file = FileOf(subject);
        try
        {
            using (var stream = new FileStream(file, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Write, Options = PrivateFiles.OnDisk }))
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
        KeyFolder.SyncFolder(subjects);
        return true;
    }

    public IEnumerable<string> Erased() => Directory.GetFiles(erased).Select(f => Path.GetFileName(f)).Where(m => m[0] != '.').Order(StringComparer.Ordinal);

    public IEnumerable<(string Subject, byte[] Wrapped)> All()
    {
        foreach (var subject in Directory.GetFiles(subjects, "*.key").Select(f => Path.GetFileNameWithoutExtension(f)).Where(s => s.Length > 0 && s[0] != '.').Order(StringComparer.Ordinal))
            if (Find(subject) is { } wrapped) yield return (subject, wrapped);
    }

    private string FileOf(string subject) => Path.Combine(subjects, KeyFolder.Checked(subject) + ".key");
}

/// <summary>Whose values the log holds: what keys must be there, and for whom none may be made.</summary>
internal sealed class ProtectedSubjects(NpgsqlDataSource log)
{
    /// <summary>Whether it holds values of this subject in events after a position.</summary>
    public bool Has(string subject, long after) => log.Scalar<bool>(Sql.HasProtected, Database.Of(subject), Database.Of(after));

    public IEnumerable<string> After(long position)
    {
        using var command = log.CreateCommand(Sql.ProtectedSubjectsAfter).With(Database.Of(position));
        using var reader = command.ExecuteReader();
        while (reader.Read()) yield return reader.GetString(0);
    }
}
