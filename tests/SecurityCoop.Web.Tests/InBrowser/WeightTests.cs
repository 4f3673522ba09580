using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.InBrowser;

/// <summary>What a page weighs on the line, compressed (pages.md, section 6): 60 KB at a first visit, 25 afterwards; 120 KB of HTML before it is compressed.</summary>
[Collection(nameof(InChromium))]
[Trait("Run", "long")]
public sealed partial class WeightTests(SeededHost host)
{
    const int First = 60 << 10, Later = 25 << 10, Html = 120 << 10;

    [Theory, InlineData("fr"), InlineData("en"), InlineData("ar")]
    public async Task Pages_are_light(string language)
    {
        var heavy = new List<string>();
        foreach (var path in new[] { "/", "/partnerships/DK", "/records/DK-MTG-0001", "/meetings/new", "/actions", "/audit", "/audit/events/2", "/help", "/search?q=Danemark" })
        {
            var html = (await host.Http.Read($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}lang={language}")).Text;
            var (raw, own) = (Encoding.UTF8.GetByteCount(html), Compressed(html));
            var all = own;
            foreach (Match file in Files().Matches(html)) all += Compressed((await host.Http.Read(file.Groups[1].Value)).Text);
            if (all > First || own > Later || raw > Html) heavy.Add($"{path}: {raw} bytes, {own} compressed, {all} with its files");
        }
        heavy.ShouldBeEmpty();
    }

    static int Compressed(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Optimal)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray().Length;
    }

    [GeneratedRegex("(?:href|src)=\"(/(?:register\\.css|scripts/)[^\"]+)\"")] private static partial Regex Files();
}
