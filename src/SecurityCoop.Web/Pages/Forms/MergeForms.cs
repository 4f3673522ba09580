using System.Text.Json.Nodes;
using SecurityCoop.Register;
using SecurityCoop.Register.Organisations;
using SecurityCoop.Register.People;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Audit;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.People;
using SecurityCoop.Web.Privacy;

namespace SecurityCoop.Web.Pages.Forms;

/// <summary>Forms that merge two records of one thing; both stand side by side before it is recorded.</summary>
static class MergeForms
{
    static readonly Label merge = new("Fusionner avec une autre fiche", "Merge into another record", "الدمج في سجل آخر");

    static readonly FormField into = Field.Text("into").Must();

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CommandForm> All { get; } =
    [
        CommandForm.Only<MergeRecords<Person>>(merge, into with { Hint = FormWords.ReferenceHint("person") }, CommonFields.Reason) with
        {
            Kind = RecordKinds.Person, Offered = Stands, Prepare = (r, f) => Beside(RecordKinds.Person, r, f),
        },
        CommandForm.Only<MergeRecords<Organisation>>(merge, into with { Hint = FormWords.ReferenceHint("organisation") }, CommonFields.Reason) with
        {
            Kind = RecordKinds.Organisation, Offered = Stands, Prepare = (r, f) => Beside(RecordKinds.Organisation, r, f),
        },
    ];

    static bool Stands(RecordState state) => !state.Withdrawn && state.MergedInto is null;

    static async Task<ReadyForm> Beside<T>(ServedKind<T> kind, FormRequest request, CommandForm form) where T : RecordState
    {
        var ready = form.Plain(request);
        if (request.Given("into") is not { } name) return ready;
        var (services, stop, caller) = (request.Http.RequestServices, request.Http.RequestAborted, request.Http.GetCaller());
        var (store, clocks) = (services.GetRequiredService<RegisterStore>(), services.GetRequiredService<TwoClocks>());
        (string Stream, T State, long Version) other;
        try
        {
            other = await services.GetRequiredService<Records>().Get(kind, name, caller, stop);
        }
        catch (Refusal refused) when (refused.Slug == "not-found")
        {
            // The command says so, at its field.
            return ready;
        }
        var both = new JsonArray(Described(kind, (T)request.State!), Described(kind, other.State));
        await RecordQueries.ShowReferences(both, store, clocks, (await store.Head(stop)).Size, caller, stop);
        if (request.State is Person one && other.State is Person another && request.Given("step") == FormSteps.Check)
            (both[0]!["names"], both[1]!["names"]) = await Names(request, one, (other.Stream, another));
        request.Http.Showed([(request.Stream, request.State!.MarksWithParts), (other.Stream, other.State.MarksWithParts)]);
        var rows = new List<(string, string, string)>();
        var (left, right) = ((JsonObject)both[0]!, (JsonObject)both[1]!);
        foreach (var field in left.Select(f => f.Key).Concat(right.Select(f => f.Key)).Distinct())
            rows.Add((request.Language.Say(FieldWords.Of(field)),
                RecordPages.Text(left[field]) ?? request.Language.Say(Words.Empty), RecordPages.Text(right[field]) ?? request.Language.Say(Words.Empty)));
        var comparison = new FormComparison(FormWords.SideBySide, FormWords.MergedHere, FormWords.MergedInto, rows);
        return ready with { Compare = _ => comparison };
    }

    // Names of people are protected: whose were opened for the comparison is recorded before it is shown.
    static Task<(JsonNode, JsonNode)> Names(FormRequest request, Person one, (string Stream, Person State) other)
    {
        var (services, stop) = (request.Http.RequestServices, request.Http.RequestAborted);
        var (store, clocks) = (services.GetRequiredService<RegisterStore>(), services.GetRequiredService<TwoClocks>());
        return services.GetRequiredService<Openings>().Show(request.Http, async opener =>
        {
            var position = (await store.Head(stop)).Size;
            async Task<JsonNode> Said(string stream, Person person) => new JsonArray([.. (await PersonEndpoints.Names(stream, person, position, clocks, opener, store, stop)).OfType<JsonObject>()
                .Where(n => n["withdrawn"] is null).Select(n => (JsonNode?)((string?)n["value"] ?? request.Language.Say(Words.ValueWithheld))).OfType<JsonNode>()]);
            return (await Said(request.Stream, one), await Said(other.Stream, other.State));
        });
    }

    // What a record says of itself.
    static JsonObject Described<T>(ServedKind<T> kind, T state) where T : RecordState
    {
        var document = (JsonObject)System.Text.Json.JsonSerializer.SerializeToNode(kind.Document(state), RegisterJson.Of<System.Text.Json.JsonElement>())!;
        var said = new JsonObject { ["reference"] = state.Reference };
        foreach (var (name, value) in document["details"] as JsonObject ?? []) said[name] = value?.DeepClone();
        if (document["offices"] is JsonArray offices)
            said["offices"] = new JsonArray([.. offices.OfType<JsonObject>().Where(o => o["withdrawn"]?.GetValue<bool>() != true && o["office"] is JsonObject)
                .Select(o => (JsonNode)string.Join(", ", ((JsonObject)o["office"]!).Select(f => RecordPages.Text(f.Value))))]);
        return said;
    }
}
