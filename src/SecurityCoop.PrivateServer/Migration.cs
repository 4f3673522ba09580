using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace SecurityCoop.PrivateServer;

/// <summary>A numbered SQL file, never edited once it is released.</summary>
/// <param name="Name">The file's name without its ending; its first four characters are its number: "0001_event_log".</param>
/// <param name="Text">What stands in the file, which is UTF-8.</param>
public sealed record Migration(string Name, string Text)
{
    public int Number { get; } = int.Parse(Name.AsSpan(0, 4), CultureInfo.InvariantCulture);

    /// <summary>The migrations among an assembly's resources, by number.</summary>
    /// <param name="folder">What the resources' names begin with: "migrations/".</param>
    public static IReadOnlyList<Migration> Embedded(Assembly assembly, string folder)
    {
        var found = new List<Migration>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(folder, StringComparison.Ordinal)))
        {
            var name = resource[folder.Length..^".sql".Length];
            if (name.Contains('/', StringComparison.Ordinal)) continue; // Another folder below.
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            found.Add(new(name, reader.ReadToEnd()));
        }
        return [.. found.OrderBy(m => m.Number)];
    }

    /// <summary>Of the file's bytes, as lowercase hexadecimal digits.</summary>
    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));
}
