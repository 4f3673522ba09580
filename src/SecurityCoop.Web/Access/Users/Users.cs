using System.Security.Cryptography;
using SecurityCoop.Register;
using SecurityCoop.Register.Users;
using SecurityCoop.Store;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web.Access;

/// <summary>A user as the register has it.</summary>
/// <param name="Stream">The stream's id.</param>
/// <param name="Version">The stream's version.</param>
public sealed record FoundUser(string Stream, User User, long Version)
{
    /// <summary>What the user may do; null where nobody lets them in.</summary>
    public Caller? Caller => User.Disabled ? null : new(User.Subject, User.Roles.ToHashSet(), User.Clearance)
    {
        Groups = User.MemberOf.ToHashSet(StringComparer.Ordinal),
    };
}

/// <summary>An access token that was just made; nothing can show it again.</summary>
/// <param name="Until">When it expires; null: never.</param>
public sealed record NewToken(Guid Id, string Token, DateTime? Until, FoundUser User)
{
    /// <summary>Nothing of the token, whoever may write it into a log.</summary>
    public override string ToString() => $"token {Id}";
}

/// <summary>
/// The directory of users: found by their subject or by whom an identity provider calls them, and changed, each change an event with its
/// actor. Commands over HTTP go through <see cref="UserEndpoints"/>; this is for sign-in, for tokens and for the console.
/// </summary>
public sealed class Users(RegisterStore store)
{
    const string Issued = "0123456789abcdefghjkmnpqrstvwxyz"; // Crockford's alphabet: nothing that is read wrongly over a telephone.
    const int Attempts = 8;

    readonly SemaphoreSlim one = new(1);
    readonly Dictionary<(string Issuer, string Subject), string> known = []; // Streams; guarded by `one`.
    long through; // Every event up to this position is in `known`; guarded by `one`.

    /// <summary>Subjects under which the host itself records: nobody signs in as one of them.</summary>
    public const string Console = "console", Host = "host", Seeds = "seeds";

    /// <summary>The user of a subject; null where there is none.</summary>
    public Task<FoundUser?> OfSubject(string subject, CancellationToken stop) => OfStream(User.StreamOf(subject), stop);

    /// <summary>The user of a stream; null where there is none.</summary>
    public async Task<FoundUser?> OfStream(string stream, CancellationToken stop)
    {
        var row = await store.Row(RecordKinds.User, stream, stop);
        return row.Value is User user ? new(stream, user, row.Version) : null;
    }

    /// <summary>By reference, stream id or subject; null where there is none.</summary>
    public async Task<FoundUser?> Named(string name, CancellationToken stop)
    {
        if (name.StartsWith("user-", StringComparison.Ordinal)) return await OfStream(name, stop);
        if (name.StartsWith("USR-", StringComparison.Ordinal) && await store.StreamOf(name, stop) is { } stream) return await OfStream(stream, stop);
        return await OfSubject(name, stop);
    }

    /// <summary>All users by reference.</summary>
    public async Task<IReadOnlyList<FoundUser>> All(CancellationToken stop)
    {
        var all = new List<FoundUser>();
        await foreach (var row in store.Rows(RecordKinds.User, stop: stop)) all.Add(new(row.Key, (User)row.Value!, row.Version));
        return [.. all.OrderBy(u => u.User.FirstPosition)];
    }

    /// <summary>
    /// The user whom an identity provider calls this; null where there is none. Those who were erased are not found: their key is gone.
    /// Compared by character, as issuers and subjects are (OpenID Connect Core 1.0, section 2).
    /// </summary>
    public async Task<FoundUser?> OfIssuer(string issuer, string issuerSubject, CancellationToken stop)
    {
        string? stream;
        await one.WaitAsync(stop);
        try
        {
            await CatchUp(stop);
            stream = known.GetValueOrDefault((issuer, issuerSubject));
        }
        finally
        {
            one.Release();
        }
        return stream is not null && await OfStream(stream, stop) is { User.Erased: null } found ? found : null;
    }

    /// <summary>
    /// The user whom an identity provider calls this, described now where this is the first sign-in: with a subject of its own, no roles,
    /// clearance open, no groups. Of several first sign-ins at once, on whichever hosts, one describes the user.
    /// </summary>
    /// <param name="name">As the provider says it; kept under protection.</param>
    /// <exception cref="Refusal">too-long, invalid-text, erased: whoever was erased does not come back by signing in.</exception>
    public async Task<FoundUser> AtSignIn(string issuer, string issuerSubject, string? name, CancellationToken stop)
    {
        if (await OfIssuer(issuer, issuerSubject, stop) is { } found) return found;
        var described = User.Describe(NewSubject(), name, issuer, issuerSubject);
        var subject = ((UserDescribed)described.Facts[0].Event).Subject;
        // The key is kept for ever, as a digest only.
        var key = new IdempotencyKey("sign-in", $"first sign-in {issuer}", issuerSubject, default);
        var stream = described.Stream;
        try
        {
            await Append(subject, described, 0, null, stop, key);
        }
        catch (AlreadyDone done) when (done.Answer.Appended is { } first)
        {
            stream = first.Events[0].Stream;
        }
        var user = await OfStream(stream, stop) ?? throw new InvalidOperationException($"{stream} was appended and is not there.");
        return user.User.Erased is null ? user : throw Refusal.Because("erased", user.User.Reference!);
    }

    /// <summary>Appends what is decided on a user, and decides anew where somebody was faster.</summary>
    /// <param name="actor">Opaque id of whoever decides.</param>
    /// <param name="decide">Is given the user, as it is before the first event where there is none.</param>
    /// <exception cref="Refusal">What the decision says no to.</exception>
    public async Task<FoundUser> Change(string subject, string actor, string? reason, Func<User, StreamFacts> decide, CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            var found = await OfSubject(subject, stop);
            var decided = decide(found?.User ?? User.Initial);
            if (decided.Facts.Count == 0) return found!;
            try
            {
                await Append(actor, decided, found?.Version ?? 0, reason, stop);
                return (await OfSubject(subject, stop))!;
            }
            catch (VersionConflict) when (attempt < Attempts)
            {
            }
        }
    }

    /// <summary>Events that describe somebody who was not there, with what they may do from the beginning.</summary>
    /// <param name="by">Opaque id of whoever decides.</param>
    /// <exception cref="Refusal">What <see cref="User"/> says no to; subject-taken where the host itself records under it.</exception>
    public static StreamFacts Described(
        string subject, string by, IReadOnlyList<Role>? roles, Marking? clearance, IReadOnlyList<string>? groups = null, string? name = null,
        string? issuer = null, string? issuerSubject = null)
    {
        if (subject is Console or Host or Seeds) throw Refusal.OfField("/subject", "subject-taken", subject);
        var described = User.Describe(subject, name, issuer, issuerSubject);
        // As it will be: what is set from the beginning is decided by the same rules as what is set later.
        var user = User.Initial.Evolve(described.Facts[0].Event, new(default, 1, default, subject));
        return described with
        {
            Facts =
            [
                .. described.Facts, .. user.SetRoles(roles ?? [], by), .. user.SetClearance(clearance ?? Marking.Open, by), .. user.SetGroups(groups ?? [], by),
            ],
        };
    }

    /// <summary>
    /// Makes an access token. The event stands in the log before the token is good: a crash in between leaves one that nobody has, never one
    /// of which the log says nothing.
    /// </summary>
    /// <param name="decide">What else is decided with it, such as describing the user; is given the user as it is.</param>
    /// <param name="label">What the list of tokens says of it.</param>
    /// <param name="until">When it expires; null: never.</param>
    /// <exception cref="Refusal">user-disabled, erased, not-found, and what <paramref name="decide"/> says no to.</exception>
    public async Task<NewToken> MakeToken(
        AccessTokens tokens, string subject, string actor, string? reason, string label, DateTime? until, Func<User, StreamFacts?> decide,
        CancellationToken stop)
    {
        var (id, token) = (Guid.CreateVersion7(), AccessTokens.NewSecret());
        var user = await Change(subject, actor, reason, before =>
        {
            var (facts, after) = (decide(before), before);
            foreach (var fact in facts?.Facts ?? [])
                after = after.Evolve(fact.Event, new(default, after.LastPosition + 1, default, before.Reference ?? subject));
            return new(User.StreamOf(subject), [.. facts?.Facts ?? [], .. after.MakeToken(id, until)], facts?.ReferencePrefix);
        }, stop);
        await tokens.Add(id, token, user.Caller!, label, until, stop);
        return new(id, token, until, user);
    }

    /// <summary>A subject that nobody has: opaque, and short enough to be read out.</summary>
    public static string NewSubject() => "u-" + RandomNumberGenerator.GetString(Issued, 12);

    Task<AppendResult> Append(string actor, StreamFacts decided, long version, string? reason, CancellationToken stop, IdempotencyKey? key = null)
    {
        var command = Guid.CreateVersion7();
        var context = new EventContext(actor, command, Slug.Of(Marking.Restricted)) { Reason = reason };
        List<NewEvent> events = [.. decided.Facts.Select(f => new NewEvent(Guid.CreateVersion7(), f.Event, context))];
        var append = new StreamAppend(decided.Stream, RecordKinds.User.Name, version, events, version == 0 ? decided.ReferencePrefix : null);
        return store.Append(new(command, [append], key), stop);
    }

    // Whom a provider calls what stands in the log under protection only, so that it is looked up in memory. The first described stays.
    async Task CatchUp(CancellationToken stop)
    {
        var head = (await store.Head(stop)).Size;
        if (through == 0)
        {
            // Of a long log the users' own documents are read sooner than the log.
            foreach (var user in await All(stop))
                await foreach (var e in store.ReadStream(user.Stream, head, stop))
                    if (e.Event is UserDescribed) await Take(e, stop);
        }
        else
        {
            await foreach (var e in store.ReadAll(new EventFilter { After = through, Through = head, Type = "user_described" }, stop)) await Take(e, stop);
        }
        through = Math.Max(through, head);
    }

    async Task Take(StoredEvent e, CancellationToken stop)
    {
        if (e.Event is UserDescribed { Issuer: { } issuer } && e.Position > store.WithheldThrough
            && await store.Open(e, "/issuerSubject", stop) is { } subject)
            known.TryAdd((issuer, subject.GetString()!), e.Stream);
    }
}
