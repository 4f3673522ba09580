using System.Collections.Immutable;
using SecurityCoop.Register;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web.Pages.Forms;

/// <summary>A form that gives a command. Its address is the command's without /api; of one that opens a record, with /new after it.</summary>
/// <param name="Message">The type of the command.</param>
/// <param name="Title">What is done by it.</param>
/// <param name="Fields">In the order in which they stand.</param>
public sealed record CommandForm(Type Message, Label Title, IReadOnlyList<FormField> Fields)
{
    /// <summary>A form with these fields, and those that most commands have.</summary>
    public static CommandForm Of<T>(Label title, params ImmutableArray<FormField> fields) where T : Command => new(typeof(T), title, [.. fields, .. CommonFields.Rest]);

    /// <summary>What fields hold of a record before anybody fills them in; by field.</summary>
    public Func<RecordState, IReadOnlyDictionary<string, string?>>? Recorded { get; init; }

    /// <summary>Whether it can be given of a record as it is now; a page offers no form that would be refused.</summary>
    public Func<RecordState, bool> Offered { get; init; } = _ => true;

    /// <summary>The command as its feature declared it.</summary>
    public DeclaredCommand Command => Declared(Message);

    /// <summary>The command of which this is the message, as its feature declared it.</summary>
    internal static DeclaredCommand Declared(Type message) =>
        byMessage.TryGetValue(message, out var found) ? found : throw new InvalidOperationException($"No command: {message}");

    /// <summary>The pattern of its address.</summary>
    public string Pattern => UponRecord ? Command.Pattern : $"{Command.Pattern}/new";

    /// <summary>Whether it is given of the record that its address names.</summary>
    public bool UponRecord => Command.Pattern.Contains('{', StringComparison.Ordinal);

    /// <summary>Its address; of a command upon a record, of this one.</summary>
    public string Address(string? record) =>
        record is null ? Pattern : $"{Pattern[..Pattern.IndexOf('{', StringComparison.Ordinal)]}{Uri.EscapeDataString(record)}{Pattern[(Pattern.IndexOf('}', StringComparison.Ordinal) + 1)..]}";

    static readonly Dictionary<Type, DeclaredCommand> byMessage = Setup.Features.SelectMany(f => f).ToDictionary(c => c.Message);
}
