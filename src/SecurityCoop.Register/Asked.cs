namespace SecurityCoop.Register;

/// <summary>What comes with every command, since the model has no clock and makes no identifiers.</summary>
/// <param name="Today">The day in the register's time zone on which the command is given.</param>
/// <param name="NewStream">Gives the stream id of a new record of a kind ("action" → "action-0199…").</param>
public sealed record Asked(DateOnly Today, Func<string, string> NewStream);
