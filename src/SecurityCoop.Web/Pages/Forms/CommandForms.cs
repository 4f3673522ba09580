using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using SecurityCoop.Register;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Actions;
using SecurityCoop.Web.Commands;
using Wolverine;

namespace SecurityCoop.Web.Pages.Forms;

/// <summary>What the page of a form shows.</summary>
/// <param name="Record">What the record is called upon which the command is given; null: it is given of none.</param>
/// <param name="Version">The version of that record which the reader has seen.</param>
/// <param name="Key">Makes it safe to send the form twice.</param>
/// <param name="Values">What each field holds.</param>
/// <param name="Checked">What recording it would come to; null: it was not checked, or refused.</param>
/// <param name="Refused">Why it was refused; null: it was not.</param>
/// <param name="FieldAtFault">The field that was at fault; null: none of the form's.</param>
/// <param name="Readings">By field, what a date in words was read as.</param>
public sealed record FormView(
    Language Language, CommandForm Form, string? Record, long? Version, string Key, Func<string, IReadOnlyList<string>> Values,
    CommandAnswer? Checked, Refusal? Refused, string? FieldAtFault, IReadOnlyDictionary<string, Edtf> Readings) : IFieldValues
{
    /// <summary>Why, in the page's language.</summary>
    public string? Fault => Refused is null ? null : Problems.Say(Refused.Slug, Refused.Args, Language.Code);

    /// <summary>The address of the form.</summary>
    public string Address => Form.Address(Record);

    /// <inheritdoc/>
    public string? FaultOf(string field) => field == FieldAtFault ? Fault : null;

    /// <inheritdoc/>
    public string? ReadingOf(string field) => Readings.TryGetValue(field, out var date) ? Language.Say(date) : null;

    /// <inheritdoc/>
    public Pick? PickOf(string field) => null;
}

/// <summary>
/// Forms that give commands: filled in, checked by a dry run, and recorded. They give the same command as the interface, and work without
/// script. That a form was sent from here and nowhere else is seen where the cookie is read.
/// </summary>
static class CommandForms
{
    /// <summary>Every form there is, in the order in which a record's page offers them.</summary>
    public static IReadOnlyList<CommandForm> All { get; } = [.. ActionForms.All];

    public static void Map(RouteGroupBuilder pages)
    {
        foreach (var form in All)
        {
            var (role, pattern) = (form.Command.Role, form.Pattern);
            var get = pages.MapGet(pattern, (Delegate)((HttpContext http) => Get(form, http))).Needs(role);
            var post = pages.MapPost(pattern, (HttpContext http, IMessageBus bus) => Post(form, http, bus)).Needs(role);
            if (!form.Command.Recent) continue;
            get.NeedsRecentSignIn();
            post.NeedsRecentSignIn();
        }
        pages.MapGet(RecordedPages.Path, RecordedPages.Get).Needs(Role.Recorder);
    }

    /// <summary>The forms of which the commands may be given by this caller upon this record, as it is now.</summary>
    public static IEnumerable<CommandForm> Upon(IServedKind kind, RecordState state, Caller caller) =>
        All.Where(f => f.Command.Upon == kind && caller.May(f.Command.Role) && f.Offered(state));

    static async Task<IResult> Get(CommandForm form, HttpContext http)
    {
        var record = await Record(form, http);
        var recorded = record is { } r ? form.Recorded?.Invoke(r.State) : null;
        // What an address gives is in the field already: a page leads to a form that is partly filled in.
        var usual = form.Fields.ToDictionary(f => f.Name, f => http.Request.Query[f.Name].OfType<string>().ToList() is { Count: > 0 } given ? given
            : (recorded?.GetValueOrDefault(f.Name) ?? f.Usual) is { } text ? [text] : []);
        return Show(new(Language.Of(http), form, record?.Name, record?.Version, NewKey(), f => usual.GetValueOrDefault(f) ?? [], null, null, null, noReadings));
    }

    static async Task<IResult> Post(CommandForm form, HttpContext http, IMessageBus bus)
    {
        var record = await Record(form, http);
        var sent = await FormReader.ReadCommand(http);
        var body = SentForm.Read(form.Fields, sent);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body.Body);
        var key = sent["key"].ToString() is { Length: > 0 and <= 100 } given ? given : NewKey();
        var seen = long.TryParse(sent["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : record?.Version;
        var view = new FormView(Language.Of(http), form, record?.Name, seen, key, f => [.. sent[f].OfType<string>()], null, null, null, noReadings);
        // The same page in another language, with what was typed.
        if (sent["step"] == FormSteps.Again) return Show(view);
        var dryRun = sent["step"] != FormSteps.Record;
        var envelope = new CommandEnvelope(http.GetCaller())
        {
            DryRun = dryRun, IfMatch = seen is { } v ? ETags.Of(v) : null,
            Key = dryRun ? null : new(http.GetCaller().Subject, $"POST /api{form.Address(record?.Name)}", key, bytes),
        };
        try
        {
            var answer = await form.Command.Give(record?.Name ?? "", bytes, envelope, http, bus);
            if (!dryRun) return RecordedPages.SeeOther(http, answer);
            var readings = (answer.Understood ?? []).Select(u => (Field: body.FieldAt(u.Field), u.Date)).Where(u => u.Field is not null)
                .ToDictionary(u => u.Field!, u => Edtf.Parse(u.Date));
            return Show(view with { Checked = answer, Readings = readings });
        }
        catch (Refusal refused) when (refused.Slug != "not-found")
        {
            return Show(view with { Refused = refused, FieldAtFault = body.FieldAt(refused.Field ?? "") ?? Missing(form, refused.Field) });
        }
        catch (Store.StaleVersion stale)
        {
            // Who reads that it has changed, and sends the form again, means the version that there is now.
            return Show(view with { Version = record?.Version, Refused = Refusal.Because("stale-version", ETags.Of(stale.Expected), ETags.Of(stale.Actual)) });
        }
    }

    // A field that was left empty is not in the body: its name is the pointer's.
    static string? Missing(CommandForm form, string? pointer) =>
        pointer?.TrimStart('/').Replace('/', '.') is { Length: > 0 } name ? form.Fields.FirstOrDefault(f => f.Name == name)?.Name : null;

    static async Task<(string Name, RecordState State, long Version)?> Record(CommandForm form, HttpContext http)
    {
        if (!form.UponRecord) return null;
        var name = http.Request.RouteValues.Values.OfType<string>().LastOrDefault() ?? "";
        var (_, state, version) = await form.Command.Upon!.Get(http.RequestServices.GetRequiredService<Records>(), name, http.GetCaller(), http.RequestAborted);
        return (name, state, version);
    }

    static string NewKey() => Guid.CreateVersion7().ToString();

    static readonly IReadOnlyDictionary<string, Edtf> noReadings = new Dictionary<string, Edtf>();

    static RazorComponentResult Show(FormView view) => new RazorComponentResult<FormPage>(new { View = view })
    {
        StatusCode = view.Refused is not { } refused ? StatusCodes.Status200OK : Problems.Status(refused.Slug, refused.Field is not null && !refused.OfModel),
    };
}

/// <summary>What the buttons of a form ask for.</summary>
static class FormSteps
{
    public const string Check = "check", Record = "record", Again = "again";
}
