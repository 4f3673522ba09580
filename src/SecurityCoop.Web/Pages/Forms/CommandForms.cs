using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using SecurityCoop.Register;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Actions;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Instruments;
using SecurityCoop.Web.Markings;
using SecurityCoop.Web.Meetings;
using SecurityCoop.Web.Occasions;
using SecurityCoop.Web.Organisations;
using SecurityCoop.Web.Partnerships;
using SecurityCoop.Web.People;
using SecurityCoop.Web.Sources;
using Wolverine;

namespace SecurityCoop.Web.Pages.Forms;

/// <summary>What the page of a form shows.</summary>
/// <param name="Record">What the record is called upon which the command is given; null: it is given of none.</param>
/// <param name="Version">The version of that record which the reader has seen.</param>
/// <param name="Key">Makes it safe to send the form twice.</param>
/// <param name="Values">What each field holds.</param>
public sealed record FormView(Language Language, CommandForm Form, ReadyForm Ready, string? Record, long? Version, string Key, Func<string, IReadOnlyList<string>> Values)
    : IFieldValues
{
    /// <summary>What the record is about, in few words; null: its reference says all, or there is none.</summary>
    public string? About { get; init; }

    /// <summary>What recording it would come to; null: it was not checked, or refused.</summary>
    public CommandAnswer? Checked { get; init; }

    /// <summary>What the reader compares before recording; null: nothing.</summary>
    public FormComparison? Compared { get; init; }

    /// <summary>Why it was refused; null: it was not.</summary>
    public Refusal? Refused { get; init; }

    /// <summary>The field that was at fault; null: none of the form's.</summary>
    public string? FieldAtFault { get; init; }

    /// <summary>What others recorded of the record while the form was open; null: it was not sent too late.</summary>
    internal StaleForm? Stale { get; init; }

    /// <summary>By field, what a date in words was read as.</summary>
    public IReadOnlyDictionary<string, Edtf> Readings { get; init; } = new Dictionary<string, Edtf>();

    /// <summary>The fields of the form.</summary>
    public IReadOnlyList<FormField> Fields => Ready.Fields;

    /// <summary>Why, in the page's language.</summary>
    public string? Fault => Refused is null ? null : Stale is null ? Problems.Say(Refused, Language) : Language.Say(FormWords.ChangedMeanwhile);

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
    public static IReadOnlyList<CommandForm> All { get; } =
    [
        .. ActionForms.All, .. InstrumentForms.All, .. MeetingForms.All, .. PartnershipForms.All, .. PersonForms.All, .. OrganisationForms.All, .. SourceForms.All,
        .. OccasionForms.All, .. CorrectionForms.All, .. MergeForms.All, .. MarkingForms.All, .. ErasureForms.All,
    ];

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
        pages.MapGet(RecordedPages.Path, RecordedPages.Get).Needs(Role.Reader);
    }

    /// <summary>The forms of which the commands may be given by this caller upon this record, as it is now.</summary>
    public static IEnumerable<CommandForm> Upon(IServedKind kind, RecordState state, Caller caller) =>
        All.Where(f => f.IsUpon(kind) && caller.May(f.Command.Role) && f.Offered(state));

    static async Task<IResult> Get(CommandForm form, HttpContext http)
    {
        var (language, query) = (Language.Of(http), http.Request.Query);
        var record = await Record(form, http);
        var ready = await form.Ready(Request(language, http, record, f => query[f].ToString() is { Length: > 0 } given ? given : null));
        // What an address gives is in the field already: a page leads to a form that is partly filled in.
        var usual = ready.Fields.ToDictionary(f => f.Name, f => query[f.Name].OfType<string>().ToList() is { Count: > 0 } given ? given
            : ready.Values.GetValueOrDefault(f.Name) ?? (f.Usual is { } text ? [text] : []));
        return Show(new(language, form, ready, record?.Name, record?.Version, NewKey(), f => usual.GetValueOrDefault(f) ?? [])
        {
            About = record is { } upon ? LinkedRecords.Title(upon.State, language) : null,
        });
    }

    static async Task<IResult> Post(CommandForm form, HttpContext http, IMessageBus bus)
    {
        var language = Language.Of(http);
        var record = await Record(form, http);
        var sent = await FormReader.ReadCommand(http);
        var request = Request(language, http, record, f => sent[f].ToString() is { Length: > 0 } given ? given : null);
        var ready = await form.Ready(request);
        var key = sent["key"].ToString() is { Length: > 0 and <= 100 } given ? given : NewKey();
        var seen = long.TryParse(sent["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : record?.Version;
        var view = new FormView(language, form, ready, record?.Name, seen, key, f => [.. sent[f].OfType<string>()])
        {
            About = record is { } upon ? LinkedRecords.Title(upon.State, language) : null,
        };
        // The same page in another language, with what was typed.
        if (sent["step"] == FormSteps.Again) return Show(view);
        var body = SentForm.Read(ready.Fields, sent);
        var finished = ready.Finish(body.Body);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(finished);
        var dryRun = sent["step"] != FormSteps.Record;
        var envelope = new CommandEnvelope(http.GetCaller())
        {
            DryRun = dryRun, IfMatch = seen is { } v ? ETags.Of(v) : null,
            Key = dryRun ? null : new(http.GetCaller().Subject, $"POST /api{form.Address(record?.Name)}", key, bytes),
        };
        try
        {
            var answer = await form.Command.Give(record?.Name ?? "", bytes, envelope, http.RequestServices, bus, http.RequestAborted);
            if (!dryRun) return RecordedPages.SeeOther(http, answer);
            var readings = (answer.Understood ?? []).Select(u => (Field: body.FieldAt(u.Field), u.Date)).Where(u => u.Field is not null)
                .ToDictionary(u => u.Field!, u => Edtf.Parse(u.Date));
            return Show(view with { Checked = answer, Readings = readings, Compared = ready.Compare(finished) });
        }
        catch (Refusal refused) when (refused.Slug != "not-found")
        {
            return Show(view with { Refused = refused, FieldAtFault = AtFault(ready, body, refused.Field ?? "") });
        }
        catch (Store.StaleVersion stale)
        {
            var (values, changed) = await StaleForms.Of(form, request, ready, stale.Expected, sent);
            // Who reads what has changed, and sends the form again, means the version that there is now.
            return Show(view with
            {
                Version = record?.Version, Values = values, Stale = changed, Refused = Refusal.Because("stale-version", ETags.Of(stale.Expected), ETags.Of(stale.Actual)),
            });
        }
    }

    static FormRequest Request(Language language, HttpContext http, (string Name, string Stream, RecordState State, long Version, IServedKind Kind)? record, Func<string, string?> given) =>
        new(http, language, record?.Name ?? "", record?.Stream ?? "", record?.State, record?.Kind, given);

    // A field that was left empty is not in the body: its name is the pointer's. Of what has several fields the first is at fault.
    static string? AtFault(ReadyForm ready, SentForm body, string pointer)
    {
        if (pointer is "" or "/fields") return null;
        var (sent, named) = (body.FieldAt(pointer), pointer.TrimStart('/').Replace('/', '.'));
        return ready.Fields.FirstOrDefault(f => f.Name == sent)?.Name ?? ready.Fields.FirstOrDefault(f => f.Name == named)?.Name
            ?? ready.Fields.FirstOrDefault(f => f.Name.StartsWith($"{sent ?? named}.", StringComparison.Ordinal))?.Name;
    }

    static async Task<(string Name, string Stream, RecordState State, long Version, IServedKind Kind)?> Record(CommandForm form, HttpContext http)
    {
        if (!form.UponRecord) return null;
        var (records, name) = (http.RequestServices.GetRequiredService<Records>(), http.Request.RouteValues.Values.OfType<string>().LastOrDefault() ?? "");
        var kind = form.Upon ?? await records.KindOf(name, http.RequestAborted) ?? throw Refusal.Because("not-found", name);
        var (stream, state, version) = await kind.Get(records, name, http.GetCaller(), http.RequestAborted, itself: true);
        return (name, stream, state, version, kind);
    }

    static string NewKey() => Guid.CreateVersion7().ToString();

    static RazorComponentResult Show(FormView view) => new RazorComponentResult<FormPage>(new { View = view })
    {
        StatusCode = view.Refused is { } refused ? Problems.Status(refused) : StatusCodes.Status200OK,
    };
}

/// <summary>What the buttons of a form ask for.</summary>
static class FormSteps
{
    public const string Check = "check", Record = "record", Again = "again";
}
