namespace SecurityCoop.PrivateServer;

/// <summary>
/// The program cannot start, and an operator can do something about it. The message is one clear line that says what is wrong
/// and what to do; the host prints it as it stands and exits with a code other than 0, having changed nothing.
/// </summary>
public sealed class StartRefused(string message, Exception? cause = null) : Exception(message, cause);
