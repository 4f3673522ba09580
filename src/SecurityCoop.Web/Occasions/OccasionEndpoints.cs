using SecurityCoop.Register;
using SecurityCoop.Register.Occasions;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using Views = SecurityCoop.Web.RecordKinds;
using SecurityCoop.Web.Exchange;

namespace SecurityCoop.Web.Occasions;

public static class OccasionEndpoints
{
    public static readonly CommandSet Commands = Declare();

    static CommandSet Declare()
    {
        var commands = new CommandSet();
        commands.Post("/occasions", Role.Recorder, (string _, OccasionBody body) => new DescribeOccasion(body), Describe);
        commands.Corrections(Views.Occasion, (o, c) => o.Correct(c), (o, of) => o.Withdraw(of));
        return commands;
    }

    public static void MapOccasions(this RouteGroupBuilder api)
    {
        api.MapCommands(Commands);
        api.MapRecord(Views.Occasion);
        api.MapRecords(Views.Occasion).AlsoCsv("occasions", ("reference", "reference"), ("id", "id"), ("version", "version"), ("marking", "marking"),
            ("what", "what"), ("date", "date"), ("dateAsGiven", "dateAsGiven"), ("place", "place"));
    }

    static async Task<IReadOnlyList<StreamFacts>> Describe(Write w, DescribeOccasion command)
    {
        var body = command.Body;
        var details = new OccasionDetails { What = body.What, Date = body.Date, DateAsGiven = body.DateAsGiven, Place = body.Place };
        return [Register.Occasions.Occasion.Describe(w.Asked.NewStream("occasion"), details, await w.Sources())];
    }
}

/// <summary>Describes an event of the world to which records refer.</summary>
public sealed record DescribeOccasion(OccasionBody Body) : Command<OccasionBody>(Body);

public sealed record OccasionBody : Body
{
    public required string What { get; init; }
    /// <summary>EDTF; empty: unknown.</summary>
    public required Edtf Date { get; init; }
    public string? DateAsGiven { get; init; }
    public string? Place { get; init; }
}
