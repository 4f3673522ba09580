using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Exchange;

namespace SecurityCoop.Web.Description;

/// <summary>
/// `/openapi/v1.json` (OpenAPI 3.1), from the routes as they are mapped: who may call them from <c>Needs</c>, bodies and answers from <c>Takes</c> and
/// <c>Shows</c>, problems from the code (<see cref="ReachableRefusals"/>), words and examples from routes.json.
/// </summary>
static class InterfaceDescription
{
    const string Bearer = "bearer", Session = "session", Json = "application/json", ProblemJson = "application/problem+json";

    // What every route may answer beside what its own code refuses, and what every command may: see Problems.
    static readonly string[] everywhere = ["unauthenticated", "forbidden", "too-many-requests", "internal", "database-away", "history-broken", "keys-unusable"];
    static readonly string[] everyCommand = ["busy", "disk-full", "stale-version", "key-reused", "outcome-unknown", "view-outdated", "invalid-text", "erased", "key-missing"];

    static readonly Dictionary<string, string> tags = new(StringComparer.Ordinal)
    {
        ["partnerships"] = "Where each partnership stands, why, and what was learnt of it.",
        ["meetings"] = "Meetings, planned and held, and what was said at them.",
        ["actions"] = "What was agreed to be done, and what came of it.",
        ["instruments"] = "Memoranda, agreements and what has been done to them.",
        ["people"] = "People, their names under protection, and erasing them.",
        ["organisations"] = "Services and other bodies, with the names that they had.",
        ["sources"] = "Where what is recorded comes from.",
        ["occasions"] = "Events of the world that records refer to.",
        ["search"] = "What an office has recorded, found again.",
        ["calendar"] = "Dates and planned meetings for calendar programs (RFC 5545), and private addresses at which they read them.",
        ["audit"] = "What was recorded, by whom, when and why.",
        ["sessions"] = "The browsers in which the caller is signed in.",
        ["users"] = "Who may sign in, and what they may do.",
    };

    static readonly Dictionary<string, string> tagOf = new(StringComparer.Ordinal) { ["follow-ups"] = "actions", ["changes"] = "partnerships", ["events"] = "audit" };

    public static void AddInterfaceDescription(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddSchemaTransformer(Schemas.Shape);
        options.AddOperationTransformer(Operation);
        options.AddDocumentTransformer(Document);
    });

    /// <summary>The description, with what routes say alike in one place; made when it is first asked for.</summary>
    public static RouteHandlerBuilder MapInterfaceDescription(this WebApplication app)
    {
        var made = new Lazy<Task<byte[]>>(() => Written(app.Services));
        return app.MapGet("/openapi/v1.json", async () => TypedResults.Bytes(await made.Value, Json)).ExcludeFromDescription();
    }

    static async Task<byte[]> Written(IServiceProvider services)
    {
        var json = await Whole(services);
        SharedParts.Share(json);
        return JsonSerializer.SerializeToUtf8Bytes(json, BodiesJson.Shown<JsonObject>());
    }

    /// <summary>The description before what routes say alike is put in one place; each answer of a route names all its refusals.</summary>
    internal static async Task<JsonObject> Whole(IServiceProvider services)
    {
        var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>("v1").GetOpenApiDocumentAsync();
        using var bytes = new MemoryStream();
        await document.SerializeAsJsonAsync(bytes, OpenApiSpecVersion.OpenApi3_1);
        bytes.Position = 0;
        return (await JsonNode.ParseAsync(bytes))!.AsObject();
    }

    static Task Document(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken stop)
    {
        document.Info = new()
        {
            Title = "SecurityCoop", Version = "1",
            Description = "The register of a security service's international cooperation. Commands are POSTs that record events; queries take both clocks, `asOf` (a day of the world) and "
                + "`knownAt` (what the register held). Enumerations are in kebab-case, dates in EDTF (ISO 8601-2:2019), instants in RFC 3339, field names in camelCase. Refusals are problem documents "
                + "(RFC 9457) whose `type` is `/problems/` and a slug. `x-problems` has them all with their statuses: here, and beside a route those that few others answer.",
        };
        document.Servers = [new() { Url = "/" }];
        document.Extensions = new Dictionary<string, IOpenApiExtension>
        {
            ["x-problems"] = new JsonNodeExtension(new JsonObject(Problems.Known.Order(StringComparer.Ordinal)
                .Select(s => KeyValuePair.Create(s, (JsonNode?)JsonValue.Create($"{Problems.Text(s).Status} {Problems.Text(s).Title.En}"))))),
        };
        document.Components ??= new();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An access token, as `securitycoop token create` prints it, or a token that the office's provider signed for a program." },
            [Session] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = SignIn.Cookie, Description = "The cookie of a browser that signed in at /sign-in; behind TLS its name begins with `__Host-`." },
        };
        document.Security = [new() { [new(Bearer, document)] = [] }, new() { [new(Session, document)] = [] }];
        var used = document.Paths.Select(p => Tag(p.Key)).Distinct().Order(StringComparer.Ordinal);
        document.Tags = used.Select(t => new OpenApiTag { Name = t, Description = tags.GetValueOrDefault(t, $"What stands under /api/{t}.") }).ToHashSet();
        return Task.CompletedTask;
    }

    static string Tag(string path) => path.Split('/') is [_, _, { } first, ..] ? tagOf.GetValueOrDefault(first, first.Split('.')[0]) : "register";

    static async Task Operation(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken stop)
    {
        var document = context.Document!;
        var path = PathOf(context.Description);
        var method = context.Description.HttpMethod!;
        var route = $"{method} {path}";
        var (text, answer) = (RouteTexts.Of(route), RouteTexts.Answers.GetValueOrDefault(route));
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (method == "GET") operation.RequestBody = null; // The library takes a list in the address for one.
        var isCommand = operation.RequestBody is not null && !metadata.OfType<RecordsNothing>().Any();

        operation.OperationId = OperationId(method, path);
        operation.Summary = text?.Summary ?? operation.Summary ?? route;
        operation.Description = text?.Description;
        operation.Tags = new HashSet<OpenApiTagReference> { new(Tag(path), document) };
        if (metadata.OfType<NeededRole>().LastOrDefault() is { } needed)
        {
            operation.Extensions = new Dictionary<string, IOpenApiExtension> { ["x-role"] = new JsonNodeExtension(Slug.Of(needed.Role)) };
            operation.Description = $"{operation.Description} For the role {Slug.Of(needed.Role)}.".TrimStart();
        }
        else if (metadata.OfType<SignInNeeded>().Any())
        {
            operation.Extensions = new Dictionary<string, IOpenApiExtension> { ["x-role"] = new JsonNodeExtension("any") };
            operation.Description = $"{operation.Description} For everybody who signed in.".TrimStart();
        }
        if (metadata.OfType<NeededRecentSignIn>().Any()) operation.Description += " From a browser: within a short while of signing in, where the office's provider signs in.";
        // A command takes the name in its address by itself, so the library does not see it.
        if (isCommand) operation.Parameters = [.. path.Split('/').Where(s => s.StartsWith('{')).Select(s => InPath(s.Trim('{', '}'))), .. operation.Parameters ?? []];
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>()) Explain(parameter, path, text);
        if (isCommand)
        {
            operation.Parameters = [.. operation.Parameters ?? [],
                Query("dryRun", "true: the command is read and decided like any other, and nothing is recorded."),
                Header("Idempotency-Key", "Makes a retry safe: the same key and body give the first answer again.", maxLength: 200),
                Header("If-Match", "The version that the change is meant for (the ETag of an answer); another is refused.")];
        }
        if (operation.RequestBody is OpenApiRequestBody { Content: { } content } body && content.TryGetValue(Json, out var sent) && text?.Body is { } example)
        {
            body.Required = true;
            sent.Example = example.DeepClone();
        }
        if (metadata.OfType<AlsoTable>().Any())
            operation.Parameters =
                [.. operation.Parameters ?? [], .. TableShape.Parameters.Select(p => Query(p.Name, p.Meaning, p.Values))];
        await Answers(operation, context, path, isCommand, answer, stop);
        await Refusals(operation, context, path, isCommand, metadata, stop);
    }

    static void Explain(OpenApiParameter parameter, string path, RouteText? text)
    {
        var example = text?.Path?.GetValueOrDefault(parameter.Name!) ?? text?.Query?.GetValueOrDefault(parameter.Name!);
        var isList = parameter.Schema?.Type is { } shape && shape.HasFlag(JsonSchemaType.Array);
        var numeric = parameter.Schema?.Type is { } type && (type & (JsonSchemaType.Integer | JsonSchemaType.Boolean)) != 0;
        if (example is not null) parameter.Example = isList ? new JsonArray(JsonValue.Create(example)) : numeric ? JsonNode.Parse(example) : JsonValue.Create(example);
        if (Parameters.Of(path, parameter.Name!) is not { } meaning) return;
        parameter.Description = meaning.Meaning;
        if ((isList ? parameter.Schema!.Items : parameter.Schema) is not OpenApiSchema schema) return;
        if (meaning.Codes is { } codes) schema.Enum = [.. codes.Select(c => (JsonNode)JsonValue.Create(c)!)];
        schema.Format ??= meaning.Format;
        if (parameter.Name == "limit") (schema.Minimum, schema.Maximum, schema.Default) = ("1", RecordQueries.MaxLimit.ToString(CultureInfo.InvariantCulture), JsonValue.Create(RecordQueries.DefaultLimit));
    }

    static OpenApiParameter InPath(string name) =>
        new() { Name = name, In = ParameterLocation.Path, Required = true, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };

    static OpenApiParameter Query(string name, string meaning, params string[] codes) => new()
    {
        Name = name, In = ParameterLocation.Query, Description = meaning,
        Schema = codes.Length == 0 ? new OpenApiSchema { Type = JsonSchemaType.Boolean } : new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. codes.Select(c => (JsonNode)JsonValue.Create(c)!)] },
    };

    static OpenApiParameter Header(string name, string meaning, int? maxLength = null) =>
        new() { Name = name, In = ParameterLocation.Header, Description = meaning, Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = maxLength } };

    static async Task Answers(OpenApiOperation operation, OpenApiOperationTransformerContext context, string path, bool isCommand, ExampleAnswer? example, CancellationToken stop)
    {
        var document = context.Document!;
        operation.Responses ??= [];
        // A record is opened where the example opens one.
        if (isCommand && example?.Status != StatusCodes.Status201Created) operation.Responses.Remove("201");
        foreach (var (status, response) in operation.Responses.Where(r => r.Key[0] == '2').Select(r => (r.Key, r.Value)).ToList())
        {
            if (response is not OpenApiResponse answer) continue;
            answer.Description = (status, isCommand) switch { ("201", true) => "A record was opened.", ("201", false) => "It was made.", (_, true) => "What was recorded; nothing where the command changed nothing.", _ => "The answer." };
            answer.Headers = new Dictionary<string, IOpenApiHeader> { ["Register-Position"] = Head("The position of the log up to which the answer speaks.", JsonSchemaType.Integer) };
            if (isCommand) answer.Headers["ETag"] = Head("The record's version.");
            if (status == "201") answer.Headers["Location"] = Head("Its address.");
            if (context.Description.SupportedResponseTypes.FirstOrDefault(r => $"{r.StatusCode}" == status)?.Type == typeof(JsonObject) && answer.Content?.TryGetValue(Json, out var shown) == true)
                shown.Schema = await Schemas.OfRecords(path, context, stop);
            if (status == "200" && context.Description.ActionDescriptor.EndpointMetadata.OfType<AlsoTable>().Any())
                (answer.Content ??= new Dictionary<string, OpenApiMediaType>())[CsvText.Type] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
            // Answers that are no JSON have no type from which the library would make one.
            if (answer.Content is null or { Count: 0 })
                answer.Content = context.Description.ActionDescriptor.EndpointMetadata.OfType<IProducesResponseTypeMetadata>().Where(p => $"{p.StatusCode}" == status).SelectMany(p => p.ContentTypes).Distinct()
                    .ToDictionary(type => type, type => new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = type == "application/octet-stream" ? "binary" : null } });
            // What a change of a record answers is alike for all of them: its schema says it once.
            var isAlike = isCommand && status == "200";
            if (!isAlike && example is not null && $"{example.Status}" == status && answer.Content?.TryGetValue(example.MediaType, out var content) == true) content.Example = example.Answer?.DeepClone();
        }
    }

    static OpenApiHeader Head(string meaning, JsonSchemaType type = JsonSchemaType.String) => new() { Description = meaning, Schema = new OpenApiSchema { Type = type } };

    static async Task Refusals(OpenApiOperation operation, OpenApiOperationTransformerContext context, string path, bool isCommand, IList<object> metadata, CancellationToken stop)
    {
        var decides = metadata.OfType<Decides>().LastOrDefault();
        var found = ReachableRefusals.Of([.. metadata.OfType<MethodInfo>(), .. decides?.By ?? []], decides?.Record)
            .Concat((isCommand ? everywhere.Concat(everyCommand) : everywhere).Select(s => (Slug: s, OfField: false)));
        if (operation.Parameters?.Any(p => p.In == ParameterLocation.Query) == true) found = found.Append((Slug: "invalid-parameter", OfField: true));
        if (metadata.OfType<NeededRecentSignIn>().Any()) found = found.Append((Slug: "reauthenticate", OfField: false));
        found = found.Append((Slug: "unknown-parameter", OfField: true));
        // Where the address names no record, what is not found was named in the body, and is refused there.
        if (isCommand && !path.Contains('{', StringComparison.Ordinal)) found = found.Where(f => f.Slug != "not-found");
        foreach (var status in operation.Responses!.Keys.Where(k => k[0] != '2').ToList()) operation.Responses.Remove(status);
        await Schemas.Add<ProblemBody>(context, stop);
        foreach (var group in found.GroupBy(f => Problems.Status(f.Slug, f.OfField), f => f.Slug).OrderBy(g => g.Key).Select(g => (g.Key, Slugs: g.Distinct().Order(StringComparer.Ordinal).ToList())))
        {
            var response = new OpenApiResponse
            {
                Description = "Refused.",
                Extensions = new Dictionary<string, IOpenApiExtension> { ["x-problems"] = new JsonNodeExtension(new JsonArray([.. group.Slugs.Select(s => (JsonNode)JsonValue.Create(s)!)])) },
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [ProblemJson] = new()
                    {
                        Schema = new OpenApiSchemaReference(nameof(ProblemBody), context.Document!),
                    },
                },
            };
            if (group.Key is 429 or 503) response.Headers = new Dictionary<string, IOpenApiHeader> { ["Retry-After"] = Head("Seconds after which another attempt is of use.", JsonSchemaType.Integer) };
            if (group.Key == 401) response.Headers = new Dictionary<string, IOpenApiHeader> { ["WWW-Authenticate"] = Head("RFC 6750, section 3.") };
            operation.Responses[group.Key.ToString(CultureInfo.InvariantCulture)] = response;
        }
    }

    // As the document's paths are written: without constraints of parameters.
    static string PathOf(ApiDescription description) => "/" + string.Join('/', description.RelativePath!.Split('/').Select(s => s.StartsWith('{') ? $"{{{s.Trim('{', '}', '*').Split(':')[0]}}}" : s));

    /// <summary>A name for programs: `postMeetingsStatements`, `getMeeting`.</summary>
    static string OperationId(string method, string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(p => p.StartsWith('{') ? $"by-{p.Trim('{', '}')}" : p.Replace('.', '-'));
        return method.ToLowerInvariant() + string.Concat(string.Join('-', parts).Split('-').Select(w => char.ToUpperInvariant(w[0]) + w[1..]));
    }
}

/// <summary>On an endpoint that takes a body and is no command, or tells once what cannot be told again: nothing is said of keys, versions and dry runs.</summary>
sealed class RecordsNothing;
