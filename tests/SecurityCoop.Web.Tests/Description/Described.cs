using System.Text.Json;
using SecurityCoop.Web.Description;

namespace SecurityCoop.Web.Tests.Description;

/// <summary>The interface's description as it is before what routes say alike is put in one place.</summary>
static class Described
{
    public static async Task<JsonElement> Interface(this HostFixture host) =>
        JsonSerializer.SerializeToElement(await InterfaceDescription.Whole(host.Services));
}
