namespace SecurityCoop.Web.Access;

/// <summary>The file `token` of the data folder.</summary>
sealed class TokenFile(string dataFolder)
{
    const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    string FilePath => Path.Combine(dataFolder, "token");

    /// <summary>What it says; null where it is missing or others could have read or written it.</summary>
    public string? Read() =>
        File.Exists(FilePath) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(FilePath) & ~Mine) == 0) ? File.ReadAllText(FilePath).Trim() : null;

    /// <summary>
    /// Writes it whole or not at all, flushed to the disk, for the user alone from the first moment. The folder's own entry is not flushed: should
    /// a power failure lose it after the steward's row is committed, the next start's link still signs the steward in.
    /// </summary>
    public void Write(string token)
    {
        Directory.CreateDirectory(dataFolder);
        var fresh = FilePath + ".new";
        File.Delete(fresh); // a crash may have left it; made anew, it cannot be a file or link that somebody else put there
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Mine;
        using (var stream = new FileStream(fresh, options))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(token + "\n"));
            stream.Flush(flushToDisk: true);
        }
        File.Move(fresh, FilePath, overwrite: true);
    }
}
