using SecurityCoop.Register;
using SecurityCoop.Register.Users;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web.Access;

/// <summary>What an administrator decides about users. Each is an event with its actor, which auditors read.</summary>
static class UserCommands
{
    public static readonly CommandSet Commands = Declare();

    static CommandSet Declare()
    {
        var commands = new CommandSet();
        commands.Post("/users", Role.Administrator, (string _, UserBody body) => new DescribeUser(body), Describe, recent: true);
        On<SetUserRoles, UserRolesBody>("roles", (user, body) => new(user, body), (u, c, by) => u.SetRoles(c.Body.Roles, by));
        On<SetUserClearance, UserClearanceBody>("clearance", (user, body) => new(user, body), (u, c, by) => u.SetClearance(c.Body.Clearance, by));
        On<SetUserGroups, UserGroupsBody>("groups", (user, body) => new(user, body), (u, c, by) => u.SetGroups(c.Body.Groups, by));
        On<DisableUser, Body>("disabling", (user, body) => new(user, body), (u, _, by) => u.Disable(by));
        On<EnableUser, Body>("enabling", (user, body) => new(user, body), (u, _, by) => u.Enable(by));
        On<EndUserToken, UserTokenBody>("tokens/revocation", (user, body) => new(user, body), (u, c, _) => u.EndToken(c.Body.Token));
        On<EraseUser, UserErasureBody>("erasure", (user, body) => new(user, body), (u, c, by) => u.Erase(c.Body.LegalBasis, by),
            services => services.GetRequiredService<Privacy.Erasures>().CarryOut()); // Whoever reads the answer may rely on it.
        return commands;

        void On<T, TBody>(
            string what, Func<string, TBody, T> message, Func<User, T, string, IReadOnlyList<Fact>> decide, Func<IServiceProvider, Task>? afterwards = null)
            where T : CommandOn<TBody> where TBody : Body
        {
            Decision<T> upon = async (write, command) =>
            {
                NotMarked(command.Body);
                if (command is EraseUser) command.Body.NeedsReason();
                var (stream, user) = await write.LoadUser(command.Name);
                return [new(stream, decide(user, command, write.Caller.Subject))];
            };
            commands.Post($"/users/{{user}}/{what}", Role.Administrator, message, upon, Forgetting(afterwards), recent: true);
        }
    }

    static async Task<IReadOnlyList<StreamFacts>> Describe(Write write, DescribeUser command)
    {
        var body = command.Body;
        NotMarked(body);
        var subject = body.Subject ?? Users.NewSubject();
        var described = Users.Described(
            subject, write.Caller.Subject, body.Roles, body.Clearance, body.Groups, body.Name, body.Issuer, body.IssuerSubject);
        if (await write.Users.OfSubject(subject, write.Stop) is not null) throw Refusal.OfField("/subject", "subject-taken", subject);
        if (body is { Issuer: { } issuer, IssuerSubject: { } of } && await write.Users.OfIssuer(issuer, of, write.Stop) is { } known)
            throw Refusal.OfField("/issuerSubject", "subject-taken", known.User.Reference!);
        return [described];
    }

    // Users are marked restricted, all of them alike.
    static void NotMarked(Body body)
    {
        if (body.Marking is not null) throw Refusal.OfField("/marking", "unknown-field", "marking", "");
    }

    // What a token is worth is remembered for some seconds; whoever reads the answer may rely on it at once.
    static Func<IServiceProvider, Task> Forgetting(Func<IServiceProvider, Task>? afterwards) => async services =>
    {
        services.GetRequiredService<AccessTokens>().Forget();
        if (afterwards is not null) await afterwards(services);
    };
}

/// <summary>Describes somebody who may sign in.</summary>
public sealed record DescribeUser(UserBody Body) : Command<UserBody>(Body);

/// <summary>Sets all roles of a user.</summary>
public sealed record SetUserRoles(string Name, UserRolesBody Body) : CommandOn<UserRolesBody>(Name, Body);

/// <summary>Sets a user's clearance.</summary>
public sealed record SetUserClearance(string Name, UserClearanceBody Body) : CommandOn<UserClearanceBody>(Name, Body);

/// <summary>Sets all need-to-know groups of a user.</summary>
public sealed record SetUserGroups(string Name, UserGroupsBody Body) : CommandOn<UserGroupsBody>(Name, Body);

/// <summary>Lets a user in no more.</summary>
public sealed record DisableUser(string Name, Body Body) : CommandOn<Body>(Name, Body);

/// <summary>Lets a user in again.</summary>
public sealed record EnableUser(string Name, Body Body) : CommandOn<Body>(Name, Body);

/// <summary>Ends a user's access token.</summary>
public sealed record EndUserToken(string Name, UserTokenBody Body) : CommandOn<UserTokenBody>(Name, Body);

/// <summary>Erases a user's protected values.</summary>
public sealed record EraseUser(string Name, UserErasureBody Body) : CommandOn<UserErasureBody>(Name, Body);

public sealed record UserBody : Body
{
    /// <summary>The opaque id under which the user's events are recorded; absent: one that nobody has. Never a person's name.</summary>
    public string? Subject { get; init; }
    /// <summary>Protected: never stored in the clear.</summary>
    public string? Name { get; init; }
    /// <summary>The identity provider's issuer identifier, where the user signs in with one.</summary>
    public string? Issuer { get; init; }
    /// <summary>As whom the provider knows the user (`sub`). Protected.</summary>
    public string? IssuerSubject { get; init; }
    public IReadOnlyList<Role>? Roles { get; init; }
    /// <summary>The highest marking that the user may see; absent: open.</summary>
    public Marking? Clearance { get; init; }
    /// <summary>Names of need-to-know groups.</summary>
    public new IReadOnlyList<string>? Groups { get; init; }
}

public sealed record UserRolesBody : Body
{
    /// <summary>All roles that the user has from here on; none: nothing may be done.</summary>
    public required IReadOnlyList<Role> Roles { get; init; }
}

public sealed record UserClearanceBody : Body
{
    public required Marking Clearance { get; init; }
}

public sealed record UserGroupsBody : Body
{
    /// <summary>All groups that the user is in from here on.</summary>
    public new required IReadOnlyList<string> Groups { get; init; }
}

public sealed record UserTokenBody : Body
{
    /// <summary>The token's id.</summary>
    public required Guid Token { get; init; }
}

public sealed record UserErasureBody : Body
{
    /// <summary>The law or order on which it rests. In the clear for ever: no name belongs here.</summary>
    public required string LegalBasis { get; init; }
}

public sealed record NewTokenBody : Body
{
    /// <summary>How many days the token is good, 1 to 3650; absent: 90.</summary>
    public int? Days { get; init; }
    /// <summary>True: the token never expires. Not together with days.</summary>
    public bool? Unlimited { get; init; }
}
