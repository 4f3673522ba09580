using System.Text.Json.Nodes;
using SecurityCoop.Register;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Pages.Forms;

namespace SecurityCoop.Web.Pages.Lists;

/// <summary>A filter of a list: a parameter of its address, and of the interface's list.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Choices">What may be chosen, by code; null: a text.</param>
public sealed record ListFilter(string Name, Label Label, IReadOnlyDictionary<string, Label>? Choices = null)
{
    /// <summary>Whether the choices have an order of their own.</summary>
    public bool InTheirOrder { get; init; }

    /// <summary>What it is narrowed to, in words.</summary>
    public string Say(Language language, string value) => Choices is null ? value : language.Say(Choices, value);
}

/// <summary>A column of a list.</summary>
/// <param name="Name">By which the address sorts.</param>
/// <param name="Text">What it says of a record in a language.</param>
/// <param name="Key">By what it is sorted; null: it is not.</param>
public sealed record ListColumn(string Name, Label Label, Func<Language, RecordState, JsonObject, string> Text, Func<Language, RecordState, IComparable?>? Key = null)
{
    /// <summary>Whether it leads to another record, whose reference it holds.</summary>
    public bool IsReference { get; init; }

    /// <summary>Whether a narrow screen leaves it out.</summary>
    public bool Wide { get; init; }
}

/// <summary>The form by which a list gets another record.</summary>
public sealed record ListOpening(string Address, Label Title, Role Role)
{
    /// <summary>The one that gives a command.</summary>
    public static ListOpening By<T>(IReadOnlyList<CommandForm> forms) => Of(forms.Single(f => f.Message == typeof(T)));

    static ListOpening Of(CommandForm form) => new(form.Pattern, form.Title, form.Command.Role);
}

/// <summary>What there is of a kind of record, as a list for people: the same as the interface's.</summary>
public abstract class ListDefinition(IServedKind kind, Label title, IReadOnlyList<ListFilter> filters, IReadOnlyList<ListColumn> columns)
{
    public IServedKind Kind => kind;
    public Label Title => title;
    public IReadOnlyList<ListFilter> Filters => filters;
    public IReadOnlyList<ListColumn> Columns => columns;

    /// <summary>Its address; the interface's is the same below /api.</summary>
    public string Path => $"/{kind.Path}";

    /// <summary>What is to be known beforehand; null: nothing.</summary>
    public Label? Lead { get; init; }

    /// <summary>The form that opens a record of the kind.</summary>
    public required ListOpening Opens { get; init; }

    /// <summary>The records that the filter keeps, in the order of opening.</summary>
    /// <param name="given">What the address gives of a filter; null: nothing.</param>
    public abstract Task<(IReadOnlyList<(string Stream, long Version, RecordState State)> Rows, long Position)> Load(HttpContext http, Asking asked, Func<string, string?> given);
}

/// <inheritdoc/>
sealed class ListDefinition<T>(
    ServedKind<T> kind, Label title, IReadOnlyList<ListFilter> filters, IReadOnlyList<ListColumn> columns, Func<HttpContext, Asking, Func<string, string?>, Task<Func<T, bool>>> which)
    : ListDefinition(kind, title, filters, columns) where T : RecordState
{
    public override async Task<(IReadOnlyList<(string Stream, long Version, RecordState State)> Rows, long Position)> Load(HttpContext http, Asking asked, Func<string, string?> given)
    {
        var clocks = http.RequestServices.GetRequiredService<TwoClocks>();
        var (rows, position) = await RecordQueries.Matching(clocks, kind, asked, http.GetCaller(), given("partner"), await which(http, asked, given), http.RequestAborted);
        return ([.. rows.Select(r => (r.Stream, r.Version, (RecordState)r.State))], position);
    }
}
