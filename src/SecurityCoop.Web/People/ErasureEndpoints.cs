using SecurityCoop.Register;
using SecurityCoop.Register.People;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Privacy;
using Views = SecurityCoop.Web.RecordViews;

namespace SecurityCoop.Web.People;

/// <summary>Erasing a person's protected values, and keeping them for a proceeding. Each says why, and is about the values recorded under that very name,
/// even where the record was merged into another.</summary>
public static class ErasureEndpoints
{
    public static void MapErasures(this RouteGroupBuilder api)
    {
        api.MapPost("/people/{person}/erasure", Request).Needs(Role.Steward).Takes<LegalBody>();
        // Auditors record nothing else: whoever checks the stewards is the second person. A second steward is an auditor too.
        api.MapPost("/people/{person}/erasure/approval", Approve).Needs(Role.Auditor).Takes<Body>();
        api.MapPost("/people/{person}/erasure/cancellation", Cancel).Needs(Role.Auditor).Takes<Body>();
        api.MapPost("/people/{person}/hold", Hold).Needs(Role.Steward).Takes<LegalBody>();
        api.MapPost("/people/{person}/hold/release", Release).Needs(Role.Steward).Takes<ReleaseBody>();
    }

    static Task<IResult> Request(string person, HttpContext http, CommandService commands) =>
        commands.Change(http, BodiesJson.Default.LegalBody, Views.Person, person, Because<LegalBody>((w, body, _, state) => Task.FromResult(state.RequestErasure(body.LegalBasis, w.Caller.Subject))), itself: true);

    static async Task<IResult> Approve(string person, HttpContext http, CommandService commands, EventStore.EventStore store, Erasures erasures)
    {
        var answer = await commands.Change(http, BodiesJson.Default.Body, Views.Person, person, Because<Body>(async (w, _, stream, state) =>
            state.ApproveErasure(await store.CountProtected(stream, w.Stop), w.Caller.Subject)), itself: true);
        await erasures.CarryOut(); // Whoever reads the answer may rely on it.
        return answer;
    }

    static Task<IResult> Cancel(string person, HttpContext http, CommandService commands) =>
        commands.Change(http, BodiesJson.Default.Body, Views.Person, person, Because<Body>((_, _, _, state) => Task.FromResult(state.CancelErasure())), itself: true);

    static Task<IResult> Hold(string person, HttpContext http, CommandService commands) =>
        commands.Change(http, BodiesJson.Default.LegalBody, Views.Person, person, Because<LegalBody>((_, body, _, state) => Task.FromResult(state.PlaceHold(body.LegalBasis))), itself: true);

    static Task<IResult> Release(string person, HttpContext http, CommandService commands) =>
        commands.Change(http, BodiesJson.Default.ReleaseBody, Views.Person, person, Because<ReleaseBody>((_, body, _, state) => Task.FromResult(state.ReleaseHold(body.Of))), itself: true);

    static Func<Write, T, string, Person, Task<IReadOnlyList<Fact>>> Because<T>(Func<Write, T, string, Person, Task<IReadOnlyList<Fact>>> decide) where T : Body => (w, body, stream, state) =>
    {
        body.NeedsReason();
        return decide(w, body, stream, state);
    };
}

public sealed record LegalBody : Body
{
    /// <summary>The law, order or request on which it rests. In the clear for ever, like the reason: no name belongs here.</summary>
    public required string LegalBasis { get; init; }
}

public sealed record ReleaseBody : Body
{
    /// <summary>The event that placed the hold; may be absent where one stands only.</summary>
    public Guid? Of { get; init; }
}
