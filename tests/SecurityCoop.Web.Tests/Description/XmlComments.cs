using System.Reflection;
using System.Xml.Linq;

namespace SecurityCoop.Web.Tests.Description;

/// <summary>The comments of public members, from the files that the compiler writes beside assemblies.</summary>
sealed class XmlComments(params Assembly[] assemblies)
{
    readonly Dictionary<string, XElement> members = assemblies.Select(a => XDocument.Load(Path.ChangeExtension(a.Location, ".xml")))
        .SelectMany(d => d.Descendants("member")).ToDictionary(m => m.Attribute("name")!.Value);

    public string? Of(Type type) => members.TryGetValue($"T:{Name(type)}", out var member) ? Text(member.Element("summary")) : null;

    /// <summary>Of a property; of a record's, what is said of the parameter that it comes from.</summary>
    public string? Of(PropertyInfo property)
    {
        var type = property.DeclaringType!;
        if (members.TryGetValue($"P:{Name(type)}.{property.Name}", out var member) && Text(member.Element("summary")) is { } own) return own;
        return members.TryGetValue($"T:{Name(type)}", out var record) ? Text(record.Elements("param").FirstOrDefault(p => p.Attribute("name")!.Value == property.Name)) : null;
    }

    static string Name(Type type) => type.FullName!.Replace('+', '.');

    static string? Text(XElement? element)
    {
        if (element is null) return null;
        var text = string.Concat(element.Nodes().Select(n => n switch
        {
            XText t => t.Value,
            XElement e => $"`{(e.Attribute("name") ?? e.Attribute("cref"))?.Value.Split('.')[^1] ?? e.Value}`",
            _ => "",
        }));
        return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Replace("|", "\\|", StringComparison.Ordinal) is { Length: > 0 } said ? said : null;
    }
}
