using SecurityCoop.Register;
using SecurityCoop.Register.Organisations;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using Views = SecurityCoop.Web.RecordKinds;
using SecurityCoop.Web.Exchange;

namespace SecurityCoop.Web.Organisations;

public static class OrganisationEndpoints
{
    public static void MapOrganisations(this RouteGroupBuilder api)
    {
        api.MapPost("/organisations", Describe).Needs(Role.Recorder).Takes<OrganisationBody>();
        api.MapPost("/organisations/{organisation}/names", Rename).Needs(Role.Recorder).Takes<RenamingBody>();
        api.MapMerges(Views.Organisation, o => o.Details?.Country, into => new OrganisationMerged(into), from => new OrganisationAbsorbed(from));
        api.MapCorrections(Views.Organisation, (o, c) => o.Correct(c), (o, of) => o.Withdraw(of));
        api.MapRecord(Views.Organisation);
        api.MapRecords(Views.Organisation).AlsoCsv("organisations", ("reference", "reference"), ("id", "id"), ("version", "version"), ("marking", "marking"),
            ("country", "country"), ("fr", "names.fr"), ("en", "names.en"), ("ar", "names.ar"), ("acronymFr", "acronyms.fr"), ("acronymEn", "acronyms.en"), ("acronymAr", "acronyms.ar"));
    }

    static Task<IResult> Describe(HttpContext http, CommandService commands) => commands.Run(http, BodiesJson.Default.OrganisationBody, async (w, body) =>
    {
        if (body.Country is { } country) Known.Partner(country, "/country");
        var details = new OrganisationDetails { Names = body.Names, Acronyms = body.Acronyms, Country = body.Country, Service = body.Service == true ? true : null, PartOf = await w.NamedOrNull(Views.Organisation, body.PartOf, "/partOf") };
        return [Register.Organisations.Organisation.Describe(w.Asked.NewStream("organisation"), details, await w.Sources())];
    });

    static Task<IResult> Rename(string organisation, HttpContext http, CommandService commands) =>
        commands.Change(http, BodiesJson.Default.RenamingBody, Views.Organisation, organisation, async (w, body, _, state) => state.Rename(new(body.Names, body.On, body.Acronyms), await w.Sources()));
}

public sealed record OrganisationBody : Body
{
    /// <summary>Names by language: {"fr": …, "en": …, "ar": …}.</summary>
    public required SortedDictionary<string, string> Names { get; init; }
    public SortedDictionary<string, string>? Acronyms { get; init; }
    public string? Country { get; init; }
    public string? PartOf { get; init; }
    /// <summary>True for the organisation whose register this is.</summary>
    public bool? Service { get; init; }
}

public sealed record RenamingBody : Body
{
    public required SortedDictionary<string, string> Names { get; init; }
    public required Edtf On { get; init; }
    public SortedDictionary<string, string>? Acronyms { get; init; }
}
