using System.Globalization;
using SecurityCoop.Register.Vocabulary;

namespace SecurityCoop.Web.Pages;

/// <summary>A language of the pages, with the culture that dates are written in: never the one that the host happens to run under.</summary>
/// <param name="Code">fr, en or ar.</param>
/// <param name="Name">What the language calls itself.</param>
public sealed record Language(string Code, string Name, CultureInfo Culture)
{
    const string Cookie = "lang";

    public static readonly Language
        French = new("fr", "Français", CultureInfo.GetCultureInfo("fr-MA")),
        English = new("en", "English", CultureInfo.GetCultureInfo("en-GB")),
        Arabic = new("ar", "العربية", CultureInfo.GetCultureInfo("ar-MA"));

    public static readonly IReadOnlyList<Language> All = [French, English, Arabic];

    /// <summary>The direction of writing, as HTML names it.</summary>
    public string Direction => this == Arabic ? "rtl" : "ltr";

    public string Comma => this == Arabic ? "، " : ", ";

    public string Say(Label label) => Problems.In(label, Code);

    /// <summary>The label of a code, or the code itself where the vocabulary has none.</summary>
    public string Say(IReadOnlyDictionary<string, Label> labels, string code) => labels.GetValueOrDefault(code) is { } label ? Say(label) : code;

    public string Say(Label label, params object[] args) => string.Format(Culture, Say(label), args);

    /// <summary>Things in the order of their names, as the language has it; of equal names the order stays.</summary>
    public IEnumerable<T> InOrder<T>(IEnumerable<T> things, Func<T, string> name) =>
        things.OrderBy(name, StringComparer.Create(Culture, CompareOptions.None));

    /// <summary>A number. Below ten thousand nothing is grouped, since 1.234 is read differently from country to country.</summary>
    public string Say(long number) => Math.Abs(number) < 10_000 ? number.ToString(CultureInfo.InvariantCulture) : number.ToString("N0", Culture);

    /// <summary>Several things in a row, "a, b and c".</summary>
    public string Join(IReadOnlyList<string> items, Label last) =>
        items.Count < 2 ? string.Concat(items) : $"{string.Join(Comma, items.Take(items.Count - 1))}{Say(last)}{items[^1]}";

    /// <summary>The language asked for by ?lang=, which is kept in a cookie; else the cookie's; else French.</summary>
    public static Language Of(HttpContext http)
    {
        if (Named(http.Request.Query[Cookie]) is { } asked)
        {
            http.Keep(Cookie, asked.Code);
            return asked;
        }
        return Named(http.Request.Cookies[Cookie]) ?? French;
    }

    /// <summary>
    /// The language of a text within a page of this one, as far as its letters tell: Arabic letters on a page of another language; on an
    /// Arabic page Latin letters, which are French where nothing says otherwise. Null: the page's own.
    /// </summary>
    public string? LangOf(string? text)
    {
        if (text is null) return null;
        var arabic = text.Any(c => c is >= '\u0620' and <= '\u064a');
        return arabic ? this == Arabic ? null : Arabic.Code : this == Arabic && text.Any(char.IsAsciiLetterLower) ? French.Code : null;
    }

    /// <summary>The language of a page that refuses: what the address or the cookie says, else what the browser accepts.</summary>
    public static Language OfRefusal(HttpRequest request) =>
        Named(request.Query[Cookie]) ?? Named(request.Cookies[Cookie]) ?? Asked(request);

    /// <summary>The address that was asked for, in this language.</summary>
    public string SameAddress(HttpRequest? request)
    {
        if (request is null || !HttpMethods.IsGet(request.Method)) return $"/?{Cookie}={Code}";
        var query = request.Query.Where(q => q.Key != Cookie).SelectMany(q => q.Value, (q, v) => $"{Uri.EscapeDataString(q.Key)}={Uri.EscapeDataString(v ?? "")}");
        return $"{request.PathBase}{request.Path}?{string.Join('&', query.Append($"{Cookie}={Code}"))}";
    }

    /// <summary>The language that a request to the interface accepts.</summary>
    public static Language Asked(HttpRequest request) => Named(Problems.LanguageOf(request))!;

    static Language? Named(string? code) => All.FirstOrDefault(l => l.Code == code);
}
