using System.Text.Json.Serialization.Metadata;
using SecurityCoop.Register.People;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Privacy;
using Person = SecurityCoop.Register.People.Person;
using Views = SecurityCoop.Web.RecordKinds;

namespace SecurityCoop.Web.People;

/// <summary>
/// Erasing a person's protected values, and keeping them for a proceeding. Each says why. An erasure is of the person: under whichever reference it is asked for, all records that were merged are
/// erased (ADR 47). A hold is about the values recorded under that very reference, and keeps the whole person from being erased.
/// </summary>
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

    static Task<IResult> Request(string person, HttpContext http, CommandService commands) => OfPerson(http, commands, BodiesJson.Default.LegalBody, person, (w, body, records) =>
        Task.FromResult<IReadOnlyList<StreamFacts>>([new(records[0].Stream, records[0].Person.RequestErasure(body.LegalBasis, w.Caller.Subject, [.. records.Skip(1).Select(r => r.Person)]))]));

    static async Task<IResult> Approve(string person, HttpContext http, CommandService commands, RegisterStore store, Erasures erasures)
    {
        var answer = await OfPerson(http, commands, BodiesJson.Default.Body, person, async (w, _, records) =>
        {
            if (records[0].Person.ApproveErasure(w.Caller.Subject, [.. records.Skip(1).Select(r => r.Person)]) is not { } request) return [];
            var (through, erased) = ((await store.Head(w.Stop)).Size, new List<StreamFacts>());
            foreach (var (stream, record) in records) erased.Add(new(stream, record.Erase(request, w.Caller.Subject, await store.CountProtected(stream, through, w.Stop), through)));
            return erased;
        });
        await erasures.CarryOut(); // Whoever reads the answer may rely on it.
        return answer;
    }

    static Task<IResult> Cancel(string person, HttpContext http, CommandService commands) => OfPerson(http, commands, BodiesJson.Default.Body, person, (_, _, records) =>
        Task.FromResult<IReadOnlyList<StreamFacts>>([.. records.Select(r => new StreamFacts(r.Stream, r.Person.CancelErasure()))]));

    // The record that stands for the person, then all that were merged into it.
    static Task<IResult> OfPerson<T>(HttpContext http, CommandService commands, JsonTypeInfo<T> json, string person, Func<Write, T, IReadOnlyList<(string Stream, Person Person)>, Task<IReadOnlyList<StreamFacts>>> decide)
        where T : Body => commands.Run(http, json, async (w, body) =>
    {
        body.NeedsReason();
        var records = new List<(string Stream, Person Person)> { await w.Load(Views.Person, person) };
        for (var i = 0; i < records.Count; i++)
            foreach (var absorbed in records[i].Person.Absorbed ?? []) records.Add((absorbed, await w.LoadOrInitial(Views.Person, absorbed)));
        return await decide(w, body, records);
    });

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
