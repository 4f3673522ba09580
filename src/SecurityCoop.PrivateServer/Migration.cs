using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SecurityCoop.PrivateServer;

/// <summary>A numbered SQL file, never edited once it is released.</summary>
/// <param name="Name">The file's name without its ending; its first four characters are its number: "0001_event_log".</param>
/// <param name="Text">What stands in the file, which is UTF-8.</param>
public sealed record Migration(string Name, string Text)
{
    public int Number { get; } = int.Parse(Name.AsSpan(0, 4), CultureInfo.InvariantCulture);

    /// <summary>Of the file's bytes, as lowercase hexadecimal digits.</summary>
    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));
}
