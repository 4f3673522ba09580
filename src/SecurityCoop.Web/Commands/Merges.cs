using SecurityCoop.Register;
using SecurityCoop.Web.Access;

namespace SecurityCoop.Web.Commands;

/// <summary>Two records of one thing become one: people and organisations alike.</summary>
public static class MergeEndpoints
{
    public static void MapMerges<T>(this RouteGroupBuilder api, ServedKind<T> kind, Func<T, string?> country, Func<string, object> merged, Func<string, object> absorbed) where T : RecordState =>
        api.MapPost($"/{kind.Path}/{{name}}/merges", (string name, HttpContext http, CommandService commands) => commands.Run(http, BodiesJson.Default.MergeBody, async (w, body) =>
        {
            body.NeedsReason();
            var (stream, gone) = await w.Load(kind, name, itself: true);
            var (asked, into, stays) = await w.LoadNamed(kind, body.Into, "/into");
            return Merging.Merge(stream, gone, asked, into, stays, (country(gone), country(stays)), merged, absorbed);
        })).Needs(Role.Recorder).Takes<MergeBody>();
}

public sealed record MergeBody : Body
{
    /// <summary>Reference of the record that stands for both from here on.</summary>
    public required string Into { get; init; }
}
