using System.Security.Claims;
using SecurityCoop.Register;
using SecurityCoop.Register.Markings;

namespace SecurityCoop.Web.Access;

/// <summary>Who asks. An endpoint takes it as a parameter.</summary>
/// <param name="Subject">An opaque id, as events name their actor; never a person's name.</param>
/// <param name="Roles">As they were given; <see cref="May"/> adds those that they imply.</param>
/// <param name="Clearance">The highest marking that the caller may see.</param>
public sealed record Caller(string Subject, IReadOnlySet<Role> Roles, Marking Clearance)
{
    /// <summary>Of whoever is in no group.</summary>
    public static readonly IReadOnlySet<string> NoGroups = new HashSet<string>();

    /// <summary>Names of the need-to-know groups that the caller is in.</summary>
    public IReadOnlySet<string> Groups { get; init; } = NoGroups;

    /// <summary>What the caller may read.</summary>
    public ReaderRights Rights => new(Clearance, Groups);

    /// <summary>Whether the caller has the role, given or implied.</summary>
    public bool May(Role role) => Roles.Contains(role) || role switch
    {
        Role.Reader => May(Role.Recorder) || May(Role.Validator) || May(Role.Auditor),
        Role.Recorder or Role.Validator or Role.Auditor => Roles.Contains(Role.Steward),
        Role.Steward or Role.Administrator => false,
    };

    /// <summary>Whether the caller may see people's names and contacts, where their marking allows it too.</summary>
    public bool MayOpenNames => May(Role.Recorder) || May(Role.Validator);

    /// <summary>Whether another, who is the same subject, has the same roles, clearance and groups.</summary>
    public bool MayTheSameAs(Caller other) => Roles.SetEquals(other.Roles) && Clearance == other.Clearance && Groups.SetEquals(other.Groups);

    /// <summary>Gives an endpoint its caller; null where nobody signed in, which only an endpoint for everybody can see.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) => new((context.User.Identity as CallerIdentity)?.Access.Caller);
}

/// <summary>The signed-in user as ASP.NET sees it. It carries the token as it was found and no claims.</summary>
sealed class CallerIdentity(Grant grant) : ClaimsIdentity(Authentication.Scheme)
{
    public Grant Access => grant;

    public override string Name => grant.Caller.Subject;
}
