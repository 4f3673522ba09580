using System.Security.Cryptography;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Hosting;

namespace SecurityCoop.Web.Pages;

/// <summary>The scripts of the pages: plain module files. Every page works without them.</summary>
static class PageScripts
{
    static readonly Dictionary<string, byte[]> files = new[] { "verify.js", "live.js", "draft.js" }.ToDictionary(f => f, Read);

    /// <summary>Where a script is. The address changes with it, so that browsers may keep it.</summary>
    public static string AddressOf(string file) => $"/scripts/{file}?v={Convert.ToHexStringLower(SHA256.HashData(files[file]))[..12]}";

    public static void Map(IEndpointRouteBuilder app)
    {
        foreach (var (name, bytes) in files)
            app.MapGet($"/scripts/{name}", (HttpContext http) =>
            {
                http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
                return TypedResults.Bytes(bytes, "text/javascript; charset=utf-8");
            }).Public("A script of the pages.").ExcludeFromDescription().WithMetadata(new MayBeKept());
    }

    static byte[] Read(string name)
    {
        using var file = typeof(PageScripts).Assembly.GetManifestResourceStream(name)!;
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }
}
