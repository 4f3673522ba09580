using System.Text;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;

namespace SecurityCoop.Web.Tests.Access;

/// <summary>docs/access.md, from what the routes say of themselves.</summary>
sealed class AccessPage(IReadOnlyList<RoutedRule> routes)
{
    readonly StringBuilder page = new();

    public string Write()
    {
        page.Append(
            """
            # Who may reach what

            Written from the routes by a test, which sends each of them for everybody named here; `UPDATE_DOCS=1 ./test -class '*AccessMatrixTests'` writes it anew.

            Each route says who may reach it where it is declared (`Needs`, `NeedsSignIn`, `Public`); a host with a route that says nothing does not start. A command's role holds however
            the command comes: over HTTP, from a page, or as a message. A stranger gets 401 at every route that is not public, and at every address that does not exist; somebody who
            signed in gets 403 where the role is missing. What is above the clearance is not there for whoever has the role.

            A steward is also recorder, validator and auditor; each of these is also reader; an administrator is nothing else and sees no record. Beside the role these rules hold:

            - Nobody validates an own record (403 `own-record`): whoever recorded a meeting, or that it was held, does not validate it; whoever recorded an action, or that it was done,
              does not verify it, by `verification` or by a follow-up with the state `verified`.
            - Whoever asked for a person's erasure does not approve it (409 `same-person`).
            - An administrator changes no rights of their own (403 `own-rights`).
            - Nobody records above the own clearance (403 `marking-above-clearance`).

            Sign-ins, refusals of a right, and what left the register are events that auditors read (`access_…`), a minute later at most. Requests without valid credentials are counted:
            one event a minute says how many there were, and nothing of what they sent.


            """);
        var roles = AccessMatrix.Everybody;
        Line($"| Route | Rule | {string.Join(" | ", roles.Select(r => r.Name))} |");
        Line($"|---|---|{string.Concat(roles.Select(_ => "---|"))}");
        foreach (var route in routes)
            Line($"| `{route.Method} {route.Path}` | {Words(route.Rule!)} | {string.Join(" | ", roles.Select(r => route.Rule!.Allows(r.Caller) ? "yes" : r.Caller is null ? "401" : "403"))} |");
        Line("\n## Why strangers may reach what is public\n");
        foreach (var route in routes)
            if (route.Rule is OpenToAll open) Line($"- `{route.Method} {route.Path}`: {open.Why}");
        return page.ToString().TrimEnd() + "\n";
    }

    static string Words(AccessRule rule) => rule switch
    {
        NeededRole needed => Slug.Of(needed.Role),
        SignInNeeded => "signed in",
        OpenToAll => "public",
        _ => throw new InvalidOperationException($"{rule} has no words."),
    };

    void Line(string text) => page.Append(text).Append('\n');
}
