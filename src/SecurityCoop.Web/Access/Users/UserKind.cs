using SecurityCoop.Register;
using SecurityCoop.Register.Users;
using SecurityCoop.Store;

namespace SecurityCoop.Web.Access;

/// <summary>
/// Users: a document for each, found by its subject. It is no kind of record that is served: no list, search, feed or report knows it, and
/// its events are for auditors alone.
/// </summary>
public sealed class UserKind() : RecordKind<User>(
    "user", 1, User.Initial, (state, e) => state.Evolve(e.Event, e.At()), user => [user.Subject], () => RegisterJson.Of<User>())
{
    /// <summary>Where users are found, below /api.</summary>
    public const string Path = "users";

    /// <inheritdoc/>
    public override bool EventsByPartner => false;

    /// <summary>Whether it is an event of users or of who was let in: for auditors, and nobody outside the register.</summary>
    public static bool IsOfAccess(string stream) =>
        stream.StartsWith("user-", StringComparison.Ordinal) || stream.StartsWith("access-", StringComparison.Ordinal);
}
