using System.Text.Json.Nodes;
using SecurityCoop.Register;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Occasions;
using SecurityCoop.Register.Organisations;
using SecurityCoop.Register.People;
using SecurityCoop.Register.Sources;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Actions;
using SecurityCoop.Web.Instruments;
using SecurityCoop.Web.Meetings;
using SecurityCoop.Web.Occasions;
using SecurityCoop.Web.Organisations;
using SecurityCoop.Web.Pages.Forms;
using SecurityCoop.Web.People;
using SecurityCoop.Web.Recording;
using SecurityCoop.Web.Sources;

namespace SecurityCoop.Web.Pages.Lists;

/// <summary>The lists, one for each kind of record.</summary>
static class RecordLists
{
    static readonly ListFilter
        partner = new("partner", FieldWords.Of("partner")),
        topic = new("topic", ListWords.Topic, Vocabulary.Default.Topics);

    static readonly IReadOnlyDictionary<string, Label> yes = new Dictionary<string, Label> { ["true"] = ListWords.Yes, ["false"] = ListWords.No };

    public static IReadOnlyList<ListDefinition> All { get; } = [Actions(), Meetings(), Instruments(), People(), Organisations(), Sources(), Occasions()];

    static ListDefinition<AgreedAction> Actions() => new(RecordKinds.Action, ListWords.Actions,
        [
            partner, new("state", FieldWords.Of("state"), Labels.ActionStates) { InTheirOrder = true }, .. ListWords.Marks.Select(m => new ListFilter(m.Key, m.Value, yes) { InTheirOrder = true }),
            new("owedBy", FieldWords.Of("owedBy"), CodeWords.OwedBy), topic, new("owner", FieldWords.Of("owner")), new("meeting", FieldWords.Of("meeting")),
        ],
        [
            Of<AgreedAction>("what", (l, a) => a.Details!.What, sorted: true), Partners(a => [((AgreedAction)a).Details!.Partner]),
            new("meeting", FieldWords.Of("meeting"), (_, _, json) => (string?)json["meeting"] ?? "") { IsReference = true, Wide = true },
            Of<AgreedAction>("owedBy", (l, a) => string.Join(l.Comma, new[] { l.Say(Words.Of(a.Details!.OwedBy)), a.Details.Owner }.OfType<string>())) with { Wide = true },
            Dated<AgreedAction>("due", a => a.Details!.Due, (l, a) => a.Details!.Standing is { } standing ? l.Say(Words.Standing, standing) : l.Say(Words.Undated)),
            new("state", FieldWords.Of("state"), (l, a, json) => string.Join(l.Comma,
                ListWords.Marks.Where(m => m.Key is "overdue" or "reviewDue" && json[m.Key] is not null).Select(m => l.Say(m.Value)).Prepend(l.Say(Labels.ActionStates[Slug.Of(((AgreedAction)a).State)]))),
                (_, a) => (int)((AgreedAction)a).State),
            new("followUp", ListWords.FollowUps, (l, a, _) => ((AgreedAction)a).FollowUps.Where(f => !f.Withdrawn).OrderBy(f => f.On.Latest).LastOrDefault() is { } last
                ? string.Join(l.Comma, new[] { l.Say(last.On), last.Note }.OfType<string>()) : "") { Wide = true },
        ],
        (http, asked, given) => ActionQueries.Which(http, http.RequestServices.GetRequiredService<Records>(), asked, new(given("partner"), Truth(given, "overdue"), Truth(given, "undated"), Truth(given, "reviewDue"),
            Truth(given, "blocked"), Truth(given, "waitingOnPartner"), Truth(given, "toVerify"), given("owner"), given("owedBy"), given("state"), given("topic"), given("meeting"))))
    {
        Opens = ListOpening.By<AgreeAction>(ActionForms.All),
    };

    static ListDefinition<Meeting> Meetings() => new(RecordKinds.Meeting, ListWords.Meetings,
        [
            partner, new("kind", FieldWords.Of("kind"), Vocabulary.Default.MeetingKinds), new("state", FieldWords.Of("state"), Labels.MeetingStates) { InTheirOrder = true }, topic,
            new("from", ListWords.From), new("to", ListWords.To),
        ],
        [
            Dated<Meeting>("date", m => m.Details!.Date, (l, _) => l.Say(Edtf.Unknown)), Of<Meeting>("kind", (l, m) => l.Say(Vocabulary.Default.MeetingKinds, m.Details!.Kind), sorted: true),
            Partners(m => ((Meeting)m).Details!.Partners), Of<Meeting>("place", (_, m) => m.Details!.Place ?? "", sorted: true) with { Wide = true },
            Of<Meeting>("state", (l, m) => l.Say(Labels.MeetingStates, Slug.Of(m.State))),
            new("statements", FieldWords.Of("statements"), (l, m, _) => l.Say(((Meeting)m).Statements.Count(s => !s.Withdrawn)), (_, m) => ((Meeting)m).Statements.Count(s => !s.Withdrawn)) { Wide = true },
        ],
        (_, asked, given) => Task.FromResult(MeetingQueries.Which(asked, new(given("partner"), given("kind"), given("state"), given("from"), given("to"), given("topic"))).Which))
    {
        Opens = new(RecordingPages.Path, RecordingWords.Title, Role.Recorder),
    };

    static ListDefinition<Instrument> Instruments() => new(RecordKinds.Instrument, ListWords.Instruments,
        [
            partner, new("kind", FieldWords.Of("kind"), Vocabulary.Default.InstrumentKinds), new("state", FieldWords.Of("state"), Labels.InstrumentStates) { InTheirOrder = true },
            new("expiringWithin", ListWords.ExpiringWithin),
        ],
        [
            Of<Instrument>("title", (_, i) => i.Details!.Title, sorted: true), Of<Instrument>("kind", (l, i) => l.Say(Vocabulary.Default.InstrumentKinds, i.Details!.Kind), sorted: true) with { Wide = true },
            Partners(i => ((Instrument)i).Details!.Partners),
            new("state", FieldWords.Of("state"), (l, _, json) => l.Join([.. (json["states"] as JsonArray ?? []).Select(s => l.Say(Labels.InstrumentStates, (string)s!))], Words.Or)),
            new("act", ListWords.LastAct, (l, i, _) => ((Instrument)i).Acts.Where(a => !a.Withdrawn).InWorldOrder().LastOrDefault() is { } last
                ? string.Join(l.Comma, l.Say(Labels.InstrumentActs[Slug.Of(last.Kind)]), l.Say(last.On)) : "") { Wide = true },
            new("reviewOn", FieldWords.Of("reviewOn"), (l, _, json) => (string?)json["reviewOn"] is { } on ? l.Say(Edtf.Parse(on)) : "", (_, i) => ((Instrument)i).Details!.ReviewOn) { Wide = true },
        ],
        (_, asked, given) => Task.FromResult(InstrumentQueries.Which(asked, new(given("partner"), given("kind"), given("state"), given("expiringWithin"))).Which))
    {
        Opens = ListOpening.By<PlanInstrument>(InstrumentForms.All),
    };

    static ListDefinition<Person> People() => new(RecordKinds.Person, ListWords.People, [],
        [
            Of<Person>("country", (l, p) => p.Details?.Country is { } c ? l.Say(Known.PartnerName(c)) : "", sorted: true),
            new("office", FieldWords.Of("office"), (_, p, json) => string.Join(" · ", ((Person)p).Offices.Zip(json["offices"] as JsonArray ?? [])
                .Where(o => !o.First.Withdrawn).Select(o => string.Join(", ", new[] { o.First.Office.Title, (string?)o.Second?["office"]?["organisation"] }.OfType<string>())))),
        ],
        (_, _, _) => Task.FromResult<Func<Person, bool>>(_ => true))
    {
        Lead = ListWords.NamesClosed, Opens = ListOpening.By<DescribePerson>(PersonForms.All),
    };

    static ListDefinition<Organisation> Organisations() => new(RecordKinds.Organisation, ListWords.Organisations, [partner],
        [
            new("name", FieldWords.Of("name"), (l, o, _) => Name(l, ((Organisation)o).Details!.Names), (l, o) => Name(l, ((Organisation)o).Details!.Names)),
            Of<Organisation>("acronyms", (l, o) => o.Details!.Acronyms is { Count: > 0 } acronyms ? Name(l, acronyms) : "") with { Wide = true },
            Of<Organisation>("country", (l, o) => o.Details!.Country is { } c ? l.Say(Known.PartnerName(c)) : "", sorted: true),
            new("partOf", FieldWords.Of("partOf"), (_, _, json) => (string?)json["partOf"] ?? "") { IsReference = true, Wide = true },
        ],
        (_, _, given) => ByPartner<Organisation>(RecordKinds.Organisation, given))
    {
        Opens = ListOpening.By<DescribeOrganisation>(OrganisationForms.All),
    };

    static ListDefinition<Source> Sources() => new(RecordKinds.Source, ListWords.Sources, [],
        [
            Of<Source>("title", (_, s) => s.Details!.Title, sorted: true), Of<Source>("publisher", (_, s) => s.Details!.Publisher ?? "", sorted: true) with { Wide = true },
            Dated<Source>("published", s => s.Details!.Published, (_, _) => ""), Of<Source>("reliability", (l, s) => s.Details!.Reliability is { } r ? l.Say(CodeWords.Reliabilities[Slug.Of(r)]) : "", sorted: true),
        ],
        (_, _, _) => Task.FromResult<Func<Source, bool>>(_ => true))
    {
        Opens = ListOpening.By<RegisterSource>(SourceForms.All),
    };

    static ListDefinition<Occasion> Occasions() => new(RecordKinds.Occasion, ListWords.Occasions, [],
        [
            Of<Occasion>("what", (_, o) => o.Details!.What, sorted: true), Dated<Occasion>("date", o => o.Details!.Date, (l, _) => l.Say(Edtf.Unknown)), Of<Occasion>("place", (_, o) => o.Details!.Place ?? "", sorted: true),
        ],
        (_, _, _) => Task.FromResult<Func<Occasion, bool>>(_ => true))
    {
        Opens = ListOpening.By<DescribeOccasion>(OccasionForms.All),
    };

    static ListColumn Of<T>(string name, Func<Language, T, string> text, bool sorted = false) where T : RecordState =>
        new(name, FieldWords.Of(name), (l, s, _) => text(l, (T)s), sorted ? (l, s) => text(l, (T)s) : null);

    // What has no day comes last.
    static ListColumn Dated<T>(string name, Func<T, Edtf?> date, Func<Language, T, string> none) where T : RecordState => new(name, FieldWords.Of(name),
        (l, s, _) => date((T)s) is { IsUnknown: false } on ? l.Say(on) : none(l, (T)s), (_, s) => date((T)s) is { IsUnknown: false } on ? on.Latest : DateOnly.MaxValue);

    static ListColumn Partners(Func<RecordState, IReadOnlyList<string>> partners)
    {
        string Say(Language l, RecordState s) => string.Join(l.Comma, partners(s).Select(p => l.Say(Known.PartnerName(p))));
        return new("partner", FieldWords.Of("partner"), (l, s, _) => Say(l, s), Say);
    }

    static Task<Func<T, bool>> ByPartner<T>(ServedKind<T> kind, Func<string, string?> given) where T : RecordState
    {
        var code = given("partner");
        Known.PartnerOrNull(code);
        return Task.FromResult<Func<T, bool>>(s => code is null || kind.PartnersOf(s).Contains(code));
    }

    static string Name(Language l, SortedDictionary<string, string> names) => names.GetValueOrDefault(l.Code) ?? names.GetValueOrDefault("fr") ?? names.Values.First();

    static bool? Truth(Func<string, string?> given, string name) => given(name) switch
    {
        null => null, "true" => true, "false" => false, _ => throw Refusal.OfField($"?{name}", "invalid-parameter"),
    };
}
