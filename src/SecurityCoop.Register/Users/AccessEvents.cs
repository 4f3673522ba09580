namespace SecurityCoop.Register.Users;

// These names and fields are stored for ever. A new meaning is a new event, never a changed one.
// Each is the only event of a stream of its own.

/// <summary>Somebody signed in.</summary>
/// <param name="Subject">Opaque id of whoever did.</param>
/// <param name="By">By what: `link`, `token`, or the issuer of the identity provider.</param>
[WireName("access_signed_in")]
public sealed record AccessSignedIn(string Subject, string By);

/// <summary>Requests without valid credentials, of all strangers together; nothing of what they sent.</summary>
/// <param name="From">When the first of them came.</param>
/// <param name="Until">When the last of them came.</param>
[WireName("access_sign_ins_refused")]
public sealed record AccessSignInsRefused(long Count, DateTime From, DateTime Until);

/// <summary>Somebody who signed in was refused a right.</summary>
/// <param name="Route">Method and route template, never an address.</param>
[WireName("access_refused")]
public sealed record AccessRefused(string Subject, string Route, long Count, DateTime From, DateTime Until);

/// <summary>Somebody took something out of the register, or read what is marked highly.</summary>
/// <param name="What">What was asked: method and route template, or the console's command.</param>
/// <param name="Records">Stream ids of the records that were in the answer; absent where it was of the whole register.</param>
[WireName("access_read")]
public sealed record AccessRead(string Subject, string What, IReadOnlyList<string>? Records = null);
