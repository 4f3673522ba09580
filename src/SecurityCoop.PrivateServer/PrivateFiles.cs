namespace SecurityCoop.PrivateServer;

/// <summary>Files and folders that nobody but the host's user can read. (On Windows, which has no modes, the folder's own rights apply.)</summary>
public static class PrivateFiles
{
    const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// For files that must be on the disk before anything goes on: each write waits for the disk and fails where it does. <c>Flush(flushToDisk: true)</c>
    /// alone says nothing of a disk that fails.
    /// </summary>
    public const FileOptions OnDisk = FileOptions.WriteThrough;

    /// <summary>Makes a folder if it is missing. Root's may be passed through, not listed, because PostgreSQL runs below it as another user.</summary>
    public static void MakeFolder(string path)
    {
        if (Directory.Exists(path)) return;
        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, Environment.IsPrivilegedProcess ? Mine | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : Mine);
    }

    /// <summary>Writes a small file whole or not at all, flushed to the disk, with mode 0600. Of several that write it at once the last one stays.</summary>
    public static void Write(string path, string text)
    {
        var draft = $"{path}.{Guid.NewGuid():N}.new";
        try
        {
            var options = Options(FileMode.CreateNew);
            options.Options = OnDisk;
            using (var stream = new FileStream(draft, options))
            {
                stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
                stream.Flush(flushToDisk: true);
            }
            File.Move(draft, path, overwrite: true);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }

    /// <summary>Opens a file that nobody else can hold at the same time; mode 0600, so that no other user can hold it either.</summary>
    /// <exception cref="IOException">Somebody holds it (HResult is EWOULDBLOCK).</exception>
    public static FileStream Lock(string path) => new(path, Options(FileMode.OpenOrCreate));

    static FileStreamOptions Options(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }
}
