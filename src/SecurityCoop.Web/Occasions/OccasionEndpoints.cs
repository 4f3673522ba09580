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
    public static void MapOccasions(this RouteGroupBuilder api)
    {
        api.MapPost("/occasions", Describe).Needs(Role.Recorder).Takes<OccasionBody>();
        api.MapCorrections(Views.Occasion, (o, c) => o.Correct(c), (o, of) => o.Withdraw(of));
        api.MapRecord(Views.Occasion);
        api.MapRecords(Views.Occasion).AlsoCsv("occasions", ("reference", "reference"), ("id", "id"), ("version", "version"), ("marking", "marking"),
            ("what", "what"), ("date", "date"), ("dateAsGiven", "dateAsGiven"), ("place", "place"));
    }

    static Task<IResult> Describe(HttpContext http, CommandService commands) => commands.Run(http, BodiesJson.Default.OccasionBody, async (w, body) =>
    {
        var details = new OccasionDetails { What = body.What, Date = body.Date, DateAsGiven = body.DateAsGiven, Place = body.Place };
        return [Register.Occasions.Occasion.Describe(w.Asked.NewStream("occasion"), details, await w.Sources())];
    });
}

public sealed record OccasionBody : Body
{
    public required string What { get; init; }
    /// <summary>EDTF; empty: unknown.</summary>
    public required Edtf Date { get; init; }
    public string? DateAsGiven { get; init; }
    public string? Place { get; init; }
}
