using System.Text.Json.Nodes;

namespace SecurityCoop.Web.Pages.Forms;

/// <summary>What forms do to bodies before they are given.</summary>
static class FormBodies
{
    /// <summary>A date that must be said, and may be said to be unknown: left empty it is the empty date.</summary>
    public static Func<JsonObject, JsonObject> WithEmpty(params string[] dates) => body =>
    {
        foreach (var date in dates) body[date] ??= "";
        return body;
    };
}
