using System.Globalization;
using System.Text.Json.Nodes;

namespace SecurityCoop.Web.Pages.Forms;

/// <summary>What forms do to bodies before they are given.</summary>
static class FormBodies
{
    /// <summary>A number that was chosen from a list.</summary>
    public static Func<JsonObject, JsonObject> WithNumber(string field) => body =>
    {
        if (int.TryParse((string?)body[field], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) body[field] = number;
        return body;
    };

    /// <summary>A date that must be said, and may be said to be unknown: left empty it is the empty date.</summary>
    public static Func<JsonObject, JsonObject> WithEmpty(params string[] dates) => body =>
    {
        foreach (var date in dates) body[date] ??= "";
        return body;
    };
}
