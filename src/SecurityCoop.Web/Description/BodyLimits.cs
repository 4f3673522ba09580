using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using SecurityCoop.Register;
using SecurityCoop.Web.Calendar;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Intake;

namespace SecurityCoop.Web.Description;

/// <summary>Says of what bodies hold how long it may be (<see cref="Limits"/>).</summary>
static class BodyLimits
{
    static readonly Lazy<HashSet<Type>> ofBodies = new(() =>
    {
        var bodies = typeof(Body).Assembly.GetTypes().Where(t => t.IsAssignableTo(typeof(Body)) && !t.ContainsGenericParameters);
        var (reached, next) = (new HashSet<Type>(), new Stack<Type>(bodies));
        next.Push(typeof(FeedBody));
        next.Push(typeof(IntakeBody));
        while (next.TryPop(out var type))
        {
            if (!reached.Add(type) || !BodiesJson.Options.TryGetTypeInfo(type, out var json)) continue;
            if (json.ElementType is { } element) next.Push(element);
            if (json.Kind == JsonTypeInfoKind.Object)
                foreach (var property in json.Properties) next.Push(property.PropertyType);
        }
        return reached;
    });

    public static void Add(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        if (context.JsonPropertyInfo is not { } property || !ofBodies.Value.Contains(property.DeclaringType)) return;
        Text(schema, property.Name);
        if (schema.Type?.HasFlag(JsonSchemaType.Array) == true) List(schema, property.Name);
        foreach (var one in schema.OneOf ?? [])
            if (one is OpenApiSchema { Type: JsonSchemaType.Array } several) List(several, property.Name);
        if (context.JsonTypeInfo.Kind != JsonTypeInfoKind.Dictionary) return;
        schema.MaxProperties = Limits.Members;
        if (schema.AdditionalProperties is OpenApiSchema value) Text(value, "");
    }

    static void List(OpenApiSchema schema, string field)
    {
        schema.MaxItems = Limits.OfList(field);
        if (schema.Items is OpenApiSchema item) Text(item, field);
    }

    // What has a format or a few values is as short as these.
    static void Text(OpenApiSchema schema, string field)
    {
        if (schema.Type?.HasFlag(JsonSchemaType.String) == true && schema.Format is null && schema.Enum is null or { Count: 0 })
            schema.MaxLength = Limits.OfText(field);
    }
}
