namespace SecurityCoop.Web.Pages.Forms;

/// <summary>What a text may mean that somebody typed: one of these.</summary>
/// <param name="Value">What the command is given where it is chosen.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Detail">What tells it from others of that name; null: nothing.</param>
public sealed record PickOption(string Value, string Title, string? Detail = null);

/// <summary>
/// What was found for a typed text. The choice is tied to the text: it is sent with the text for which it was offered, and forgotten when
/// the text has changed since.
/// </summary>
/// <param name="Typed">The text.</param>
/// <param name="Question">What is to be chosen; null: the text means one thing, and nothing is asked.</param>
/// <param name="Chosen">The value of the option that holds; null: none yet.</param>
public sealed record Pick(string Typed, string? Question, IReadOnlyList<PickOption> Options, string? Chosen)
{
    /// <summary>What the text was read as, where nothing is asked; null: nothing.</summary>
    public string? Reading { get; init; }

    /// <summary>Why it cannot be taken as it is; null: it can.</summary>
    public string? Fault { get; init; }

    /// <summary>The field in which the choice is sent.</summary>
    public static string ChoiceOf(string field) => $"{field}~choice";

    /// <summary>The field that says for which text the choice was offered.</summary>
    public static string OfferedFor(string field) => $"{field}~for";
}

/// <summary>What the page of a form knows of its fields.</summary>
public interface IFieldValues
{
    /// <summary>The page's language.</summary>
    Language Language { get; }

    /// <summary>What each field holds.</summary>
    Func<string, IReadOnlyList<string>> Values { get; }

    /// <summary>Why a field cannot be taken as it is; null: it can.</summary>
    string? FaultOf(string field);

    /// <summary>What a field was read as, in words; null: nothing is said of it.</summary>
    string? ReadingOf(string field);

    /// <summary>What was found for a field's text; null: nothing was looked for.</summary>
    Pick? PickOf(string field);
}
