using System.Text.Json.Nodes;
using SecurityCoop.Register.People;
using SecurityCoop.Register.Time;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Exchange;
using SecurityCoop.Web.Meetings;
using SecurityCoop.Web.Privacy;
using Views = SecurityCoop.Web.RecordKinds;

namespace SecurityCoop.Web.People;

public static class PersonEndpoints
{
    public static readonly CommandSet Commands = Declare();

    static CommandSet Declare()
    {
        var commands = new CommandSet();
        commands.Post("/people", Role.Recorder, (string _, PersonBody body) => new DescribePerson(body), Describe);
        commands.Change("/people/{person}/variants", Role.Recorder,
            (string person, NameVariantBody body) => new AddNameVariant(person, body), Views.Person,
            async (w, c, stream, state) => state.AddName(stream, c.Body.Erroneous == true ? NameKind.Erroneous : NameKind.Variant, c.Body.Name, c.Body.Script, await w.Sources()));
        commands.Change("/people/{person}/offices", Role.Recorder,
            (string person, OfficeBody body) => new RecordPersonOffice(person, body), Views.Person, Office);
        commands.Merges(Views.Person, p => p.Details?.Country, into => new PersonMerged(into), from => new PersonAbsorbed(from));
        commands.Corrections(Views.Person, (p, c) => p.Correct(c), (p, of) => p.Withdraw(of));
        return commands;
    }

    public static void MapPeople(this RouteGroupBuilder api)
    {
        api.MapCommands(Commands);
        api.MapGet("/people/{name}", Get).Needs(Role.Reader).Shows<JsonObject>();
        api.MapRecords(Views.Person).AlsoCsv("people", ("reference", "reference"), ("id", "id"), ("version", "version"), ("marking", "marking"),
            ("names", "?erased:withheld"), ("script", "script"), ("country", "country"), ("offices", "offices.office.title"), ("organisations", "offices.office.organisation"));
    }

    static async Task<IReadOnlyList<StreamFacts>> Describe(Write w, DescribePerson command)
    {
        var body = command.Body;
        if (body.Country is { } country) Known.Partner(country, "/country");
        return [Register.People.Person.Describe(w.Asked.NewStream("person"), body.Name, body.Script, body.Country, body.Contact, await w.Sources())];
    }

    static async Task<IReadOnlyList<Fact>> Office(Write w, RecordPersonOffice command, string stream, Person state)
    {
        var body = command.Body;
        return state.RecordOffice(new(body.Title, await MeetingFields.OrganisationOrName(w, body.Organisation, "/organisation"), body.From, body.Until, body.Acting), await w.Sources());
    }

    /// <summary>A person's record. Names are opened for those who may see them; for others the record says that they are withheld.</summary>
    static Task<IResult> Get(string name, HttpContext http, TwoClocks clocks, Records records, RegisterStore store, Openings openings, string? asOf, string? knownAt) => openings.Show(http, async opener =>
    {
        var (caller, stop) = (http.GetCaller(), http.RequestAborted);
        var asked = await clocks.Ask(asOf, knownAt, stop);
        var position = await clocks.Through(asked, stop);
        var (stream, state, version) = await records.Get(Views.Person, name, caller, stop, position);
        var json = await RecordQueries.Document(Views.Person, stream, state, version, asked, position, store, clocks, opener, stop);
        json.AskedFor(name);
        // Names that were recorded under a record merged into this one are this person's too.
        var absorbed = await RecordQueries.Absorbed(Views.Person, state, clocks, position, caller, stop);
        foreach (var (office, from) in absorbed.SelectMany(a => a.State.Offices.Select(o => (o, a.State.Reference))))
        {
            var shown = (JsonObject)System.Text.Json.JsonSerializer.SerializeToNode(office, RegisterJson.Of<HeldOffice>())!;
            shown["recordedOf"] = from;
            json["offices"]!.AsArray().Add(shown);
        }
        await RecordQueries.ShowReferences(json["offices"]!, store, clocks, position, caller, stop);
        json["names"] = await Names([.. absorbed.Prepend((stream, state))], position, opener, store, stop);
        http.Showed(absorbed.Prepend((stream, state)).Select(p => (p.Item1, p.Item2.MarksWithParts)));
        return RecordQueries.Answer(http, json, version, asked, position);
    });

    /// <summary>The names of a person, those of the records that were merged into theirs included; opened for the answer.</summary>
    internal static async Task<JsonArray> Names(string stream, Person person, long position, TwoClocks clocks, Opener opener, RegisterStore store, CancellationToken stop) =>
        await Names([.. (await RecordQueries.Absorbed(Views.Person, person, clocks, position, opener.Caller, stop)).Prepend((stream, person))], position, opener, store, stop);

    static async Task<JsonArray> Names(IReadOnlyList<(string Stream, Person State)> holders, long position, Opener opener, RegisterStore store, CancellationToken stop)
    {
        var names = new JsonArray();
        foreach (var (from, holder) in holders)
        {
            await foreach (var e in store.ReadStream(from, position, stop))
                foreach (var kept in holder.Names.Where(n => n.Event == e.Id && e.Header.Protected.Any(p => p.Pointer == n.Pointer)))
                {
                    var entry = new JsonObject { ["kind"] = Slug.Of(kept.Kind), ["event"] = kept.Event.ToString(), ["script"] = kept.Script };
                    if (kept.Withdrawn) entry["withdrawn"] = true;
                    await opener.Put(entry, e, kept.Pointer);
                    names.Add(entry);
                }
        }
        return names;
    }
}

/// <summary>Describes a person; the name is protected.</summary>
public sealed record DescribePerson(PersonBody Body) : Command<PersonBody>(Body);

/// <summary>Adds another form of a person's name.</summary>
public sealed record AddNameVariant(string Name, NameVariantBody Body) : CommandOn<NameVariantBody>(Name, Body);

/// <summary>Records an office that a person held.</summary>
public sealed record RecordPersonOffice(string Name, OfficeBody Body) : CommandOn<OfficeBody>(Name, Body);

public sealed record PersonBody : Body
{
    /// <summary>Protected: never stored in the clear.</summary>
    public required string Name { get; init; }
    /// <summary>ISO 15924 code of the name's script: Latn, Arab, …</summary>
    public string? Script { get; init; }
    public string? Country { get; init; }
    /// <summary>Protected.</summary>
    public string? Contact { get; init; }
}

public sealed record NameVariantBody : Body
{
    public required string Name { get; init; }
    public string? Script { get; init; }
    /// <summary>True for a wrong form that a source printed.</summary>
    public bool? Erroneous { get; init; }
}

public sealed record OfficeBody : Body
{
    public required string Title { get; init; }
    /// <summary>Reference of an organisation, or a plain name.</summary>
    public string? Organisation { get; init; }
    public Edtf? From { get; init; }
    public Edtf? Until { get; init; }
    public bool? Acting { get; init; }
}
