using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Privacy;

namespace SecurityCoop.Web.Partnerships;

/// <summary>What was noted about a partnership, in the order of recording.</summary>
static class PartnershipNotes
{
    public static Task<IResult> Get(string code, HttpContext http, TwoClocks clocks, Records records, RegisterStore store, Openings openings, string? knownAt) => openings.Show(http, async opener =>
    {
        var stop = http.RequestAborted;
        var asked = await clocks.Ask(null, knownAt, stop);
        var position = await clocks.Through(asked, stop);
        var (stream, state, version) = await records.Get(RecordKinds.Partnership, code, http.GetCaller(), stop, position);
        http.Showed([(stream, state.Marking)]);
        var items = new JsonArray([.. state.Notes.Where(n => !n.Withdrawn).Select(n => JsonSerializer.SerializeToNode(n, RegisterJson.Of<Register.Partnerships.Note>()))]);
        await opener.Texts(items, stream);
        await RecordQueries.ShowReferences(items, store, clocks, position, opener.Caller, stop);
        return RecordQueries.Answer(http, new JsonObject { ["items"] = items }, version, asked, position);
    });
}
