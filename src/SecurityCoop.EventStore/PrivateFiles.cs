namespace SecurityCoop.EventStore;

/// <summary>Files and folders that nobody but the host's user can read. (On Windows, which has no modes, the folder's own rights apply.)</summary>
internal static class PrivateFiles
{
    const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes a folder if it is missing. Root's may be passed through, not listed, because PostgreSQL runs below it as another user.</summary>
    public static void MakeFolder(string path)
    {
        if (Directory.Exists(path)) return;
        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, Environment.IsPrivilegedProcess ? Mine | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : Mine);
    }

    /// <summary>Writes a small file whole or not at all, flushed to the disk, with mode 0600.</summary>
    public static void Write(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(path + ".new", options))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }
        File.Move(path + ".new", path, overwrite: true);
    }
}
