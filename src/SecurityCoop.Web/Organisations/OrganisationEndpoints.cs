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
        commands.Post("/organisations/{organisation}/partner-code", Role.Steward,
            (string organisation, PartnerCodeBody body) => new GivePartnerCode(organisation, body), GiveCode,
            afterwards: services => services.GetRequiredService<PartnerDirectory>().Refresh());
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

    // The partnership is opened with it: of two organisations that are given one code at once, one opens it, and the other finds it taken.
    static async Task<IReadOnlyList<StreamFacts>> GiveCode(Write w, GivePartnerCode command)
    {
        var (stream, state) = await w.Load(Views.Organisation, command.Name);
        var code = command.Body.Code;
        var partnership = await w.LoadOrInitial(Views.Partnership, Register.Partnerships.Partnership.StreamOf(code));
        var facts = state.GivePartnerCode(code, taken: partnership.Exists || Known.IsPartner(code));
        return facts.Count == 0 ? [] : [new(stream, facts), .. await w.Opened([code])];
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

/// <summary>Makes an organisation a partner, under a code of the office's own.</summary>
public sealed record GivePartnerCode(string Name, PartnerCodeBody Body) : CommandOn<PartnerCodeBody>(Name, Body);

public sealed record PartnerCodeBody : Body
{
    /// <summary>
    /// 3 to 16 capitals or digits, a letter first, none of MUL PER ORG SRC OCC and no country's; it stays with the organisation for ever. Its names are shown
    /// beside the code where the organisation is marked open; else the code alone.
    /// </summary>
    public required string Code { get; init; }
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
