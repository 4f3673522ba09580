using System.Security.Cryptography;
using System.Text.Json.Nodes;
using SecurityCoop.Intake;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Description;

namespace SecurityCoop.Web.Intake;

/// <summary>A text from which records are to be proposed, with what is known of it.</summary>
public sealed record IntakeBody
{
    /// <summary>The communiqué itself.</summary>
    public required string Communique { get; init; }
    public string? Publisher { get; init; }
    /// <summary>The document's own day, as exactly as it is known.</summary>
    public Edtf? Date { get; init; }
    /// <summary>fr, en or ar; the reader tells by itself where it is not given.</summary>
    public string? Language { get; init; }
    /// <summary>Of the commands that are proposed.</summary>
    public Marking? Marking { get; init; }
    /// <summary>Reference of the source, where it is registered: the commands then point into it.</summary>
    public string? Document { get; init; }
}

/// <summary>Proposals from a communiqué over HTTP. Nothing is stored.</summary>
public static class IntakeEndpoints
{
    internal static readonly string[] Languages = ["fr", "en", "ar"];

    public static void MapIntake(this RouteGroupBuilder api) => api.MapPost("/intake", Propose).Needs(Role.Recorder)
        .Accepts<IntakeBody>("application/json", "text/plain", "text/html", "application/pdf").Shows<JsonObject>()
            .WithMetadata(new RecordsNothing());

    // Beside a file, its address says what is known of it; beside JSON, the body does.
    static async Task<IResult> Propose(
        HttpContext http, RegisterStore store, FurtherSource further, Resemblances resemblances, string? publisher, string? date, string? language, string? marking, string? document)
    {
        var media = http.Request.ContentType?.Split(';')[0].Trim().ToLowerInvariant();
        var stop = http.RequestAborted;
        IntakeBody asked;
        string? digest = null;
        if (http.Request.HasJsonContentType())
        {
            asked = Bodies.Parse(await Bodies.Read(http, stop), BodiesJson.Of<IntakeBody>()).Value;
            Known.OneOf("/language", asked.Language, Languages);
        }
        else
        {
            var bytes = await File(http, stop);
            digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
            var read = media switch
            {
                "text/plain" => IntakeDocument.OfText(bytes), "text/html" => IntakeDocument.OfHtml(bytes), "application/pdf" =>
                    IntakeDocument.OfPdf(bytes),
                _ => throw Refusal.Because("not-a-document"),
            };
            Known.OneOf("?language", language, Languages);
            asked = new()
            {
                Communique = read.Text, Publisher = publisher ?? read.Known.Publisher, Date = Day(date) ?? read.Known.Published, Language =
                    language ?? read.Known.Language,
                Marking = Known.OneOf<Marking>("?marking", marking), Document = document,
            };
        }
        if (string.IsNullOrWhiteSpace(asked.Communique)) throw Refusal.OfField("/communique", "required");
        if (asked.Communique.Length > IntakeDocument.LongestText) throw IntakeDocument.TooLarge();
        var proposal = IntakeReader.Default.Read(asked.Communique, new(asked.Publisher, asked.Date, asked.Language));
        var answer = await new IntakeAnswer(asked, proposal, digest, resemblances, further, http.GetCaller()).Make(stop);
        var position = (await store.Head(stop)).Size; // What it resembles was looked for up to there at least.
        answer["position"] = position;
        http.SetPosition(position);
        return TypedResults.Json(answer, BodiesJson.Shown<JsonObject>());
    }

    // As the body of a command gives it: EDTF, or words.
    static Edtf? Day(string? given)
    {
        if (given is null) return null;
        var read = WrittenDate.Read(given);
        return read.Date ?? throw read.Fault!.At("?date");
    }

    static async Task<byte[]> File(HttpContext http, CancellationToken stop)
    {
        if (http.Request.ContentLength > IntakeDocument.MostBytes) throw IntakeDocument.TooLarge();
        using var bytes = new MemoryStream();
        var buffer = new byte[16 << 10];
        int read;
        while ((read = await http.Request.Body.ReadAsync(buffer, stop)) > 0)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > IntakeDocument.MostBytes) throw IntakeDocument.TooLarge();
        }
        return bytes.ToArray();
    }
}
