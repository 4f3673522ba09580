using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityCoop.Register;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Meetings;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Pages.Forms;
using SecurityCoop.Web.People;
using SecurityCoop.Web.Privacy;
using SecurityCoop.Web.Search;
using SecurityCoop.Web.Sources;
using Wolverine;
using RecordMeeting = SecurityCoop.Web.Meetings.RecordMeeting;

namespace SecurityCoop.Web.Recording;

/// <summary>A form that was sent.</summary>
/// <param name="Address">Where it is sent again.</param>
sealed record SentRecording(HttpContext Http, IMessageBus Bus, RecordingValues Values, string Address)
{
    /// <summary>What the document hashes to, where it was read; null: not known.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The digest of a sentence by its paragraph and number, where the document was read; null: not known.</summary>
    public Func<int, int, string?>? DigestOf { get; init; }

    public Caller Caller => Http.GetCaller();
    public CancellationToken Stop => Http.RequestAborted;
}

/// <summary>What the buttons of the form do: add and remove items, check, record.</summary>
sealed class RecordingSteps(Searching searching, Records records, RegisterStore store, Openings openings)
{
    /// <summary>Begins the name of a button that adds an item to a list, or removes one.</summary>
    public const string Add = "add:", Remove = "remove:";

    /// <param name="done">Answers once everything is recorded.</param>
    /// <param name="show">Answers with the form.</param>
    public async Task<IResult> Take(SentRecording sent, Func<IReadOnlyList<CommandAnswer>, IResult> done, Func<RecordingView, IResult> show)
    {
        var step = sent.Values.Text("step");
        var result = new Given();
        // No name is opened to record: nothing of it is shown.
        if (step == FormSteps.Record && await Read(sent, null, true) is { Faults.Count: 0 } draft && sent.Values.Text("checked") == draft.Digest())
        {
            result = await Record(sent, draft);
            if (result.Refused is null) return done(result.Answers);
            result.Settle(sent.Values);
        }
        return await openings.Show(sent.Http, async opener => show(await View(sent, step, result, opener)));
    }

    /// <summary>The form with what a text proposes, read as a check reads it; nothing is decided yet, and no fault named but of names and dates.</summary>
    public async Task<RecordingView> Begin(SentRecording sent)
    {
        RecordingView? view = null;
        await openings.Show(sent.Http, async opener =>
        {
            var draft = await Read(sent, opener, true);
            // What nobody has filled in yet is no fault, nor what nobody has chosen.
            draft.Faults.Clear();
            view = new(draft, sent.Address) { Subject = null };
            return true;
        });
        return view!;
    }

    /// <summary>Adds the text to a meeting on file as a further source: the document is registered where it is new, then the commands are given.</summary>
    /// <param name="commands">What is to be given, once the document has this reference.</param>
    public async Task<IResult> TakeFurther(
        SentRecording sent, int meeting, Func<string?, Task<System.Text.Json.Nodes.JsonArray>> commands, Func<IReadOnlyList<CommandAnswer>, IResult> done, Func<RecordingView, IResult> show)
    {
        var draft = await Read(sent, null, true);
        // Only what is said of the document matters here.
        draft.Faults.RemoveAll(f => f.Field != RecordingFields.Document && f.Field?.StartsWith("new.", StringComparison.Ordinal) != true);
        var given = new Given();
        var key = KeyOf(sent.Values) ?? Guid.CreateVersion7().ToString();
        if (draft.Faults.Count == 0)
            try
            {
                var document = draft.Document;
                if (draft.NewSource is { } source) document = given.Take(await Give<RegisterSource>(sent, source, $"{key}-source"), RecordingFields.Document);
                foreach (var (i, command) in (await commands(document)).Index())
                {
                    var path = ((string)command!["post"]!).Split('/');
                    given.Answers.Add(await GiveUpon(sent, path[^1], path[^2], command["body"]!.AsObject(), $"{key}-further-{meeting}-{i}"));
                }
                return done(given.Answers);
            }
            catch (Refusal refused)
            {
                given.Refused = refused;
                given.Settle(sent.Values);
            }
        return await openings.Show(sent.Http, async opener => show(await View(sent, FormSteps.Again, given, opener)));
    }

    async Task<RecordingView> View(SentRecording sent, string step, Given given, Opener opener)
    {
        var values = sent.Values;
        var added = step.StartsWith(Add, StringComparison.Ordinal) ? values.Add(step[Add.Length..]) : null;
        if (step.StartsWith(Remove, StringComparison.Ordinal)) values.Remove(step[Remove.Length..]);
        var check = step is FormSteps.Check or FormSteps.Record or "";
        var draft = await Read(sent, opener, check);
        var view = new RecordingView(draft, sent.Address)
        {
            Key = (given.Answers.Count == 0 ? KeyOf(values) : null) ?? Guid.CreateVersion7().ToString(),
            Subject = sent.Caller.Subject, Added = added, Recorded = [.. given.Answers.Select(a => a.Reference!)],
        };
        if (given.Refused is { } refused) AddFault(draft, refused, given.Body);
        if (!check || draft.Faults.Count > 0) return view;
        var checkedNow = await Check(sent, draft);
        return checkedNow is null ? view : view with { Checked = checkedNow, WasUnchecked = step == FormSteps.Record };
    }

    async Task<RecordingDraft> Read(SentRecording sent, Opener? opener, bool check)
    {
        var language = Language.Of(sent.Http);
        var pickers = new Pickers(searching, records, store, sent.Caller, language, opener, sent.Stop);
        var draft = await new RecordingReader(sent.Values, pickers, language, check).Read(sent.Sha256, sent.DigestOf);
        if (opener is not null) sent.Http.Showed(pickers.Shown.DistinctBy(s => s.Stream));
        return draft;
    }

    // Every command is decided as it would be, and nothing recorded. What is not on file yet is left out of the meeting.
    async Task<CheckedRecording?> Check(SentRecording sent, RecordingDraft draft)
    {
        if (draft.NewSource is { } source && await Refused<RegisterSource>(sent, source) is { } ofSource)
            draft.Add($"new.{ofSource.Field?.TrimStart('/')}", Problems.Say(ofSource, draft.Language));
        foreach (var person in draft.NewPeople)
            if (await Refused<DescribePerson>(sent, person.Body) is { } ofPerson)
                draft.Add(person.Field, Problems.Say(ofPerson, draft.Language));
        var body = draft.Body(draft.Document, new Dictionary<string, string>());
        try
        {
            var answer = await Give<RecordMeeting>(sent, body.Body, null);
            return draft.Faults.Count > 0 ? null : new(draft.Digest(), answer, await InWords(answer.Resembles ?? [], sent, draft.Language));
        }
        catch (Refusal refused)
        {
            AddFault(draft, refused, body);
            return null;
        }
    }

    // The document first, then the people, then the meeting that names them.
    async Task<Given> Record(SentRecording sent, RecordingDraft draft)
    {
        var given = new Given();
        var key = KeyOf(sent.Values) ?? Guid.CreateVersion7().ToString();
        try
        {
            var document = draft.Document;
            if (draft.NewSource is { } source) document = given.Take(await Give<RegisterSource>(sent, source, $"{key}-source"), RecordingFields.Document);
            foreach (var person in draft.NewPeople)
            {
                if (document is not null) person.Body["source"] = new JsonObject { ["document"] = document };
                given.Take(await Give<DescribePerson>(sent, person.Body, $"{key}-{person.Field}"), person.Field);
            }
            given.Body = draft.Body(document, given.References);
            given.Answers.Add(await Give<RecordMeeting>(sent, given.Body.Body, $"{key}-meeting"));
        }
        catch (Refusal refused)
        {
            given.Refused = refused;
        }
        return given;
    }

    async Task<Refusal?> Refused<T>(SentRecording sent, JsonObject body) where T : Command
    {
        try
        {
            await Give<T>(sent, body, null);
            return null;
        }
        catch (Refusal refused)
        {
            return refused;
        }
    }

    static Task<CommandAnswer> Give<T>(SentRecording sent, JsonObject body, string? key) where T : Command =>
        Give(sent, CommandForm.Declared(typeof(T)), "", body, key);

    static Task<CommandAnswer> GiveUpon(SentRecording sent, string what, string meeting, JsonObject body, string key) => Give(sent, CommandForm.Declared(what switch
    {
        "refinements" => typeof(RefineRecord<Meeting>), "reports" => typeof(ReportOnRecord<Meeting>), "statements" => typeof(AddMeetingStatements),
        _ => throw new InvalidOperationException($"No command upon a meeting: {what}"),
    }), meeting, body, key);

    // Without a key it is only decided.
    static Task<CommandAnswer> Give(SentRecording sent, DeclaredCommand command, string name, JsonObject body, string? key)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body);
        var envelope = new CommandEnvelope(sent.Caller)
        {
            DryRun = key is null, Key = key is null ? null : new(sent.Caller.Subject, $"POST /api{command.Pattern}", key, bytes),
        };
        return command.Give(name, bytes, envelope, sent.Http.RequestServices, sent.Bus, sent.Http.RequestAborted);
    }

    static string? KeyOf(RecordingValues values) => values.Text("key") is { Length: > 0 and <= 60 } key ? key : null;

    static void AddFault(RecordingDraft draft, Refusal refused, SentForm? body)
    {
        var text = Problems.Say(refused, draft.Language);
        var field = body is null ? null : draft.FieldAt(body, refused.Field ?? "", RecordingFields.Of(draft));
        draft.Faults.Add(new(field, text));
    }

    async Task<IReadOnlyList<(string, string)>> InWords(IReadOnlyList<string> references, SentRecording sent, Language l)
    {
        var words = new List<(string, string)>();
        foreach (var reference in references.Where(r => r.Contains("-MTG-", StringComparison.Ordinal)))
        {
            var (stream, state, _) = await records.Get(RecordKinds.Meeting, reference, sent.Caller, sent.Stop);
            sent.Http.Showed([(stream, state.Marks)]);
            var meeting = state.Details!;
            words.Add((reference, string.Join(l.Comma, new[] { l.Say(Vocabulary.Default.MeetingKinds, meeting.Kind), l.Say(meeting.Date), meeting.Place }.OfType<string>())));
        }
        return words;
    }

    /// <summary>What was given of a form that was to be recorded.</summary>
    sealed class Given
    {
        public List<CommandAnswer> Answers { get; } = [];
        public Dictionary<string, string> References { get; } = new(StringComparer.Ordinal);
        public SentForm? Body { get; set; }
        public Refusal? Refused { get; set; }

        public string Take(CommandAnswer answer, string field)
        {
            Answers.Add(answer);
            return References[field] = answer.Reference!;
        }

        // What is on file now is named by its reference, so that it is not recorded twice.
        public void Settle(RecordingValues values)
        {
            foreach (var (field, reference) in References) values.Set(field, reference);
            if (References.ContainsKey(RecordingFields.Document))
                foreach (var field in RecordingFields.NewSource) values.Set(field.Name, "");
            values.Set("checked", "");
        }
    }
}
