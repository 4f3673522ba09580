using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SecurityCoop.Intake;
using SecurityCoop.Register;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Pages.Forms;
using SecurityCoop.Web.Recording;

namespace SecurityCoop.Web.Intake;

/// <summary>A text that the page carries with its form; the host keeps none.</summary>
/// <param name="Sha256">Of the document as it was given.</param>
public sealed record IntakeText(string Text, string Sha256, string? Publisher, string? Date, string? Language, Marking? Marking)
{
    /// <summary>The fields in which the form carries it, unseen.</summary>
    public const string TextField = "read.text", DigestField = "read.sha256";

    static readonly string[] known = ["publisher", "date", "language", "marking"];

    /// <summary>The fields beside the text, with what they hold.</summary>
    public IReadOnlyList<(string Field, string? Value)> Fields =>
        [(TextField, Text), (DigestField, Sha256), ("known.publisher", Publisher), ("known.date", Date), ("known.language", Language), ("known.marking", Marking is { } m ? Slug.Of(m) : null)];

    /// <summary>What the reader proposes.</summary>
    public IntakeProposal Proposal => field ??= IntakeReader.Default.Read(Text, new(Publisher, Day, Language));

    /// <summary>What the interface answers of it, with every sentence located.</summary>
    /// <param name="document">The document's reference; null: it is not on file yet.</param>
    public Task<JsonObject> Answer(string? document, Resemblances resemblances, FurtherSource further, Caller caller, CancellationToken stop) => new IntakeAnswer(
        new() { Communique = Text, Publisher = Publisher, Date = Day, Language = Language, Marking = Marking, Document = document ?? "SRC-0000" },
        Proposal, Sha256, resemblances, further, caller).Make(stop);

    /// <summary>The digest of a sentence by its paragraph and number; null: there is no such sentence.</summary>
    public string? DigestOf(int paragraph, int sentence) => Proposal.Sentences.FirstOrDefault(s => s.Paragraph == paragraph && s.Number == sentence)?.Sha256;

    Edtf? Day => string.IsNullOrWhiteSpace(Date) ? null : WrittenDate.Read(Date).Date;

    /// <summary>The text that a form carries; null: none.</summary>
    public static IntakeText? Carried(RecordingValues values) => values.Text(TextField) is not { Length: > 0 } ? null
        : new(Lines(values[TextField][0]), values.Text(DigestField), Given(values, 0), Given(values, 1), Given(values, 2), Slug.TryParse<Marking>(values.Text("known.marking"), out var m) ? m : null);

    /// <summary>The text that was pasted, or of the file that was sent.</summary>
    /// <exception cref="Refusal">required, text-unreadable, document-without-text, pdf-unreadable, pdf-of-pictures, document-too-large, not-a-document; at ?date a date's fault.</exception>
    public static async Task<IntakeText> Read(RecordingValues values, IFormFileCollection files, CancellationToken stop)
    {
        if (Given(values, 1) is { } date && WrittenDate.Read(date).Fault is { } fault) throw fault.At("/date");
        var marking = Slug.TryParse<Marking>(values.Text("known.marking"), out var m) ? m : (Marking?)null;
        if (files.GetFile("file") is { Length: > 0 } file)
        {
            using var bytes = new MemoryStream();
            await file.CopyToAsync(bytes, stop);
            if (bytes.Length > IntakeDocument.MostBytes) throw IntakeDocument.TooLarge();
            var read = Path.GetExtension(file.FileName).ToLowerInvariant() switch
            {
                ".txt" => IntakeDocument.OfText(bytes.ToArray()), ".html" or ".htm" => IntakeDocument.OfHtml(bytes.ToArray()), ".pdf" => IntakeDocument.OfPdf(bytes.ToArray()),
                _ => throw Refusal.Because("not-a-document"),
            };
            return new(Lines(read.Text), Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray())), Given(values, 0) ?? read.Known.Publisher,
                Given(values, 1) ?? read.Known.Published?.Text, Given(values, 2) ?? read.Known.Language, marking);
        }
        if (values.Text("text").Length == 0) throw Refusal.OfField("/text", "required");
        var text = Lines(values["text"][0]);
        if (text.Length > IntakeDocument.LongestText) throw IntakeDocument.TooLarge();
        return new(text, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), Given(values, 0), Given(values, 1), Given(values, 2), marking);
    }

    static string? Given(RecordingValues values, int i) => values.Text($"known.{known[i]}") is { Length: > 0 } given ? given : null;

    // Browsers send lines that end as mail's do.
    static string Lines(string text) => text.ReplaceLineEndings("\n");
}
