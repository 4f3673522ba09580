namespace SecurityCoop.Register.Users;

// These names and fields are stored for ever. A new meaning is a new event, never a changed one.
// Name and issuerSubject are Sensitive: the body holds null in their place (ledger.md, "Personal data"), and erasing the user destroys their key.

/// <summary>Somebody who may sign in, by the opaque id under which events name their actor.</summary>
/// <param name="Subject">Opaque id; never a person's name.</param>
/// <param name="Issuer">Of somebody whom an identity provider knows: the provider's issuer identifier, a URL.</param>
/// <param name="IssuerSubject">As whom that provider knows them (the claim `sub`).</param>
[WireName("user_described")]
public sealed record UserDescribed(string Subject, Sensitive? Name = null, string? Issuer = null, Sensitive? IssuerSubject = null);

/// <param name="Roles">All that the user has from here on; none: nothing may be done.</param>
[WireName("user_roles_set")]
public sealed record UserRolesSet(IReadOnlyList<Role> Roles);

/// <param name="Clearance">The highest marking that the user may see.</param>
[WireName("user_clearance_set")]
public sealed record UserClearanceSet(Marking Clearance);

/// <param name="Groups">Names of all need-to-know groups that the user is in from here on.</param>
[WireName("user_groups_set")]
public sealed record UserGroupsSet(IReadOnlyList<string> Groups);

/// <summary>The user is let in no more: sign-ins, sessions and tokens are refused.</summary>
[WireName("user_disabled")]
public sealed record UserDisabled;

[WireName("user_enabled")]
public sealed record UserEnabled;

/// <summary>An access token was made. What it is stands nowhere; the database keeps its SHA-256.</summary>
/// <param name="Token">The token's id.</param>
/// <param name="Until">When it expires; absent: never.</param>
[WireName("user_token_made")]
public sealed record UserTokenMade(Guid Token, DateTime? Until = null);

/// <summary>An access token was ended before it expired.</summary>
[WireName("user_token_ended")]
public sealed record UserTokenEnded(Guid Token);

/// <summary>The user's protected values are erased: their key is destroyed, and the user is let in no more.</summary>
[WireName("user_erased")]
public sealed record UserErased(string LegalBasis);
