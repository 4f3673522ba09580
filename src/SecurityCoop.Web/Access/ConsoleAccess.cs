using System.Globalization;
using SecurityCoop.Register;

namespace SecurityCoop.Web.Access;

/// <summary>What whoever operates the machine can do about access: the first steward at the start, and access tokens on the command line.</summary>
public static class ConsoleAccess
{
    /// <summary>
    /// Gives a register that nobody can sign in to as a steward its first one: subject `steward`, roles steward and administrator, clearance
    /// secret, its access token in the file `token` of the data folder (mode 0600). At each start makes a link that signs it in once.
    /// </summary>
    /// <param name="dataFolder">Made if missing.</param>
    /// <param name="baseUrl">What the link begins with, such as `http://127.0.0.1:5080`.</param>
    /// <returns>The token where it was made just now; the link, null where the first steward's token was revoked and others are stewards.</returns>
    public static async Task<(string? Token, string? Link)> FirstSteward(
        AccessTokens tokens, SignInLinks links, string dataFolder, string baseUrl, CancellationToken stop)
    {
        var token = await tokens.CreateFirstSteward(new TokenFile(dataFolder), stop);
        var link = await tokens.FirstSteward(stop) is { } id ? $"{baseUrl.TrimEnd('/')}/sign-in/{links.NewCode(id)}" : null;
        return (token, link);
    }

    /// <summary>`token create`: prints the new token alone on the first line, for scripts; then what it is.</summary>
    /// <param name="subject">As events will name their actor; the first role's name where none is given.</param>
    /// <param name="days">How long it is good; null for ever.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> CreateToken(
        AccessTokens tokens, IReadOnlyList<Role> roles, string? subject, Marking clearance, int? days, TextWriter print, CancellationToken stop)
    {
        if (roles.Count == 0 || subject is "" || days is < 1 or > 36_500)
        {
            await print.WriteLineAsync("A token needs at least one role, a subject that is not empty, and 1 to 36500 days where it shall end.");
            return 2;
        }
        var (id, token) = await tokens.Create(
            subject ?? AccessTokens.Slug(roles[0]), roles.ToHashSet(), clearance, "token create", days is { } d ? TimeSpan.FromDays(d) : null, stop);
        await print.WriteLineAsync(token);
        await print.WriteLineAsync($"id {id}; it is shown only now, and ends with: securitycoop token revoke {id}");
        return 0;
    }

    /// <summary>`token list`: one line a token, tab-separated: id, subject, roles, clearance, label, when made, how it stands. Never the token itself.</summary>
    public static async Task<int> ListTokens(AccessTokens tokens, TextWriter print, CancellationToken stop)
    {
        foreach (var t in await tokens.List(stop))
        {
            var stands = t.Revoked is { } revoked ? $"revoked {Minute(revoked)}"
                : t.Expires is not { } expires ? "good"
                : t.Live ? $"good until {Minute(expires)}" : $"expired {Minute(expires)}";
            var roles = string.Join(',', t.Caller.Roles.Order().Select(AccessTokens.Slug));
            await print.WriteLineAsync(string.Join('\t', t.Id, t.Caller.Subject, roles, AccessTokens.Slug(t.Caller.Clearance), t.Label, Minute(t.Created), stands));
        }
        return 0;
    }

    /// <summary>`token revoke`: ends a token and every session signed in with it, in a running host within ten seconds.</summary>
    /// <returns>0, or 1 where there is nothing to revoke.</returns>
    public static async Task<int> RevokeToken(AccessTokens tokens, Guid id, TextWriter print, CancellationToken stop)
    {
        var revoked = await tokens.Revoke(id, stop);
        await print.WriteLineAsync(revoked ? $"Revoked {id}; a running host refuses it within ten seconds." : $"There is no token {id}, or it was revoked before.");
        return revoked ? 0 : 1;
    }

    static string Minute(DateTime utc) => utc.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}

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
