using System.Security.Cryptography;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Hosting;

namespace SecurityCoop.Web.Pages;

/// <summary>What pages load: the style sheet, and plain module files, without which every page works too.</summary>
static class PageFiles
{
    const string Styles = "styles/";

    // The style sheet's parts are joined in the order of their names.
    static readonly Dictionary<string, byte[]> files = new()
    {
        ["/register.css"] = Read([.. typeof(PageFiles).Assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(Styles, StringComparison.Ordinal)).Order(StringComparer.Ordinal)]),
        ["/scripts/verify.js"] = Read("verify.js"), ["/scripts/live.js"] = Read("live.js"), ["/scripts/draft.js"] = Read("draft.js"),
    };

    /// <summary>Where a file is, by its path. The address changes with the file, so that browsers may keep it.</summary>
    public static string AddressOf(string path) => addresses[path];

    static readonly Dictionary<string, string> addresses =
        files.ToDictionary(f => f.Key, f => $"{f.Key}?v={Convert.ToHexStringLower(SHA256.HashData(f.Value))[..12]}");

    public static void Map(IEndpointRouteBuilder app)
    {
        foreach (var (path, bytes) in files)
        {
            var isStyle = path.EndsWith(".css", StringComparison.Ordinal);
            app.MapGet(path, (HttpContext http) =>
            {
                http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
                return TypedResults.Bytes(bytes, isStyle ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8");
            }).Public(isStyle ? "The style sheet of the pages." : "A script of the pages.").ExcludeFromDescription().WithMetadata(new MayBeKept());
        }
    }

    static byte[] Read(params IReadOnlyList<string> names)
    {
        using var bytes = new MemoryStream();
        foreach (var name in names)
        {
            using var file = typeof(PageFiles).Assembly.GetManifestResourceStream(name)!;
            file.CopyTo(bytes);
        }
        return bytes.ToArray();
    }
}
