using SecurityCoop.Register.People;
using SecurityCoop.Register;
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
    public static readonly CommandSet Commands = Declare();

    static CommandSet Declare()
    {
        var commands = new CommandSet();
        commands.Post("/people/{person}/erasure", Role.Steward,
            (string person, LegalBody body) => new RequestErasure(person, body), Request, recent: true);
        // Auditors record nothing else: whoever checks the stewards is the second person. A second steward is an auditor too.
        commands.Post("/people/{person}/erasure/approval", Role.Auditor,
            (string person, Body body) => new ApproveErasure(person, body), Approve,
            services => services.GetRequiredService<Erasures>().CarryOut(), recent: true); // Whoever reads the answer may rely on it.
        commands.Post("/people/{person}/erasure/cancellation", Role.Auditor,
            (string person, Body body) => new CancelErasure(person, body), Cancel);
        commands.Change("/people/{person}/hold", Role.Steward,
            (string person, LegalBody body) => new PlaceHold(person, body), Views.Person, Hold, itself: true);
        commands.Change("/people/{person}/hold/release", Role.Steward,
            (string person, ReleaseBody body) => new ReleaseHold(person, body), Views.Person, Release, itself: true);
        return commands;
    }

    public static void MapErasures(this RouteGroupBuilder api) => api.MapCommands(Commands);

    static async Task<IReadOnlyList<StreamFacts>> Request(Write w, RequestErasure command)
    {
        var records = await OfPerson(w, command);
        return [new(records[0].Stream, records[0].Person.RequestErasure(command.Body.LegalBasis, w.Caller.Subject, [.. records.Skip(1).Select(r => r.Person)]))];
    }

    static async Task<IReadOnlyList<StreamFacts>> Approve(Write w, ApproveErasure command)
    {
        var records = await OfPerson(w, command);
        if (records[0].Person.ApproveErasure(w.Caller.Subject, [.. records.Skip(1).Select(r => r.Person)]) is not { } request) return [];
        var (through, erased) = ((await w.Store.Head(w.Stop)).Size, new List<StreamFacts>());
        foreach (var (stream, record) in records)
            erased.Add(new(stream, record.Erase(request, w.Caller.Subject, await w.Store.CountProtected(stream, through, w.Stop), through)));
        return erased;
    }

    static async Task<IReadOnlyList<StreamFacts>> Cancel(Write w, CancelErasure command) =>
        [.. (await OfPerson(w, command)).Select(r => new StreamFacts(r.Stream, r.Person.CancelErasure()))];

    // The record that stands for the person, then all that were merged into it.
    static async Task<IReadOnlyList<(string Stream, Person Person)>> OfPerson<T>(Write w, CommandOn<T> command) where T : Body
    {
        command.Body.NeedsReason();
        var records = new List<(string Stream, Person Person)> { await w.Load(Views.Person, command.Name) };
        for (var i = 0; i < records.Count; i++)
            foreach (var absorbed in records[i].Person.Absorbed ?? []) records.Add((absorbed, await w.LoadOrInitial(Views.Person, absorbed)));
        return records;
    }

    static Task<IReadOnlyList<Fact>> Hold(Write w, PlaceHold command, string stream, Person state)
    {
        command.Body.NeedsReason();
        return Task.FromResult(state.PlaceHold(command.Body.LegalBasis));
    }

    static Task<IReadOnlyList<Fact>> Release(Write w, ReleaseHold command, string stream, Person state)
    {
        command.Body.NeedsReason();
        return Task.FromResult(state.ReleaseHold(command.Body.Of));
    }
}

/// <summary>Asks for a person's protected values to be erased.</summary>
public sealed record RequestErasure(string Name, LegalBody Body) : CommandOn<LegalBody>(Name, Body);

/// <summary>Agrees to an erasure that another asked for; the values are erased.</summary>
public sealed record ApproveErasure(string Name, Body Body) : CommandOn<Body>(Name, Body);

/// <summary>Takes back the request for an erasure.</summary>
public sealed record CancelErasure(string Name, Body Body) : CommandOn<Body>(Name, Body);

/// <summary>Keeps a person's values from being erased while a proceeding lasts.</summary>
public sealed record PlaceHold(string Name, LegalBody Body) : CommandOn<LegalBody>(Name, Body);

/// <summary>Ends a hold.</summary>
public sealed record ReleaseHold(string Name, ReleaseBody Body) : CommandOn<ReleaseBody>(Name, Body);

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
