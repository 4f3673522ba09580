using System.Collections.Immutable;
using System.Text.Json.Nodes;
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
    public static CommandForm Of<T>(Label title, params ImmutableArray<FormField> fields) where T : Command =>
        new(typeof(T), title, [.. fields, .. CommonFields.Rest.Where(r => fields.All(f => f.Name != r.Name))]);

    /// <summary>A form with these fields only.</summary>
    public static CommandForm Only<T>(Label title, params ImmutableArray<FormField> fields) where T : Command => new(typeof(T), title, fields);

    /// <summary>The kind of record upon which it is given, where the command itself does not say.</summary>
    public IServedKind? Kind { get; init; }

    /// <summary>A field as it is upon a record: with the choices that the record leaves, or absent (null).</summary>
    public Func<RecordState, FormField, FormField?> Fit { get; init; } = (_, field) => field;

    /// <summary>What fields hold of a record before anybody fills them in; by field.</summary>
    public Func<RecordState, IReadOnlyDictionary<string, string?>>? Recorded { get; init; }

    /// <summary>Makes the form ready for a request, where that takes more than fields and choices.</summary>
    internal Func<FormRequest, CommandForm, Task<ReadyForm>>? Prepare { get; init; }

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

    /// <summary>Whether it is given upon records of this kind.</summary>
    public bool IsUpon(IServedKind kind) => UponRecord && (Upon is null || Upon == kind);

    /// <summary>The kind of the record that its address names; null: any.</summary>
    public IServedKind? Upon => Kind ?? Command.Upon;

    /// <summary>Its address; of a command upon a record, of this one.</summary>
    public string Address(string? record) =>
        record is null ? Pattern : $"{Pattern[..Pattern.IndexOf('{', StringComparison.Ordinal)]}{Uri.EscapeDataString(record)}{Pattern[(Pattern.IndexOf('}', StringComparison.Ordinal) + 1)..]}";

    internal Task<ReadyForm> Ready(FormRequest request) => Prepare is { } prepare ? prepare(request, this) : Task.FromResult(Plain(request));

    /// <summary>The form with its own fields, as they are upon the record.</summary>
    internal ReadyForm Plain(FormRequest request)
    {
        if (request.State is not { } state) return new(Fields);
        var recorded = Recorded?.Invoke(state);
        return new([.. Fields.Select(f => Fit(state, f)).OfType<FormField>().Select(f => recorded?.GetValueOrDefault(f.Name) is { } text ? f with { Usual = text } : f)]);
    }

    static readonly Dictionary<Type, DeclaredCommand> byMessage = Setup.Features.SelectMany(f => f).ToDictionary(c => c.Message);
}

/// <summary>A form that was asked for or sent.</summary>
/// <param name="Name">What the record in the address is called; "" where there is none.</param>
/// <param name="State">The record, as the caller may see it.</param>
/// <param name="Given">What the address or the sent form gives of a field; null: nothing.</param>
sealed record FormRequest(HttpContext Http, Language Language, string Name, string Stream, RecordState? State, IServedKind? Kind, Func<string, string?> Given);

/// <summary>A form with the fields that it has in one request.</summary>
/// <param name="Fields">In the order in which they stand.</param>
public sealed record ReadyForm(IReadOnlyList<FormField> Fields)
{
    /// <summary>What several choices of a field are before anybody chooses.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Values { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The same form about something else.</summary>
    public IReadOnlyList<FormLink> Links { get; init; } = [];

    /// <summary>What helps to fill it in.</summary>
    public Label? Lead { get; init; }

    /// <summary>Whether what is recorded stands beside each field, which is to hold what is new.</summary>
    public bool IsTable { get; init; }

    /// <summary>Of a table, what is recorded in each field, in words.</summary>
    public IReadOnlyDictionary<string, string> Recorded { get; init; } = new Dictionary<string, string>();

    /// <summary>Makes the command's body of what was sent.</summary>
    public Func<JsonObject, JsonObject> Finish { get; init; } = body => body;

    /// <summary>What is to be compared before it is recorded; null: nothing.</summary>
    public Func<JsonObject, FormComparison?> Compare { get; init; } = _ => null;
}

/// <summary>Leads to the same form about something else.</summary>
/// <param name="Current">Whether it is what the form is about.</param>
public sealed record FormLink(string Address, string Words, bool Current);

/// <summary>Two columns side by side.</summary>
public sealed record FormComparison(Label Title, Label One, Label Other, IReadOnlyList<(string Field, string One, string Other)> Rows);
