using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Pages.Forms;

namespace SecurityCoop.Web.Tests.Pages.Forms;

/// <summary>Records upon which forms are tried, each fresh, in the state that its form needs.</summary>
sealed class FormWorld(HostFixture host)
{
    static int partners;

    const string Digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    /// <summary>Who gives the command: somebody else than who recorded, where it takes two.</summary>
    public HttpClient ClientOf(CommandForm form) =>
        form.Command.Role is Role.Validator or Role.Auditor || form.Pattern.EndsWith("/grant", StringComparison.Ordinal) ? host.Second : host.Http;

    /// <summary>A record upon which the form can be given.</summary>
    public async Task<string> Record(CommandForm form)
    {
        var (kind, step) = (form.Upon ?? RecordKinds.Action, form.Pattern[(form.Pattern.IndexOf('}', StringComparison.Ordinal) + 1)..]);
        var record = await Fresh(kind, planned: step is "/holding" or "/postponement" or "/cancellation");
        var path = $"/api/{kind.Path}/{record}";
        Task Do(string what, string json) => host.Http.Record($"{path}/{what}", json);
        switch (step)
        {
            case "/reopening" when kind == RecordKinds.Action: await Do("drop", "{}"); break;
            case "/reopening": await Do("closure", "{}"); break;
            case "/resumption": await Do("suspension", """{"by":"home","on":"2026-01-12"}"""); break;
            case "/reclassifications" when kind == RecordKinds.Partnership: await Do("statements", """{"force":"discussed","speaker":"home","text":"…","on":"2026-01-12"}"""); break;
            case "/preferences": await Do("reports", $$$"""{"fields":{{{{Other(kind)}}}},"source":{"document":"{{{await Fresh(RecordKinds.Source)}}}"}}"""); break;
            case "/lowering" or "/lowering/grant":
                await host.Http.Record($"/api/records/{record}/marking", """{"marking":"secret","reason":"…"}""");
                if (step == "/lowering/grant") await host.Http.Record($"/api/records/{record}/lowering", """{"marking":"restricted","reason":"…"}""");
                break;
            case "/erasure/approval" or "/erasure/cancellation": await Do("erasure", """{"legalBasis":"Law 09-08","reason":"…"}"""); break;
            case "/hold/release": await Do("hold", """{"legalBasis":"Law 09-08","reason":"…"}"""); break;
        }
        return record;
    }

    /// <summary>What the address of a form says beside the language.</summary>
    public async Task<string> Query(CommandForm form) => form.Message == typeof(Web.Actions.RecordFollowUps) ? $"&action={await Fresh(RecordKinds.Action)}&action={await Fresh(RecordKinds.Action)}" : "";

    /// <summary>A record of its own.</summary>
    public async Task<string> Fresh(IServedKind kind, bool planned = false)
    {
        var (path, body) = kind.Name switch
        {
            "meeting" when planned => ("meetings", """{"partners":["DK"],"kind":"working-meeting","date":"2026-05-10","state":"planned"}"""),
            "meeting" => ("meetings", """{"partners":["DK"],"kind":"working-meeting","date":"2026-01-10","home":[{"description":"a delegation"}],"statements":[{"force":"discussed","speaker":"joint","text":"…"}]}"""),
            "action" => ("actions", """{"partner":"DK","what":"Exchange lists","owedBy":"home","on":"2026-01-10"}"""),
            "instrument" => ("instruments", """{"partners":["DK"],"kind":"mou","title":"Memorandum","acts":[{"kind":"planned","on":"2026-01-10"}]}"""),
            "person" => ("people", """{"name":"A. B."}"""),
            "organisation" => ("organisations", $$$"""{"names":{"fr":"Organisme {{{Guid.NewGuid():N}}}"}}"""),
            "source" => ("sources", """{"title":"A communiqué"}"""),
            "occasion" => ("occasions", """{"what":"An assembly","date":"2026-03"}"""),
            _ => ("partnerships", $$"""{"partner":"{{NewPartner()}}"}"""),
        };
        return (await host.Http.Record($"/api/{path}", body)).Reference!;
    }

    /// <summary>Fills in what must be, and what the form is about.</summary>
    public async Task Fill(CommandForm form, FilledForm filled)
    {
        foreach (var name in filled.Required)
            if (filled[name].Length == 0 || name is "months" or "owner" or "reviewOn") filled[name] = filled.Choices.TryGetValue(name, out var choices) ? choices[0] : await Text(name);
        var step = form.Pattern[(form.Pattern.LastIndexOf('/') + 1)..];
        if (step is "corrections" or "refinements" or "reports")
        {
            var (field, text) = Empty(form.Upon!);
            filled[field] = text;
        }
        if (step == "reports") filled["source.0.document"] = await Fresh(RecordKinds.Source);
        if (form.Pattern.StartsWith("/records/", StringComparison.Ordinal) && filled.Names.Contains("marking")) filled["marking"] = form.Pattern.EndsWith("/lowering", StringComparison.Ordinal) ? "restricted" : "secret";
        if (filled.Names.Contains("into")) filled["into"] = await Fresh(form.Upon!);
        if (form.Message == typeof(Web.Actions.SetActionDueDate)) filled["due"] = "27/03/2026";
        if (form.Message == typeof(Web.Actions.SetActionReviewDate) || form.Message == typeof(Web.Instruments.SetInstrumentReviewDate)) filled["reviewOn"] = "27/03/2026";
        if (form.Message == typeof(Web.Organisations.RenameOrganisation) || form.Message == typeof(Web.Organisations.DescribeOrganisation)) filled["names.fr"] = "Un autre nom";
        if (step == "reclassifications") filled["force"] = "intent";
        if (step == "focal-points") filled["office.title"] = "Head of unit";
        if (step == "holding") filled["date"] = "2026-01-20";
        if (filled.Names.Contains("followUps.1.note")) filled["followUps.1.note"] = "…"; // Of the first nothing is said.
        if (filled.Names.Contains("text") && filled.Names.Contains("force")) filled["text"] = "…";
    }

    async Task<string> Text(string name) => name switch
    {
        "partner" => NewPartner(), "partners" => "Denmark", "sha256" => Digest, "months" => "9", "owner" => "desk-3", "reviewOn" or "date" or "due" => "2026-09-01",
        "person" => await Fresh(RecordKinds.Person), "instrument" or "instruments" => await Fresh(RecordKinds.Instrument), "code" => $"CODE{Guid.NewGuid():N}"[..14].ToUpperInvariant(),
        _ => "…",
    };

    // A field that says nothing yet, and what it is to say.
    static (string Field, string Text) Empty(IServedKind kind) => kind.Name switch
    {
        "meeting" => ("fields.place", "Rabat"), "action" => ("fields.owner", "desk-3"), "instrument" => ("fields.reviewOn", "2026-09-01"), "person" or "organisation" => ("fields.country", "Denmark"),
        "source" => ("fields.publisher", "An office"), "occasion" => ("fields.place", "Rabat"), _ => ("fields.note", "A note"),
    };

    static string Other(IServedKind kind) => kind.Name switch
    {
        "meeting" => "\"place\":\"Rabat\"", "action" => "\"what\":\"Exchange other lists\"", "instrument" => "\"title\":\"Agreement\"", "person" or "organisation" => "\"country\":\"DK\"",
        "source" => "\"publisher\":\"An office\"", "occasion" => "\"place\":\"Rabat\"", _ => "\"note\":\"A note\"",
    };

    static string NewPartner() => Countries.All.Keys.Where(c => c is not ("MA" or "DK" or "MY" or "FR" or "ES")).Order(StringComparer.Ordinal).ElementAt(Interlocked.Increment(ref partners));
}
