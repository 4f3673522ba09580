using System.Globalization;
using System.Text.Json.Nodes;
using SecurityCoop.Register;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Pages.Forms;
using W = SecurityCoop.Web.Recording.RecordingWords;

namespace SecurityCoop.Web.Recording;

/// <summary>Reads the form: names through the pickers, dates as people write them, everything else as it stands.</summary>
/// <param name="check">Whether faults are named, and every name looked for; otherwise only what was looked for before is shown again.</param>
sealed class RecordingReader(RecordingValues values, Pickers pickers, Language l, bool check)
{
    readonly RecordingDraft draft = new(values, l);
    readonly IFormCollection form = values.Form();
    DateOnly? documentDay;

    /// <param name="sha256">What the document hashes to, where it was read; null: not known.</param>
    /// <param name="digestOf">The digest of a sentence by its paragraph and number, where the document was read; null: not known.</param>
    public async Task<RecordingDraft> Read(string? sha256 = null, Func<int, int, string?>? digestOf = null)
    {
        var published = await Source(sha256);
        documentDay = OneDay(published);
        var day = Date(RecordingFields.Date, "date", "dateAsGiven") ?? Edtf.Unknown;
        if (values.Text("date").Length == 0) Place("date", "");
        Plain([.. RecordingFields.When.Where(f => f != RecordingFields.Date), RecordingFields.Marking, .. RecordingFields.More]);
        Required("kind");
        Places("source", digestOf);
        Partners();
        foreach (var side in (string[])["home", "partnerSide"])
            foreach (var item in values.Names(side)) await Participant(item, day);
        foreach (var item in values.Names("statements")) Statement(item, digestOf);
        Review();
        if (draft.Document is null && draft.NewSource is null && draft.Meeting.Any(m => m.Place.EndsWith(".paragraph", StringComparison.Ordinal)))
            draft.Add(RecordingFields.Document, W.SourceMissing);
        if (!check) draft.Faults.Clear();
        return draft;
    }

    async Task<Edtf?> Source(string? sha256)
    {
        var (typed, title) = (values.Text(RecordingFields.Document), values.Text("new.title"));
        Edtf? published = null;
        if (typed.Length > 0 && Looks(RecordingFields.Document))
        {
            var pick = draft.Picks[RecordingFields.Document] = await pickers.Source(typed, values.Choice(RecordingFields.Document));
            draft.Document = pick.Chosen;
            if (pick.Chosen is { } known) published = await pickers.PublishedOn(known);
            if (pick.Fault is { } fault) draft.Add(RecordingFields.Document, fault);
            if (title.Length > 0) draft.Add("new.title", W.BothSources);
        }
        var given = RecordingFields.NewSource.Where(f => values.Text(f.Name).Length > 0).ToList();
        if (typed.Length > 0 || given.Count == 0) return published;
        if (title.Length == 0) draft.Add("new.title", Problems.Say("required", [], l.Code));
        var day = Understood("new.published", null);
        var body = new JsonObject();
        foreach (var field in given)
            if ((field.Kind == FieldKind.Date ? day is null ? null : JsonValue.Create(day.Text) : SentForm.Value(field, form)) is { } value) body[field.Name[4..]] = value;
        if (sha256 is not null) body["sha256"] = sha256;
        if (SentForm.Value(RecordingFields.Marking, form) is { } marking) body["marking"] = marking;
        draft.NewSource = body;
        return day;
    }

    void Partners()
    {
        foreach (var field in values.Names("partners"))
        {
            if (values.Text(field) is not { Length: > 0 } typed) continue;
            var pick = pickers.Partner(typed, values.Choice(field));
            if (Looks(field)) draft.Picks[field] = pick;
            if (pick.Fault is { } fault) draft.Add(field, fault);
            if (pick.Chosen is not { } code) continue;
            draft.Partners.Add(code);
            Place(field, code);
        }
        if (draft.Partners.Count == 0 && values.Names("partners") is [var first, ..]) draft.Add(first, Problems.Say("required", [], l.Code));
    }

    async Task Participant(string item, Edtf day)
    {
        var person = RecordingFields.Person(item).Name;
        if (values.Text(person) is { Length: > 0 } typed && Looks(person))
        {
            var pick = draft.Picks[person] = await pickers.Person(typed, day, values.Choice(person));
            if (pick.Fault is { } fault) draft.Add(person, fault);
            if (pick.Chosen == Pickers.New) draft.NewPeople.Add(new(person, Described(item, typed)));
            else if (pick.Chosen is { } reference and not Pickers.Describe)
            {
                Place(person, reference);
                await TakeOffice(item, reference, day);
            }
        }
        var organisation = RecordingFields.Organisation(item).Name;
        if (values.Text(organisation) is { Length: > 0 } body && Looks(organisation))
        {
            var pick = draft.Picks[organisation] = await pickers.Organisation(body, values.Choice(organisation));
            if (pick.Fault is { } fault) draft.Add(organisation, fault);
            if (pick.Chosen is { } chosen) Place(organisation, chosen == Pickers.AsTyped ? body : chosen);
        }
        Plain([RecordingFields.Office(item), .. RecordingFields.Participant(item, false).Where(f => f.Name.EndsWith(".description", StringComparison.Ordinal))]);
        if (values.Text(RecordingFields.ForPartner(item).Name) is not { Length: > 0 } partner) return;
        var whose = pickers.Partner(partner, values.Choice(RecordingFields.ForPartner(item).Name));
        draft.Picks[RecordingFields.ForPartner(item).Name] = whose;
        if (whose.Fault is { } unknown) draft.Add(RecordingFields.ForPartner(item).Name, unknown);
        if (whose.Chosen is { } its) Place(RecordingFields.ForPartner(item).Name, its);
    }

    // The office that is on file is put into the fields, where the reader sees it, and may write another.
    async Task TakeOffice(string item, string person, Edtf day)
    {
        var (title, organisation) = (RecordingFields.Office(item).Name, RecordingFields.Organisation(item).Name);
        if (values.Text(title).Length > 0 || values.Text(organisation).Length > 0 || await pickers.Held(person, day) is not { } held) return;
        values.Set(title, held.Title);
        if (held.Organisation is { } its) values.Set(organisation, its);
    }

    JsonObject Described(string item, string name)
    {
        var home = item.StartsWith("home", StringComparison.Ordinal);
        var country = home ? HomeCountry.Code : draft.Partners is [{ Length: 2 } only] && Countries.IsKnown(only) ? only : null;
        var body = new JsonObject { ["name"] = name, ["script"] = name.Any(c => c is >= '\u0600' and <= '\u06ff') ? "Arab" : "Latn" };
        if (country is not null) body["country"] = country;
        if (SentForm.Value(RecordingFields.Marking, form) is { } marking) body["marking"] = marking;
        return body;
    }

    void Statement(string item, Func<int, int, string?>? digestOf)
    {
        var before = draft.Meeting.Count;
        var force = values.Text(RecordingFields.Force(item).Name);
        FormField[] own = [RecordingFields.Text(item), RecordingFields.Force(item), RecordingFields.Topics(item), RecordingFields.Formulaic(item), .. RecordingFields.Rare(item)];
        Plain(own);
        Speaker(item);
        Places($"{item}.source", digestOf);
        // Of another force, what was typed for an action or an instrument stays in the form and says nothing.
        if (force == "agreed-action") Opened(RecordingFields.Action(item));
        if (force == "planned-instrument") Opened(RecordingFields.Instrument(item));
        if (draft.Meeting.Count == before) return;
        foreach (var field in (string[])["force", "speaker"]) Required($"{item}.{field}");
    }

    // Places in the document, each with its sentence's digest where the document was read.
    void Places(string list, Func<int, int, string?>? digestOf)
    {
        foreach (var i in values.Items(list))
        {
            var place = $"{list}.{RecordingFields.Number(i)}";
            var fields = RecordingFields.Place(place);
            Plain(fields);
            if (Number(fields[0]) is { } paragraph && Number(fields[1]) is { } sentence && digestOf?.Invoke(paragraph, sentence) is { } sha) Place($"{place}.sha256", sha);
        }
        int? Number(FormField field) => int.TryParse(values.Text(field.Name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    void Opened(IReadOnlyList<FormField> fields)
    {
        Plain(fields.Where(f => f.Kind != FieldKind.Date));
        foreach (var date in fields.Where(f => f.Kind == FieldKind.Date)) Date(date, date.Name, $"{date.Name}AsGiven");
    }

    void Speaker(string item)
    {
        var field = RecordingFields.Speaker(item, draft.Partners);
        var given = values.Text(field.Name);
        if (given.Length == 0) return;
        if (given != RecordingFields.ThePartner) Place(field.Name, given);
        else if (draft.Partners is [var only]) Place(field.Name, only);
        else if (draft.Partners.Count > 1) draft.Add(field.Name, W.WhichSpeaker);
        else Place(field.Name, given);
    }

    // One day for everything that the meeting opens.
    void Review()
    {
        var field = RecordingFields.ReviewOn;
        if (Understood(field.Name, documentDay) is not { } date) return;
        if (OneDay(date) is not { } day)
        {
            draft.Add(field.Name, Problems.Say("date-not-one-day", [values.Text(field.Name), date.Text], l.Code));
            return;
        }
        var opened = values.Names("statements").Select(item => (item, Kind: values.Text(RecordingFields.Force(item).Name) switch
        {
            "agreed-action" => "action", "planned-instrument" => "instrument", _ => null,
        })).Where(s => s.Kind is not null).ToList();
        if (opened.Count == 0) draft.Add(field.Name, W.NothingToReview);
        foreach (var (item, kind) in opened) Place($"{item}.{kind}.reviewOn", Edtf.On(day).Text);
    }

    // A date of the meeting, with the words in which it was given.
    Edtf? Date(FormField field, string place, string asGiven)
    {
        if (Understood(field.Name, documentDay) is not { } date) return null;
        Place(place, date.Text);
        if (values.Text(field.Name) != date.Text && values.Text(asGiven).Length == 0) Place(asGiven, values.Text(field.Name));
        return date;
    }

    // What a date was read as; of two readings the one that was chosen.
    Edtf? Understood(string field, DateOnly? from)
    {
        if (values.Text(field) is not { Length: > 0 } typed) return null;
        var read = WrittenDate.Read(typed, from);
        if (read.Date is { } date)
        {
            draft.Readings[field] = date.IsUnknown ? l.Say(W.Undated) : l.Say(date);
            return date;
        }
        var fault = read.Fault!;
        string[] may = fault.Readings.Count > 0 ? [.. fault.Readings] : fault.Hint is { } hint ? [hint] : [];
        var chosen = may.FirstOrDefault(m => m == values.Choice(field));
        if (may.Length > 0)
            draft.Picks[field] = new(typed, l.Say(W.ChooseDate, typed), [.. may.Select(m => new PickOption(m, l.Say(Edtf.Parse(m))))], chosen);
        if (chosen is not null) return Edtf.Parse(chosen);
        var refused = fault.At("");
        draft.Add(field, may.Length > 0 ? l.Say(W.ChooseDateFault) : fault.Kind == WrittenFault.Unreadable ? l.Say(W.DateUnread) : Problems.Say(refused, l));
        return null;
    }

    void Plain(IEnumerable<FormField> fields)
    {
        foreach (var field in fields)
            if (SentForm.Value(field, form) is { } value) Place(field.Name, value);
    }

    void Required(string field)
    {
        if (values.Text(field).Length == 0) draft.Add(field, Problems.Say("required", [], l.Code));
    }

    void Place(string place, JsonNode value) => draft.Meeting.Add((place, value));

    bool Looks(string field) => check || values.WasOffered(field);

    static DateOnly? OneDay(Edtf? date) => date is { IsInterval: false, IsUncertain: false, Text.Length: 10, Earliest: { } day } && date.Latest == day ? day : null;
}
