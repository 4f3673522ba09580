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
    public static Task<IResult> Get(string code, HttpContext http, TwoClocks clocks, Statuses statuses, RegisterStore store, Openings openings, string? knownAt) => openings.Show(http, async opener =>
    {
        var stop = http.RequestAborted;
        var asked = await clocks.Ask(null, knownAt, stop);
        var position = await clocks.Through(asked, stop);
        if (!Known.IsPartner(code)) throw Refusal.Because("not-found", code);
        // Of a partnership that is known by its records only, no note may be seen; that it has hidden ones is not told.
        var facts = (await statuses.Of(code, asked with { Position = position }, http.GetCaller(), stop)).Facts;
        if (!facts.IsOpened) throw Refusal.Because("not-found", code);
        var stream = Register.Partnerships.Partnership.StreamOf(code);
        http.Showed([(stream, facts.Partnership.MarksWithParts)]);
        var version = (await clocks.Row(RecordKinds.Partnership, stream, position, stop)).Version;
        var items = new JsonArray([.. facts.Partnership.Notes.Where(n => !n.Withdrawn).Select(n => JsonSerializer.SerializeToNode(n, RegisterJson.Of<Register.Partnerships.Note>()))]);
        await opener.Texts(items, stream);
        await RecordQueries.ShowReferences(items, store, clocks, position, opener.Caller, stop);
        return RecordQueries.Answer(http, new JsonObject { ["items"] = items }, version, asked, position);
    });
}
