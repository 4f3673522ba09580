using SecurityCoop.Web.Access;
using SecurityCoop.Register;
using SecurityCoop.Register.Status;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Pages;

namespace SecurityCoop.Web.Partnerships;

/// <summary>Why a partnership has a status or has it not: which rule failed, which holds instead, and what would change that.</summary>
static class Why
{
    public static async Task<IResult> Get(string code, HttpContext http, TwoClocks clocks, Statuses statuses, string? status, string? home, string? asOf, string? knownAt)
    {
        if (!Known.IsPartner(code)) throw Refusal.Because("not-found", code);
        if (status is null) throw Refusal.OfField("?status", "required");
        Known.OneOf("?status", status, Labels.PartnershipStatuses.Keys);
        var asked = await clocks.Ask(asOf, knownAt, http.RequestAborted, home);
        var stands = await statuses.Of(code, asked, http.GetCaller(), http.RequestAborted);
        http.SetPosition(stands.Position);
        http.Showed([stands.Shown]);
        return TypedResults.Json(await Of(stands, asked, status, statuses, Language.Asked(http.Request), http.RequestAborted), BodiesJson.Shown<WhyBody>());
    }

    public static async Task<WhyBody> Of(PartnerStatus stands, Asking asked, string status, Statuses statuses, Language language, CancellationToken stop)
    {
        var why = WhyNot.Of(stands.Facts, asked.Question, status);
        var because = why.Rules.SelectMany(r => r.Because).Concat(why.Status.Because).Concat(why.Status.Modifiers.SelectMany(m => m.Because));
        var documents = await statuses.Documents(because, stands.Reading.Rights, stop);
        var body = StatusQueries.Body(stands, asked, documents);
        return new(
            body.Partner, status, why.Holds, StandingBody.Of(body), body.Because,
            [.. why.Rules.Select(r => new RuleBody((int)r.Rule + 1, PartnershipStatus.SlugOf(r.Rule), r.Holds, [.. r.Because.Select(b => BecauseBody.Of(b, documents))], r.Missing))],
            [.. WhyWords.Of(why, body, status, language)], body.AsOf, body.KnownAt, body.Position, body.Provisional);
    }
}

/// <param name="Asked">The status asked about.</param>
/// <param name="Holds">no, possible or certain: whether it is the partnership's.</param>
/// <param name="Status">The status that the partnership has, with its reasons in Because.</param>
/// <param name="Rules">The rules in their order, up to the last one that gives the status asked about.</param>
/// <param name="Words">The same in sentences, in the language of the request.</param>
public sealed record WhyBody(
    PartnerBody Partner, string Asked, Certainty Holds, StandingBody Status, IReadOnlyList<BecauseBody> Because, IReadOnlyList<RuleBody> Rules, IReadOnlyList<string> Words,
    string AsOf, string KnownAt, long Position, bool? Provisional);

/// <param name="Rule">Its number, from 1.</param>
/// <param name="Status">The status that it gives; two rules give "suspended".</param>
/// <param name="Holds">Whether the rule holds by itself, whatever comes before it.</param>
/// <param name="Missing">Of a rule asked about that does not hold: what would make it hold, each record by itself enough. Of an earlier one that holds: what would end it.</param>
public sealed record RuleBody(int Rule, string Status, Certainty Holds, IReadOnlyList<BecauseBody> Because, IReadOnlyList<Missing> Missing);
