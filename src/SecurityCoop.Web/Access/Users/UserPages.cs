using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Privacy;
using Wolverine;

namespace SecurityCoop.Web.Access;

/// <summary>What the page of all users shows.</summary>
/// <param name="Form">What was sent and refused; null: nothing.</param>
/// <param name="Fault">Why, in the page's language.</param>
public sealed record UsersView(Language Language, IReadOnlyList<UserLine> Users, IFormCollection? Form, string? Fault)
{
    /// <summary>What a field of the form held.</summary>
    public string? Given(string field) => Form?[field].ToString();
    public IReadOnlyList<Role> GivenRoles => Form is null ? [] : UserPages.Roles(Form);
    public Marking GivenClearance => Form is null ? Marking.Restricted : UserPages.Clearance(Form);
    public IReadOnlyList<string> GivenGroups => Form is null ? [] : UserPages.Groups(Form);
}

/// <summary>What the page of a user shows.</summary>
/// <param name="Clock">By which instants are shown.</param>
/// <param name="Made">The token that was made just now.</param>
/// <param name="Fault">Why what was sent was refused, in the page's language.</param>
public sealed record UserView(Language Language, RegisterClock Clock, UserAnswer User, NewToken? Made, string? Fault);

/// <summary>
/// Users for administrators, without script: the forms give the same commands as the interface. That a form was sent from here and nowhere
/// else is seen where the cookie is read.
/// </summary>
static class UserPages
{
    /// <summary>The address of all users; that of one is below it.</summary>
    public const string Path = "/administration/users";

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet(Path, List).Needs(Role.Administrator);
        pages.MapPost(Path, Describe).Needs(Role.Administrator).NeedsRecentSignIn();
        pages.MapGet(Path + "/{user}", Get).Needs(Role.Administrator);
        Form("roles", (user, form) => new SetUserRoles(user, new() { Roles = Roles(form), Reason = Text(form, "reason") }));
        Form("clearance", (user, form) => new SetUserClearance(user, new() { Clearance = Clearance(form), Reason = Text(form, "reason") }));
        Form("groups", (user, form) => new SetUserGroups(user, new() { Groups = Groups(form), Reason = Text(form, "reason") }));
        Form("disabling", (user, form) => new DisableUser(user, new() { Reason = Text(form, "reason") }));
        Form("enabling", (user, form) => new EnableUser(user, new() { Reason = Text(form, "reason") }));
        Form("tokens/revocation", (user, form) => new EndUserToken(user, new() { Token = Token(form), Reason = Text(form, "reason") }));
        pages.MapPost(Path + "/{user}/tokens", MakeToken).Needs(Role.Administrator).NeedsRecentSignIn();

        void Form(string what, Func<string, IFormCollection, Command> command) => pages
            .MapPost($"{Path}/{{user}}/{what}", (string user, HttpContext http, IMessageBus bus) => Answer(http, user, async form =>
            {
                await Give(command(user, form), http, bus);
                return null;
            })).Needs(Role.Administrator).NeedsRecentSignIn();
    }

    internal static IReadOnlyList<Role> Roles(IFormCollection form) =>
        [.. form["role"].OfType<string>().Select(r => Slug.TryParse<Role>(r, out var role) ? role : (Role?)null).OfType<Role>()];

    internal static Marking Clearance(IFormCollection form) =>
        Slug.TryParse<Marking>(form["clearance"].ToString(), out var marking) ? marking : Marking.Open;

    internal static IReadOnlyList<string> Groups(IFormCollection form) =>
        form["groups"].ToString().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    static Guid Token(IFormCollection form) => Guid.TryParse(form["token"], out var id) ? id : Guid.Empty; // Which nobody has.

    static Task<IResult> List(HttpContext http, Users users) => ShowAll(http, users, null, null);

    static async Task<IResult> Describe(HttpContext http, Users users, IMessageBus bus)
    {
        var form = await FormReader.Read(http);
        var body = new UserBody
        {
            Subject = Text(form, "subject"), Name = Text(form, "name"), Issuer = Text(form, "issuer"), IssuerSubject = Text(form, "issuerSubject"),
            Roles = Roles(form), Clearance = Clearance(form), Groups = Groups(form), Reason = Text(form, "reason"),
        };
        try
        {
            return SeeOther(http, (await Give(new DescribeUser(body), http, bus)).Reference!);
        }
        catch (Refusal refused)
        {
            return await ShowAll(http, users, form, refused);
        }
    }

    static Task<IResult> Get(string user, HttpContext http) => Show(http, user, null, null);

    static Task<IResult> MakeToken(string user, HttpContext http, Users users, AccessTokens tokens) => Answer(http, user, async form =>
    {
        var (unlimited, days) = (form["unlimited"] == "true", Text(form, "days"));
        var asked = new NewTokenBody
        {
            Unlimited = unlimited ? true : null, Reason = Text(form, "reason"),
            // What is no number is out of range too, and refused as that.
            Days = unlimited || days is null ? null : int.TryParse(days, CultureInfo.InvariantCulture, out var number) ? number : 0,
        };
        return await UserEndpoints.TokenFor(user, asked, http.GetCaller(), users, tokens, http.RequestAborted);
    });

    // Back to the user's page; what was made now is shown on it, and so is why something was refused.
    static async Task<IResult> Answer(HttpContext http, string user, Func<IFormCollection, Task<NewToken?>> act)
    {
        var form = await FormReader.Read(http);
        try
        {
            return await act(form) is { } made ? await Show(http, user, made, null) : SeeOther(http, user);
        }
        catch (Refusal refused) when (refused.Slug != "not-found" || refused.Args is not [var name] || name != user)
        {
            return await Show(http, user, null, refused);
        }
    }

    static Task<CommandAnswer> Give(Command command, HttpContext http, IMessageBus bus) =>
        bus.InvokeAsync<CommandAnswer>(command with { Envelope = new(http.GetCaller()) }, http.RequestAborted);

    static async Task<IResult> ShowAll(HttpContext http, Users users, IFormCollection? form, Refusal? refused)
    {
        var language = Language.Of(http);
        var all = (await users.All(http.RequestAborted)).Select(UserEndpoints.Line);
        var view = new UsersView(language, [.. all], form, Say(refused, language));
        return new RazorComponentResult<UsersPage>(new { View = view }) { StatusCode = Status(refused) };
    }

    static Task<IResult> Show(HttpContext http, string user, NewToken? made, Refusal? refused)
    {
        var services = http.RequestServices;
        return services.GetRequiredService<Openings>().Show<IResult>(http, async opener =>
        {
            var (language, stop) = (Language.Of(http), http.RequestAborted);
            var found = await services.GetRequiredService<Users>().Named(user, stop) ?? throw Refusal.Because("not-found", user);
            var (tokens, store) = (services.GetRequiredService<AccessTokens>(), services.GetRequiredService<RegisterStore>());
            var answer = await UserEndpoints.Answer(found, tokens, store, opener, stop);
            var view = new UserView(language, services.GetRequiredService<RegisterClock>(), answer, made, Say(refused, language));
            return new RazorComponentResult<UserPage>(new { View = view }) { StatusCode = Status(refused) };
        });
    }

    static string? Say(Refusal? refused, Language language) => refused is null ? null : Problems.Say(refused, language);

    static int Status(Refusal? refused) =>
        refused is null ? StatusCodes.Status200OK : Problems.Status(refused);

    static string? Text(IFormCollection form, string field) => form[field].ToString().Trim() is { Length: > 0 } text ? text : null;

    static IResult SeeOther(HttpContext http, string user) => http.SeeOther($"{Path}/{Uri.EscapeDataString(user)}");
}
