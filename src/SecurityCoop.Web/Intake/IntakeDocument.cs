using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using SecurityCoop.Intake;
using SecurityCoop.Register;
using SecurityCoop.Register.Time;
using UglyToad.PdfPig;
using UglyToad.PdfPig.DocumentLayoutAnalysis.TextExtractor;

namespace SecurityCoop.Web.Intake;

/// <summary>A document's text without its page, and what the document says of itself.</summary>
/// <param name="Text">One line a paragraph.</param>
public sealed record IntakeDocument(string Text, KnownOfText Known)
{
    /// <summary>The largest file that is read, in bytes.</summary>
    public const int MostBytes = 8 << 20;
    /// <summary>The longest text that is read from one, in UTF-16 code units.</summary>
    public const int LongestText = 1 << 20;
    const int MostPages = 200;

    static readonly UTF8Encoding strict = new(false, throwOnInvalidBytes: true);

    /// <exception cref="Refusal">text-unreadable, document-too-large.</exception>
    public static IntakeDocument OfText(byte[] bytes)
    {
        try
        {
            return Checked(strict.GetString(bytes).TrimStart('\ufeff'), new());
        }
        catch (DecoderFallbackException)
        {
            throw Refusal.Because("text-unreadable");
        }
    }

    /// <summary>The article of a web page, without menus, advertisements and links to other articles. Nothing is fetched.</summary>
    /// <exception cref="Refusal">document-without-text, document-too-large.</exception>
    public static IntakeDocument OfHtml(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        // The parser reads the page's own declaration of its letters.
        var page = new HtmlParser().ParseDocument(stream);
        var article = new SmartReader.Reader("http://document.invalid/", page.DocumentElement.OuterHtml).GetArticle();
        var text = article is { IsReadable: true, Content: { } content } ? Lines(new HtmlParser().ParseDocument(content).Body) : "";
        if (text.Trim().Length == 0) text = Lines(page.Body);
        if (text.Trim().Length == 0) throw Refusal.Because("document-without-text");
        var published = article.PublicationDate is { } on ? Edtf.On(DateOnly.FromDateTime(on)) : null;
        var language = article.Language is { Length: >= 2 } l && l[..2].ToLowerInvariant() is "fr" or "en" or "ar" ? article.Language[..2]
            .ToLowerInvariant() : null;
        return Checked(text, new(string.IsNullOrWhiteSpace(article.SiteName) ? null : article.SiteName, published, language));
    }

    /// <summary>The text of a PDF in its reading order.</summary>
    /// <exception cref="Refusal">pdf-unreadable; pdf-of-pictures, where its pages hold no letters; document-too-large.</exception>
    public static IntakeDocument OfPdf(byte[] bytes)
    {
        var (text, hasPictures) = (new StringBuilder(), false);
        try
        {
            using var pdf = PdfDocument.Open(bytes);
            if (pdf.NumberOfPages > MostPages) throw TooLarge();
            foreach (var page in pdf.GetPages())
            {
                hasPictures |= page.NumberOfImages > 0;
                text.AppendLine(ContentOrderTextExtractor.GetText(page)).AppendLine();
                if (text.Length > LongestText) throw TooLarge();
            }
        }
        // A damaged file is met anywhere in the library, with whatever exception the place has; the file is at fault, not the host.
        catch (Exception e) when (e is not (Refusal or OutOfMemoryException))
        {
            throw Refusal.Because("pdf-unreadable");
        }
        var paragraphs = Paragraphs(text.ToString());
        if (paragraphs.Length == 0) throw hasPictures ? Refusal.Because("pdf-of-pictures") : Refusal.Because("document-without-text");
        return Checked(paragraphs, new());
    }

    static IntakeDocument Checked(string text, KnownOfText known) => text.Length > LongestText ? throw TooLarge() : new(text, known);

    internal static Refusal TooLarge() => Refusal.Because("document-too-large", $"{MostBytes >> 20}", $"{LongestText >> 20}",
        $"{MostPages}");

    // A line for each element that stands by itself.
    static string Lines(INode? node)
    {
        var text = new StringBuilder();
        Walk(node);
        return text.ToString();

        void Walk(INode? at)
        {
            foreach (var child in at?.ChildNodes ?? Enumerable.Empty<INode>())
                switch (child)
                {
                    case IText words:
                        text.Append(string.Join(' ', words.Data.Split((char[]?)null)));
                        break;
                    case IElement { LocalName: "script" or "style" or "noscript" or "template" or "nav" or "footer" }:
                        break;
                    case IElement { LocalName: "br" }:
                        text.Append('\n');
                        break;
                    case IElement { LocalName: "a" or "b" or "em" or "i" or "strong" or "span" or "sup" or "sub" or "abbr" or "time" or "q" or "u" or "small" or "mark" or "font" or "cite" } inline:
                        Walk(inline);
                        break;
                    case IElement block:
                        text.Append('\n');
                        Walk(block);
                        text.Append('\n');
                        break;
                }
        }
    }

    // Lines of print are joined: a paragraph ends at an empty line, or where a short line ends a sentence.
    static string Paragraphs(string printed)
    {
        var lines = printed.Split('\n').Select(l => l.Trim()).ToList();
        var width = lines.Max(l => l.Length);
        var (text, open) = (new StringBuilder(), false);
        foreach (var line in lines)
        {
            if (line.Length == 0)
            {
                if (open) text.Append('\n');
                open = false;
                continue;
            }
            if (open) text.Append(' ');
            text.Append(line);
            open = !(line[^1] is '.' or '!' or '?' or '»' or '؟' && line.Length < width * 3 / 4);
            if (!open) text.Append('\n');
        }
        return text.ToString().Trim();
    }
}
