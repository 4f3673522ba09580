using SecurityCoop.Register;
using SecurityCoop.Web.Access;

namespace SecurityCoop.Web.Commands;

/// <summary>Has another record stand for a record too: both are of one thing.</summary>
public sealed record MergeRecords<T>(string Name, MergeBody Body) : CommandOn<MergeBody>(Name, Body) where T : RecordState;

/// <summary>Two records of one thing become one: people and organisations alike.</summary>
static class MergeCommands
{
    public static void Merges<T>(this CommandSet commands, ServedKind<T> kind, Func<T, string?> country, Func<string, object> merged, Func<string, object> absorbed) where T : RecordState =>
        commands.Post($"/{kind.Path}/{{name}}/merges", Role.Recorder, (string name, MergeBody body) => new MergeRecords<T>(name, body), async (w, c) =>
        {
            c.Body.NeedsReason();
            var (stream, gone) = await w.Load(kind, c.Name, itself: true);
            var (asked, into, stays) = await w.LoadNamed(kind, c.Body.Into, "/into");
            return Merging.Merge(stream, gone, asked, into, stays, (country(gone), country(stays)), merged, absorbed);
        });
}

public sealed record MergeBody : Body
{
    /// <summary>Reference of the record that stands for both from here on.</summary>
    public required string Into { get; init; }
}
