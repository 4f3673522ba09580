namespace SecurityCoop.Web.Outgoing;

/// <summary>Waits between attempts that double, up to a longest.</summary>
/// <param name="First">After the first attempt that failed.</param>
readonly record struct Backoff(TimeSpan First, TimeSpan Longest)
{
    /// <summary>How long is waited after so many attempts in a row that failed; 1 is the first.</summary>
    public TimeSpan After(int attempts) => TimeSpan.FromTicks((long)Math.Min(Longest.Ticks, First.Ticks * Math.Pow(2, attempts - 1)));
}
