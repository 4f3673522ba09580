using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Pages.Forms;
using SecurityCoop.Web.Recording;
using Wolverine;

namespace SecurityCoop.Web.Intake;

/// <summary>The page that asks for a text.</summary>
/// <param name="Fault">Why the text could not be read; null: nothing was sent.</param>
public sealed record IntakeView(Language Language, RecordingValues Values, string? Fault);

/// <summary>The page with the text on one side and the form of one meeting on the other.</summary>
/// <param name="Answer">What the interface answers of the text.</param>
/// <param name="Meeting">Which of its meetings, from 0.</param>
public sealed record IntakeReadView(RecordingView Recording, IntakeText Text, JsonObject Answer, int Meeting)
{
    /// <summary>Where it stands what was recorded of the meeting before; null: nothing was.</summary>
    public string? Before { get; init; }

    /// <summary>How many meetings the text tells of.</summary>
    public int Meetings => Answer["meetings"]!.AsArray().Count;

    /// <summary>What adds the text to a meeting on file; null: it tells of none.</summary>
    public JsonObject? Further => Meeting < Meetings ? Answer["meetings"]![Meeting]!["furtherSource"]?.AsObject() : null;
}

/// <summary>Recording from a text: pasted or sent as a file, read, corrected, recorded. The host keeps nothing of it.</summary>
static class IntakePages
{
    /// <summary>Where the page is.</summary>
    public const string Path = "/intake";

    /// <summary>What its own buttons ask for.</summary>
    public const string Read = "read", Skip = "skip", Further = "further";

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet(Path, Get).Needs(Role.Recorder);
        pages.MapPost(Path, Post).Needs(Role.Recorder);
    }

    static IResult Get(HttpContext http) => Ask(new(Language.Of(http), RecordingValues.Begun(http.Request.Query.Where(q => q.Key.StartsWith("known.", StringComparison.Ordinal))), null));

    static async Task<IResult> Post(HttpContext http, IMessageBus bus, RecordingSteps steps, Resemblances resemblances, FurtherSource further)
    {
        var (sent, language, stop) = (await FormReader.ReadDocument(http), Language.Of(http), http.RequestAborted);
        var (values, caller) = (RecordingValues.Sent(sent), http.GetCaller());
        if (values.Text("step") == FormSteps.Again && IntakeText.Carried(values) is null) return Ask(new(language, values, null));
        if (IntakeText.Carried(values) is not { } text)
        {
            try
            {
                text = await IntakeText.Read(values, sent.Files, stop);
            }
            catch (Refusal refused)
            {
                return Ask(new(language, values, Problems.Say(refused, language)));
            }
            return await Begin(0, null, null);
        }
        var meeting = int.TryParse(values.Text("meeting"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : 0;
        if (values.Text("step") == Skip) return await Begin(meeting + 1, Known(), null);
        var form = new SentRecording(http, bus, values, Path) { Sha256 = text.Sha256, DigestOf = text.DigestOf };
        var answer = await text.Answer(Known(), resemblances, further, caller, stop);
        if (values.Text("step") == Further) return await steps.TakeFurther(form, meeting, Commands, Done, Show);
        return await steps.Take(form, Done, Show);

        string? Known() => values.Text(RecordingFields.Document) is { } typed && Records.LooksLikeName(typed) ? typed : null;

        // The document is on file by now: reports say which it is.
        async Task<JsonArray> Commands(string? document)
        {
            var now = await text.Answer(document, resemblances, further, caller, stop);
            return meeting < now["meetings"]!.AsArray().Count && now["meetings"]![meeting]!["furtherSource"] is { } added ? added["commands"]!.AsArray() : [];
        }

        IResult Done(IReadOnlyList<CommandAnswer> answers)
        {
            if (meeting + 1 >= answer["meetings"]!.AsArray().Count) return RecordedPages.SeeOther(http, answers);
            var document = answers.FirstOrDefault(a => a.Reference?.StartsWith("SRC-", StringComparison.Ordinal) == true)?.Reference ?? Known();
            return new Later(() => Begin(meeting + 1, document, RecordedPages.Address(answers)));
        }

        IResult Show(RecordingView view) => Page(new(view, text, answer, meeting));

        async Task<IResult> Begin(int at, string? document, string? before)
        {
            var proposed = await text.Answer(document, resemblances, further, caller, stop);
            if (at > 0 && at >= proposed["meetings"]!.AsArray().Count) return TypedResults.LocalRedirect(Path);
            // What was read is looked up at once, as a check does: names, partners, dates.
            var filled = IntakeValues.Of(proposed, at, document, language);
            var view = await steps.Begin(new(http, bus, filled, Path) { Sha256 = text.Sha256, DigestOf = text.DigestOf });
            return Page(new(view, text, proposed, at) { Before = before });
        }
    }

    static IResult Ask(IntakeView view) => new RazorComponentResult<IntakePage>(new { View = view })
    {
        StatusCode = view.Fault is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
    };

    static IResult Page(IntakeReadView view) => new RazorComponentResult<IntakeReadPage>(new { View = view })
    {
        StatusCode = view.Recording.Draft.Faults.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
    };

    // The next meeting's form, which takes reading the text again.
    sealed class Later(Func<Task<IResult>> make) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext) => await (await make()).ExecuteAsync(httpContext);
    }
}
