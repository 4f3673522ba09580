using System.Net;
using System.Text.RegularExpressions;

namespace SecurityCoop.Web.Tests.Pages.Forms;

/// <summary>A form as a browser without script holds it: every field with what it has, to be filled in and sent.</summary>
sealed partial class FilledForm
{
    readonly List<(string Name, string Value)> values = [];

    /// <summary>The choices that each list offers, without the empty one.</summary>
    public Dictionary<string, List<string>> Choices { get; } = [];

    /// <summary>The fields whose label says that they must be filled in, by name.</summary>
    public List<string> Required { get; } = [];

    /// <summary>Every field, by name.</summary>
    public HashSet<string> Names { get; } = [];

    /// <summary>Where it is sent.</summary>
    public string Action { get; }

    /// <param name="page">The whole page.</param>
    /// <param name="id">The form's.</param>
    /// <param name="required">What stands behind the label of a required field.</param>
    public FilledForm(string page, string id = "command", string required = "(required)")
    {
        var form = Regex.Match(page, $"<form id=\"{id}\".*?</form>", RegexOptions.Singleline).Value;
        if (form.Length == 0) throw new Xunit.Sdk.XunitException($"No form {id}: {page}");
        Action = WebUtility.HtmlDecode(Regex.Match(form, "action=\"([^\"]*)\"").Groups[1].Value);
        foreach (Match m in Control().Matches(form))
        {
            var (kind, attributes, inner) = (m.Groups[1].Value + m.Groups[3].Value, Attributes(m.Groups[2].Value + m.Groups[4].Value), m.Groups[5].Value);
            if (attributes.GetValueOrDefault("name") is not { } name) continue;
            Names.Add(name);
            if (kind == "textarea") values.Add((name, WebUtility.HtmlDecode(inner)));
            else if (kind == "select")
            {
                var options = Option().Matches(inner).Select(o => Attributes(o.Groups[1].Value)).ToList();
                Choices[name] = [.. options.Select(o => o["value"]).Where(v => v.Length > 0)];
                values.Add((name, (options.FirstOrDefault(o => o.ContainsKey("selected")) ?? options[0])["value"]));
            }
            else if (attributes.GetValueOrDefault("type") is not "checkbox" || attributes.ContainsKey("checked")) values.Add((name, attributes.GetValueOrDefault("value") ?? ""));
        }
        foreach (Match m in Label().Matches(form))
            if (WebUtility.HtmlDecode(m.Groups[2].Value).Contains(required, StringComparison.Ordinal)) Required.Add(m.Groups[1].Value);
    }

    /// <summary>What a field holds.</summary>
    public string this[string name]
    {
        get => values.FirstOrDefault(v => v.Name == name).Value ?? "";
        set
        {
            values.RemoveAll(v => v.Name == name);
            values.Add((name, value));
        }
    }

    /// <summary>Sends it with one of its buttons.</summary>
    public Task<Answer> Send(HttpClient http, string step, string language = "en") => http.Send(HttpMethod.Post, Action,
        new FormUrlEncodedContent(values.Append(("step", step)).Select(v => KeyValuePair.Create(v.Item1, v.Item2))), ("Sec-Fetch-Site", "same-origin"), ("Cookie", $"lang={language}"));

    static Dictionary<string, string> Attributes(string text) =>
        Attribute().Matches(text).DistinctBy(a => a.Groups[1].Value).ToDictionary(a => a.Groups[1].Value, a => WebUtility.HtmlDecode(a.Groups[2].Value));

    [GeneratedRegex("<(?:(input)\\b([^>]*)>|(textarea|select)\\b([^>]*)>(.*?)</\\3>)", RegexOptions.Singleline)] private static partial Regex Control();
    [GeneratedRegex("<option\\b([^>]*)>")] private static partial Regex Option();
    [GeneratedRegex("([a-z-]+)(?:=\"([^\"]*)\")?")] private static partial Regex Attribute();
    [GeneratedRegex("<label for=\"f-([^\"]*)\">([^<]*)</label>")] private static partial Regex Label();
}
