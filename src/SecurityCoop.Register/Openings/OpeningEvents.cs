namespace SecurityCoop.Register.Openings;

// These names and fields are stored for ever. A new meaning is a new event, never a changed one.

/// <summary>
/// Somebody was shown protected values. Who and when stand in the header; every such answer has a stream of its own (docs/adr/0032).
/// </summary>
/// <param name="Subjects">Stream ids of the people whose values they are.</param>
/// <param name="Query">What was asked: the method and the route, never its parameters.</param>
[WireName("opening_recorded")]
public sealed record OpeningRecorded(IReadOnlyList<string> Subjects, string Query);

/// <summary>An opening, as the person concerned is told of it.</summary>
/// <param name="Actor">Opaque id of whoever was shown the values.</param>
public sealed record Opening(IReadOnlyList<string> Subjects, string Query, string Actor, Guid Event, long Position, DateTime At, Marking Marking,
    IReadOnlyList<string>? Groups = null);
