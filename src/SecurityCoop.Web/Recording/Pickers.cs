using SecurityCoop.Register;
using SecurityCoop.Register.Markings;
using SecurityCoop.Register.Organisations;
using SecurityCoop.Register.People;
using SecurityCoop.Register.Sources;
using SecurityCoop.Register.Time;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Pages.Forms;
using SecurityCoop.Web.Privacy;
using SecurityCoop.Web.Search;
using W = SecurityCoop.Web.Recording.RecordingWords;

namespace SecurityCoop.Web.Recording;

/// <summary>Finds what typed names mean: partners, people, organisations, documents. Nothing is taken that the reader is not shown.</summary>
/// <param name="opener">Opens people's names for the page; null: they are shown by reference, and none is opened.</param>
sealed class Pickers(Searching searching, Records records, RegisterStore store, Caller caller, Language l, Opener? opener, CancellationToken stop)
{
    /// <summary>Chosen where nobody is to be identified.</summary>
    public const string Describe = "~describe";

    /// <summary>Chosen where the person is to be recorded.</summary>
    public const string New = "~new";

    /// <summary>Chosen where a name is kept as it was typed.</summary>
    public const string AsTyped = "~as-typed";

    const int Most = 10;

    /// <summary>The records of which the page shows something, with their marks.</summary>
    public List<(string Stream, Marks Marks)> Shown { get; } = [];

    /// <summary>The partner whose name or code this is, in any language.</summary>
    /// <param name="choice">What was chosen for this very text; null: nothing.</param>
    public Pick Partner(string typed, string? choice)
    {
        var meant = Known.IsPartner(typed) ? [typed] : Known.Meant(typed);
        List<PickOption> options = [.. meant.Select(code => new PickOption(code, l.Say(Known.PartnerName(code)), code))];
        return options switch
        {
            [var only] => new(typed, null, options, only.Value) { Reading = $"{only.Title} ({only.Value})" },
            [] => new(typed, null, options, null) { Fault = Problems.Say("unknown-partner", [typed, ""], l.Code) },
            _ => Asked(typed, l.Say(W.ChooseOther, options.Count, typed), options, choice, null, W.ChooseFault),
        };
    }

    /// <summary>The person on file of this name or reference.</summary>
    /// <param name="day">The day of the meeting, on which an office is looked for.</param>
    public async Task<Pick> Person(string typed, Edtf day, string? choice)
    {
        if (Records.LooksLikeName(typed)) return await Named(RecordKinds.Person, typed, (stream, p) => OfPerson(typed, stream, p, day));
        PickOption describe = new(Describe, l.Say(W.Describe), l.Say(W.DescribeDetail)), fresh = new(New, l.Say(W.NewPerson), l.Say(W.NewPersonDetail));
        var result = await Find(typed, RecordKinds.Person.Name);
        if (result?.Names == NameSearch.Loading) return new(typed, null, [], null) { Fault = l.Say(W.NamesLoading) };
        var options = new List<PickOption>();
        foreach (var found in Best(result))
        {
            var (name, office) = (await SpellingOf(found), await OfficeOn((Person)found.Thing.Record, day));
            var reference = found.Thing.Record.Reference!;
            options.Add(new(reference, name ?? reference, string.Join(l.Comma, new[] { office, name is null ? null : reference }.OfType<string>())));
        }
        var question = options.Count switch { 0 => l.Say(W.NoPerson, typed), 1 => l.Say(W.OnePerson, typed), var n => l.Say(W.ChoosePerson, n) };
        return Asked(typed, question, [.. options, describe, fresh], choice, options is [var only] ? only.Value : null,
            options.Count > 1 ? W.ChoosePerson : W.NobodyChosen, options.Count > 1 ? options.Count : typed);
    }

    /// <summary>The organisation of this name, acronym or reference; otherwise the name as it was typed.</summary>
    public async Task<Pick> Organisation(string typed, string? choice)
    {
        if (typed.StartsWith("ORG-", StringComparison.Ordinal)) return await Named(RecordKinds.Organisation, typed, (_, o) => Task.FromResult(NameOf(o)));
        var found = Best(await Find(typed, RecordKinds.Organisation.Name));
        if (found.Count == 0) return new(typed, null, [], AsTyped) { Reading = l.Say(W.NoOrganisation, typed) };
        List<PickOption> options = [.. found.Select(f => new PickOption(f.Thing.Record.Reference!, NameOf((Organisation)f.Thing.Record), f.Thing.Record.Reference))];
        var same = found.Where(f => Names((Organisation)f.Thing.Record).Any(n => Words(n).SequenceEqual(Words(typed)))).Select(f => f.Thing.Record.Reference!).ToList();
        // Of several with this very name one must be chosen; one that is only like it is offered, and not taken.
        var usual = same switch { [var only] => only, [] => found.Count == 1 ? options[0].Value : AsTyped, _ => null };
        var question = found.Count == 1 ? l.Say(W.OneOther, typed) : l.Say(W.ChooseOther, found.Count, typed);
        return Asked(typed, question, [.. options, new(AsTyped, l.Say(W.AsTyped, typed))], choice, usual, W.ChooseFault);
    }

    /// <summary>The document on file of this reference or with these words in its title.</summary>
    public async Task<Pick> Source(string typed, string? choice)
    {
        if (Records.LooksLikeName(typed)) return await Named(RecordKinds.Source, typed, (_, s) => Task.FromResult(TitleOf(s)));
        List<PickOption> options = [.. Best(await Find(typed, RecordKinds.Source.Name))
            .Select(f => new PickOption(f.Thing.Record.Reference!, TitleOf((Source)f.Thing.Record), f.Thing.Record.Reference))];
        if (options.Count == 0) return new(typed, null, [], null) { Fault = l.Say(W.NoSuchSource, typed) };
        var question = options.Count == 1 ? l.Say(W.OneOther, typed) : l.Say(W.ChooseOther, options.Count, typed);
        return Asked(typed, question, options, choice, options is [var only] ? only.Value : null, W.ChooseFault);
    }

    /// <summary>The day on which a document was published; null where it is no single day.</summary>
    public async Task<Edtf?> PublishedOn(string source)
    {
        try
        {
            return (await records.Get(RecordKinds.Source, source, caller, stop)).State.Details?.Published;
        }
        catch (Refusal refused) when (refused.Slug == "not-found")
        {
            return null;
        }
    }

    /// <summary>The one office that a person holds on a day, and the organisation as a command names it; null where there is not one.</summary>
    public async Task<(string Title, string? Organisation)? > Held(string person, Edtf day)
    {
        var (_, state, _) = await records.Get(RecordKinds.Person, person, caller, stop);
        if (HeldOn(state, day) is not [var office]) return null;
        return (office.Title, office.Organisation is { } named && named.StartsWith("organisation-", StringComparison.Ordinal) ? await ReferenceOf(named) : office.Organisation);
    }

    Pick Asked(string typed, string question, IReadOnlyList<PickOption> options, string? choice, string? usual, SecurityCoop.Register.Vocabulary.Label fault, params object[] args)
    {
        var chosen = choice is not null && options.Any(o => o.Value == choice) ? choice : usual;
        return new(typed, question, options, chosen) { Fault = chosen is null ? l.Say(fault, args) : null };
    }

    async Task<Pick> Named<T>(ServedKind<T> kind, string typed, Func<string, T, Task<string>> title) where T : RecordState
    {
        try
        {
            var (stream, state, _) = await records.Get(kind, typed, caller, stop);
            Shown.Add((stream, state.Marks));
            var reference = state.Reference ?? typed;
            return new(typed, null, [new(reference, reference)], reference) { Reading = await title(stream, state) };
        }
        catch (Refusal refused) when (refused.Slug == "not-found")
        {
            return new(typed, null, [], null) { Fault = Problems.Say("unknown-reference", [typed], l.Code) };
        }
    }

    async Task<SearchResult?> Find(string typed, string kind)
    {
        try
        {
            return typed.Length > Limits.Question ? null : await searching.Find(new(typed, null, kind, null, null, null), caller, stop);
        }
        // No word in it.
        catch (Refusal refused) when (refused.Slug == "required")
        {
            return null;
        }
    }

    List<Found> Best(SearchResult? result)
    {
        List<Found> best = [.. (result?.Found ?? []).Where(f => f.Thing.Number is null).Take(Most)];
        Shown.AddRange(best.Select(f => (f.Thing.Stream, f.Thing.Record.Marks)));
        return best;
    }

    // The form of the name that answered.
    async Task<string?> SpellingOf(Found found)
    {
        if (opener is null || found.Names.Count == 0) return null;
        var names = await SearchEndpoints.Names(found with { Names = [found.Names[0]] }, store, opener, stop);
        return (string?)names[0]!["value"];
    }

    async Task<string> OfPerson(string reference, string stream, Person person, Edtf day)
    {
        var known = person.Names.FirstOrDefault(n => n.Kind is not NameKind.Contact && !n.Withdrawn);
        var name = known is null ? null : await SpellingOf(new(RecordText.Of(RecordKinds.Person, stream, person).First(), 0, [], [known.Position]));
        return string.Join(l.Comma, new[] { name ?? reference, await OfficeOn(person, day) }.OfType<string>());
    }

    async Task<string?> OfficeOn(Person person, Edtf day)
    {
        var offices = new List<string>();
        foreach (var office in HeldOn(person, day))
        {
            var organisation = office.Organisation is { } named && named.StartsWith("organisation-", StringComparison.Ordinal) ? await Organisation(named) : office.Organisation;
            offices.Add(string.Join(l.Comma, new[] { office.Title, organisation }.OfType<string>()));
        }
        return offices.Count == 0 ? null : string.Join(" · ", offices);
    }

    static IReadOnlyList<PersonOfficeRecorded> HeldOn(Person person, Edtf day)
    {
        var (from, until) = (day.Earliest ?? DateOnly.MinValue, day.Latest ?? DateOnly.MaxValue);
        return [.. person.Offices.Where(o => !o.Withdrawn).Select(o => o.Office)
            .Where(o => o.From?.StartBounds.Earliest is not { } begins || begins <= until).Where(o => o.Until?.EndBounds.Latest is not { } ends || ends >= from)];
    }

    async Task<string?> Organisation(string stream) => await Organisations(stream) is { } state ? NameOf(state) : null;

    async Task<string?> ReferenceOf(string stream) => (await Organisations(stream))?.Reference;

    async Task<Organisation?> Organisations(string stream)
    {
        try
        {
            var state = (await records.Get(RecordKinds.Organisation, stream, caller, stop)).State;
            Shown.Add((stream, state.Marks));
            return state;
        }
        catch (Refusal refused) when (refused.Slug == "not-found")
        {
            return null;
        }
    }

    string NameOf(Organisation o) => o.Details!.Names.GetValueOrDefault(l.Code) ?? o.Details.Names.Values.First();

    string TitleOf(Source s) => s.Details!.Published is { IsUnknown: false } day ? $"{s.Details.Title}{l.Comma}{l.Say(day)}" : s.Details.Title;

    static IEnumerable<string> Names(Organisation o) => o.Details!.Names.Values.Concat(o.Details.Acronyms?.Values.AsEnumerable() ?? []);

    static IEnumerable<string> Words(string text) => TextWords.Of(text).Select(w => w.Folded);
}
