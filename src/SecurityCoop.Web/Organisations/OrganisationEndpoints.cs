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
    public static readonly CommandSet Commands = Declare();

    static CommandSet Declare()
    {
        var commands = new CommandSet();
        commands.Post("/organisations", Role.Recorder, (string _, OrganisationBody body) => new DescribeOrganisation(body), Describe);
        commands.Change("/organisations/{organisation}/names", Role.Recorder,
            (string organisation, RenamingBody body) => new RenameOrganisation(organisation, body), Views.Organisation,
            async (w, c, _, state) => state.Rename(new(c.Body.Names, c.Body.On, c.Body.Acronyms), await w.Sources()));
        commands.Merges(Views.Organisation, o => o.Details?.Country, into => new OrganisationMerged(into), from => new OrganisationAbsorbed(from));
        commands.Corrections(Views.Organisation, (o, c) => o.Correct(c), (o, of) => o.Withdraw(of));
        return commands;
    }

    public static void MapOrganisations(this RouteGroupBuilder api)
    {
        api.MapCommands(Commands);
        api.MapRecord(Views.Organisation);
        api.MapRecords(Views.Organisation).AlsoCsv("organisations", ("reference", "reference"), ("id", "id"), ("version", "version"), ("marking", "marking"),
            ("country", "country"), ("fr", "names.fr"), ("en", "names.en"), ("ar", "names.ar"), ("acronymFr", "acronyms.fr"), ("acronymEn", "acronyms.en"), ("acronymAr", "acronyms.ar"));
    }

    static async Task<IReadOnlyList<StreamFacts>> Describe(Write w, DescribeOrganisation command)
    {
        var body = command.Body;
        if (body.Country is { } country) Known.Partner(country, "/country");
        var details = new OrganisationDetails { Names = body.Names, Acronyms = body.Acronyms, Country = body.Country, Service = body.Service == true ? true : null, PartOf = await w.NamedOrNull(Views.Organisation, body.PartOf, "/partOf") };
        return [Register.Organisations.Organisation.Describe(w.Asked.NewStream("organisation"), details, await w.Sources())];
    }
}

/// <summary>Describes a service or another body.</summary>
public sealed record DescribeOrganisation(OrganisationBody Body) : Command<OrganisationBody>(Body);

/// <summary>Records the names that an organisation took.</summary>
public sealed record RenameOrganisation(string Name, RenamingBody Body) : CommandOn<RenamingBody>(Name, Body);

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
