using Microsoft.AspNetCore.Http.HttpResults;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Pages.Forms;
using Wolverine;

namespace SecurityCoop.Web.Recording;

/// <summary>What the form's page shows.</summary>
/// <param name="Draft">The form as it was read.</param>
/// <param name="Address">Where it is sent.</param>
public sealed record RecordingView(RecordingDraft Draft, string Address)
{
    /// <summary>Makes it safe to send the form twice.</summary>
    public string Key { get; init; } = Guid.CreateVersion7().ToString();

    /// <summary>Whose draft the browser may keep; null: nobody's.</summary>
    public string? Subject { get; init; }

    /// <summary>Whether nothing was sent yet, so that a kept draft may be offered.</summary>
    public bool IsFresh { get; init; }

    /// <summary>What recording it would come to; null: it was not checked, or something is at fault.</summary>
    public CheckedRecording? Checked { get; init; }

    /// <summary>Whether it was to be recorded though nobody had seen it checked.</summary>
    public bool WasUnchecked { get; init; }

    /// <summary>References of what was recorded before the rest was refused.</summary>
    public IReadOnlyList<string> Recorded { get; init; } = [];

    /// <summary>The item that was added just now; null: none.</summary>
    public string? Added { get; init; }
}

/// <summary>What a check found.</summary>
/// <param name="Digest">Stands for what was checked.</param>
/// <param name="Resembles">Meetings on file that may be the same, each in words.</param>
public sealed record CheckedRecording(string Digest, CommandAnswer Meeting, IReadOnlyList<(string Reference, string Words)> Resembles);

/// <summary>The page on which a meeting is recorded, in the order of a communiqué.</summary>
static class RecordingPages
{
    /// <summary>Where the form is.</summary>
    public const string Path = "/meetings/new";

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet(Path, Get).Needs(Role.Recorder);
        pages.MapPost(Path, Post).Needs(Role.Recorder);
    }

    // What an address gives is in the field already: a page leads to a form that is partly filled in.
    static IResult Get(HttpContext http) => Show(new(new(RecordingValues.Begun(http.Request.Query.Where(q => q.Key != "lang")), Language.Of(http)), Path)
    {
        Subject = http.GetCaller().Subject, IsFresh = true,
    });

    static async Task<IResult> Post(HttpContext http, IMessageBus bus, RecordingSteps steps)
    {
        var values = RecordingValues.Sent(await FormReader.ReadCommand(http));
        return await steps.Take(new(http, bus, values, Path), answers => RecordedPages.SeeOther(http, answers), Show);
    }

    static IResult Show(RecordingView view) => new RazorComponentResult<RecordingPage>(new { View = view })
    {
        StatusCode = view.Draft.Faults.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
    };
}
