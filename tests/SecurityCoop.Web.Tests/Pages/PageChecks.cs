using System.Text.RegularExpressions;
using SecurityCoop.Web.Pages;
using Shouldly;

namespace SecurityCoop.Web.Tests.Pages;

/// <summary>What holds of every page, whatever it shows.</summary>
static partial class PageChecks
{
    static readonly string[] numeric = ["d", "x", "y", "r", "cx", "cy", "viewBox", "points", "width", "height", "start", "datetime"];

    /// <summary>Language and direction, one h1, the frame, and attributes that no culture has touched.</summary>
    public static void ShouldBeAPageIn(this string html, string code)
    {
        var language = Language.All.Single(l => l.Code == code);
        html.ShouldContain($"<html lang=\"{code}\" dir=\"{language.Direction}\"");
        Heading().Count(html).ShouldBe(1);
        html.ShouldContain("<main id=\"content\"");
        html.ShouldContain("class=\"skip\"");
        InlineScript().IsMatch(html).ShouldBeFalse("A script stands in a file of its own.");
        html.ShouldNotContain(" style=");
        // What somebody recorded may hold any letter, in text; what the page itself writes into an attribute may not.
        foreach (Match attribute in Attribute().Matches(html))
        {
            var (name, value) = (attribute.Groups[1].Value, attribute.Groups[2].Value);
            value.ShouldNotContain('\u200e', $"{name}=\"{value}\"");
            value.ShouldNotContain('\u200f', $"{name}=\"{value}\"");
            if (numeric.Contains(name)) Comma().IsMatch(value).ShouldBeFalse($"{name}=\"{value}\"");
        }
        // Every id once, and every label and description leads somewhere.
        var ids = Ids().Matches(html).Select(m => m.Groups[1].Value).ToList();
        ids.ShouldBeUnique();
        foreach (Match reference in References().Matches(html))
            foreach (var id in reference.Groups[1].Value.Split(' ')) ids.ShouldContain(id);
    }

    [GeneratedRegex("<script(?![^>]* src=\"/scripts/)")] private static partial Regex InlineScript();
    [GeneratedRegex("<h1[ >]")] private static partial Regex Heading();
    [GeneratedRegex("\\s([a-zA-Z-]+)=\"([^\"]*)\"")] private static partial Regex Attribute();
    [GeneratedRegex(@"\d,\d|[\u0660-\u0669]")] private static partial Regex Comma();
    [GeneratedRegex("\\sid=\"([^\"]+)\"")] private static partial Regex Ids();
    [GeneratedRegex("\\s(?:for|aria-labelledby|aria-describedby)=\"([^\"]+)\"")] private static partial Regex References();
}
