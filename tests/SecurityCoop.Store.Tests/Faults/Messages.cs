using System.Text.Json;

namespace SecurityCoop.Store.Tests.Faults;

/// <summary>What a command does to one stream: an event for each id.</summary>
/// <param name="Expected">The version that the stream must have; <see cref="Any"/>: whatever the host reads.</param>
/// <param name="Word">The first word of each note: a row of the view <c>word</c> that many streams share; and the partner of an opening.</param>
/// <param name="Prefix">For a new stream, which is then opened before it is noted in.</param>
internal sealed record Part(string Stream, long Expected, Guid[] Events, string Word, string? Prefix)
{
    public const long Any = -1;
}

/// <summary>What a client asks of a host: to append <see cref="Parts"/>, or with <see cref="Read"/> at which version a stream is.</summary>
internal sealed record Ask(Guid Command, bool Keyed, Part[] Parts, string? Read = null);

internal enum Outcome
{
    /// <summary>It stands at positions First to Last.</summary>
    Done,

    /// <summary>The host says that nothing was written.</summary>
    Refused,

    /// <summary>The host says, or its silence does, that it may have been written.</summary>
    Unknown,

    /// <summary>The answer to a read.</summary>
    Read,
}

/// <param name="Version">The version of the first stream, or of the one that was read.</param>
internal sealed record Answer(Outcome Outcome, long First = 0, long Last = 0, long Version = 0, string? Why = null);

/// <summary>One line of the journal: the intention before it is sent, or the answer after it came.</summary>
/// <param name="At">The one clock of all clients, in its own ticks.</param>
internal sealed record Line(int Client, long At, Ask? Asked, Answer? Answered);

internal static class Messages
{
    public static string Write<T>(T message) => JsonSerializer.Serialize(message);

    public static T Read<T>(string line) => JsonSerializer.Deserialize<T>(line)!;
}
