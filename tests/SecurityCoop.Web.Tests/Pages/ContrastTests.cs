using System.Globalization;
using System.Text.RegularExpressions;
using SecurityCoop.Web.Tests.Description;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Pages;

/// <summary>
/// Contrast as WCAG 2.2 computes it, from the tokens of the style sheet: text at least 4.5:1 (1.4.3), borders of controls, focus and marks 3:1 (1.4.11).
/// axe sees the colours of text only.
/// </summary>
public sealed partial class ContrastTests
{
    const double Text = 4.5, Part = 3;

    static readonly string folder = Path.Combine(Documents.Root, "src", "SecurityCoop.Web", "Pages", "Styles");
    static readonly string[] statuses = ["no-record", "contact", "intent", "committed", "signed", "framework-active", "lapsed", "suspended", "closed"];

    // What stands on what, and how much it must differ.
    static readonly (string Front, string Back, double Least)[] pairs =
    [
        .. On(Text, ["bg", "panel"], "ink", "muted", "link", "alert"),
        ("ink", "found", Text), ("on-link", "link", Text), ("bg", "ink", Text), ("alert", "alert-tint", Text), ("framework-active", "bg", Text),
        .. statuses.Select(s => (s, $"{s}-tint", Text)),
        // The edge of a badge is as dark as its word, and parts it from the page.
        .. On(Part, ["bg", "panel"], statuses),
        .. On(Part, ["bg", "panel"], "border", "focus", "line"),
        // Links of the time band, and the rows that an address points to.
        ("focus", "intent-tint", Part),
    ];

    [Theory, InlineData(false), InlineData(true)]
    public void Every_colour_differs_enough_from_what_it_stands_on(bool dark)
    {
        var tokens = Tokens(dark);
        pairs.Select(p => (p.Front, p.Back, p.Least, Is: Contrast(tokens[p.Front], tokens[p.Back]))).Where(p => p.Is < p.Least)
            .Select(p => string.Create(CultureInfo.InvariantCulture, $"--{p.Front} on --{p.Back}: {p.Is:0.00}:1, not {p.Least}:1")).ShouldBeEmpty();
    }

    [Fact]
    public void Every_colour_of_the_style_sheet_is_a_token_and_is_compared()
    {
        var compared = pairs.SelectMany(p => new[] { p.Front, p.Back }).ToHashSet();
        Tokens(dark: false).Keys.Where(t => !compared.Contains(t)).ShouldBeEmpty();
        Tokens(dark: true).Keys.ShouldBe(Tokens(dark: false).Keys, ignoreOrder: true);
        foreach (var file in Directory.GetFiles(folder).Where(f => Path.GetFileName(f) != "1-tokens.css"))
            Colour().Matches(File.ReadAllText(file)).Select(m => m.Value).ShouldBeEmpty(Path.GetFileName(file));
    }

    [Theory, InlineData("#000000", "#ffffff", 21), InlineData("#fff", "#ffffff", 1), InlineData("#767676", "#fff", 4.54)]
    public void Contrast_is_computed_as_WCAG_does(string one, string other, double contrast) => Math.Round(Contrast(one, other), 2).ShouldBe(contrast);

    static IEnumerable<(string, string, double)> On(double least, string[] backs, params string[] fronts) => backs.SelectMany(b => fronts.Select(f => (f, b, least)));

    // The colours that :root sets, the dark ones from the block for those who prefer dark.
    static Dictionary<string, string> Tokens(bool dark)
    {
        var css = File.ReadAllText(Path.Combine(folder, "1-tokens.css"));
        var (from, to) = (css.IndexOf("prefers-color-scheme: dark", StringComparison.Ordinal), css.IndexOf("forced-colors: active", StringComparison.Ordinal));
        from.ShouldBePositive();
        to.ShouldBeGreaterThan(from);
        return Token().Matches(dark ? css[from..to] : css[..from]).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
    }

    static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    // WCAG 2.2, "relative luminance".
    static double Luminance(string colour)
    {
        var hex = colour.Length == 4 ? string.Concat(colour[1..].Select(c => $"{c}{c}")) : colour[1..];
        double Channel(int at)
        {
            var c = int.Parse(hex.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);
        }
        return 0.2126 * Channel(0) + 0.7152 * Channel(2) + 0.0722 * Channel(4);
    }

    [GeneratedRegex("--([a-z-]+): (#[0-9a-f]{3,6});")] private static partial Regex Token();
    [GeneratedRegex(@"#[0-9a-fA-F]{3,8}\b(?=[;\s,)])|\b(?:rgb|hsl|oklch)a?\(")] private static partial Regex Colour();
}
