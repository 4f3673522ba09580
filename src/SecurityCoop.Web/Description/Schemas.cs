using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using SecurityCoop.Register;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web.Description;

/// <summary>Schemas of what the library cannot see: slugs, dates, locators, and the documents of records.</summary>
static class Schemas
{
    public static async Task Shape(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken stop)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type.IsEnum)
        {
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. Enum.GetValues(type).Cast<Enum>().Select(v => (JsonNode)JsonValue.Create(JsonNamingPolicy.KebabCaseLower.ConvertName($"{v}"))!)];
        }
        else if (type == typeof(Edtf))
        {
            schema.Type = JsonSchemaType.String;
            schema.Format = "edtf";
            schema.Description ??= "A date in EDTF (ISO 8601-2:2019, levels 0 and 1, and sets); empty: unknown.";
            schema.Examples = ["2026-01-27", "2024-11", "[..2001-06-22]"];
            if (context.JsonPropertyInfo?.DeclaringType.IsAssignableTo(typeof(Body)) == true) TakeWritten(schema);
        }
        else if (context.JsonPropertyInfo?.PropertyType == typeof(IReadOnlyList<LocatorBody>))
        {
            var one = await context.GetOrCreateSchemaAsync(typeof(LocatorBody), cancellationToken: stop);
            (schema.Type, schema.Items) = (null, null);
            schema.OneOf = [one, new OpenApiSchema { Type = JsonSchemaType.Array, Items = one }];
        }
        else if (context.JsonTypeInfo is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { IsEnum: true } code })
            schema.Items = await context.GetOrCreateSchemaAsync(code, cancellationToken: stop);
        BodyLimits.Add(schema, context);
        if (context.JsonTypeInfo.Kind != JsonTypeInfoKind.Object) return;
        // What may be absent is left out of answers.
        foreach (var property in context.JsonTypeInfo.Properties)
            if (property.IsGetNullable && (!property.IsRequired || property.AssociatedParameter is not null)) schema.Required?.Remove(property.Name);
    }

    // Commands take a date in words, too.
    static void TakeWritten(OpenApiSchema schema)
    {
        var edtf = new OpenApiSchema { Type = JsonSchemaType.String, Format = schema.Format, Examples = schema.Examples };
        var text = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = Limits.OfText("written") };
        var written = Object("A date as its source writes it, in French, English or Arabic; numbers are day first.",
            new() { ["written"] = text, ["documentDate"] = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = Limits.OfText("documentDate"), Description = "The day of the document, from which weekdays and “yesterday” count." } }, "written");
        written.AdditionalPropertiesAllowed = false;
        (schema.Type, schema.Format, schema.Examples) = (null, null, null);
        schema.AnyOf = [edtf, written];
    }

    public static async Task Add<T>(OpenApiOperationTransformerContext context, CancellationToken stop)
    {
        if (context.Document!.Components?.Schemas?.ContainsKey(typeof(T).Name) == true) return;
        context.Document.AddComponent<IOpenApiSchema>(typeof(T).Name, await context.GetOrCreateSchemaAsync(typeof(T), cancellationToken: stop));
    }

    /// <summary>Of an answer that is made of what records are folded to: one record, a list of records, or what its example shows.</summary>
    public static Task<IOpenApiSchema> OfRecords(string path, OpenApiOperationTransformerContext context, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var document = context.Document!;
        var last = path.Split('/')[^1];
        var name = RecordKinds.All.OfType<IServedKind>().Any(v => v.Path == last) ? "RecordList" : last.StartsWith('{') ? "RecordAnswer" : "Answer";
        if (document.Components?.Schemas?.ContainsKey(name) != true)
        {
            document.AddComponent<IOpenApiSchema>("Record", Object("A record: its description's fields beside what follows from its history and, on the day asked about, from its dates. Other records are named by their references.",
                new() { ["reference"] = Text("The record's reference."), ["id"] = Text("Its stream id."), ["version"] = Integer("Its stream's version."), ["marking"] = Text("Who may see it.", Enum.GetValues<Marking>().Select(m => Slug.Of(m))) },
                "reference", "id", "version", "marking"));
            document.AddComponent<IOpenApiSchema>(name, name switch
            {
                "RecordList" => Object("A page of records.", new(Clocks) { ["items"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchemaReference("Record", document) }, ["next"] = Text("The cursor of the next page; null or absent on the last.", nullable: true) }, "items", "position"),
                "RecordAnswer" => new OpenApiSchema { AllOf = [new OpenApiSchemaReference("Record", document), Object("At what the answer looks.", new(Clocks), "asOf", "knownAt", "position")] },
                _ => Object("See the example.", new(Clocks), "position"),
            });
        }
        return Task.FromResult<IOpenApiSchema>(new OpenApiSchemaReference(name, document));
    }

    static Dictionary<string, IOpenApiSchema> Clocks => new()
    {
        ["asOf"] = Text("The day of the world that is spoken of."),
        ["knownAt"] = Text("As asked; otherwise the position, as @1234."),
        ["position"] = Integer("The answer is made from the log up to here."),
        ["provisional"] = new OpenApiSchema { Type = JsonSchemaType.Boolean, Description = "True where knownAt lies after the newest event." },
    };

    static OpenApiSchema Object(string meaning, Dictionary<string, IOpenApiSchema> properties, params string[] required) =>
        new() { Type = JsonSchemaType.Object, Description = meaning, Properties = properties, Required = required.ToHashSet(), AdditionalProperties = new OpenApiSchema() };

    static OpenApiSchema Text(string meaning, IEnumerable<string>? codes = null, bool nullable = false) =>
        new() { Type = nullable ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String, Description = meaning, Enum = codes is null ? null : [.. codes.Select(c => (JsonNode)JsonValue.Create(c)!)] };

    static OpenApiSchema Integer(string meaning) => new() { Type = JsonSchemaType.Integer, Format = "int64", Description = meaning };
}
