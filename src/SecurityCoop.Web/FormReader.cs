using Microsoft.AspNetCore.Http.Features;
using SecurityCoop.Register;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web;

/// <summary>Reads what a page's form sends. Strangers may send one, too, so it is small, and never written to disk.</summary>
static class FormReader
{
    /// <summary>No form of a stranger has more.</summary>
    public const int MaxBytes = 64 << 10;

    /// <summary>No form that gives a command has more: a body's bytes, each as three characters.</summary>
    const int MaxCommandBytes = 3 * Bodies.MaxBytes;

    /// <exception cref="Refusal">malformed-request: no form, or one that cannot be read; too-large.</exception>
    public static Task<IFormCollection> Read(HttpContext http) => Read(http, MaxBytes, 256);

    /// <summary>A form that gives a command, of somebody who may give it.</summary>
    /// <exception cref="Refusal">malformed-request, too-large; host-full (503).</exception>
    public static Task<IFormCollection> ReadCommand(HttpContext http)
    {
        if (!(http.Request.ContentLength <= MaxBytes)) http.RequestServices.GetRequiredService<LargeBodies>().Enter(http);
        return Read(http, MaxCommandBytes, 8192);
    }

    /// <summary>A form with a document, of somebody who may record from it.</summary>
    /// <exception cref="Refusal">malformed-request, too-large; host-full (503).</exception>
    public static Task<IFormCollection> ReadDocument(HttpContext http)
    {
        if (!(http.Request.ContentLength <= MaxBytes)) http.RequestServices.GetRequiredService<LargeBodies>().Enter(http);
        return Read(http, Intake.IntakeDocument.MostBytes + MaxCommandBytes, 8192);
    }

    static async Task<IFormCollection> Read(HttpContext http, int most, int values)
    {
        if (!http.Request.HasFormContentType) throw Refusal.Because("malformed-request");
        if (http.Request.ContentLength > most) throw Refusal.Because("too-large");
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = most;
        try
        {
            var options = new FormOptions
            {
                MemoryBufferThreshold = most, BufferBodyLengthLimit = most, MultipartBodyLengthLimit = most, ValueLengthLimit = most, ValueCountLimit = values,
            };
            return await new FormFeature(http.Request, options).ReadFormAsync(http.RequestAborted);
        }
        // Too many fields, a boundary that is missing or never comes, headers of a part that are none.
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw Refusal.Because("malformed-request");
        }
    }
}
