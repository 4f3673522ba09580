using Microsoft.AspNetCore.Http.Features;
using SecurityCoop.Register;

namespace SecurityCoop.Web;

/// <summary>Reads what a page's form sends. Strangers may send one, too, so it is small, and never written to disk.</summary>
static class Forms
{
    /// <summary>No form of ours has more.</summary>
    public const int MaxBytes = 64 << 10;

    static readonly FormOptions options = new()
    {
        MemoryBufferThreshold = MaxBytes, BufferBodyLengthLimit = MaxBytes, MultipartBodyLengthLimit = MaxBytes, ValueCountLimit = 256,
    };

    /// <exception cref="Refusal">malformed-request: no form, or one that cannot be read; too-large.</exception>
    public static async Task<IFormCollection> Read(HttpContext http)
    {
        if (!http.Request.HasFormContentType) throw Refusal.Because("malformed-request");
        if (http.Request.ContentLength > MaxBytes) throw Refusal.Because("too-large");
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = MaxBytes;
        try
        {
            return await new FormFeature(http.Request, options).ReadFormAsync(http.RequestAborted);
        }
        // Too many fields, a boundary that is missing or never comes, headers of a part that are none.
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw Refusal.Because("malformed-request");
        }
    }
}
