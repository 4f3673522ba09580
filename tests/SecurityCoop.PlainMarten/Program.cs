using Marten;
using Npgsql;
using SecurityCoop.PlainMarten;

// SecurityCoop.PlainMarten CONNECTION URL
// Writes its address when it listens, closes its idle connections for each line of its standard input, and ends with that.
await using var database = NpgsqlDataSource.Create(args[0]);
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls(args[1]);
builder.Services.ConfigureHttpJsonOptions(http => http.SerializerOptions.TypeInfoResolverChain.Insert(0, PlainJson.Default));
builder.Services.AddMarten(options => options.UsePlain(database)).UseLightweightSessions();
await using var app = builder.Build();

app.MapPost("/api/meetings", async (MeetingHeld body, IDocumentSession session) =>
{
    session.ActsFor("person-1", Guid.CreateVersion7());
    var held = Meeting.Hold(body);
    if (await session.LoadAsync<Partner>(held.Partners[0]) is null) return Results.NotFound();
    var id = $"meeting-{Guid.CreateVersion7()}";
    session.Events.StartStream<Meeting>(id, held);
    await session.SaveChangesAsync();
    return Results.Created($"/api/meetings/{id}", new Answer(id, 1));
});
app.MapPost("/api/actions", async (ActionAgreed body, IDocumentSession session) =>
{
    session.ActsFor("person-1", Guid.CreateVersion7());
    if (await session.LoadAsync<Partner>(body.Partner) is null) return Results.NotFound();
    var id = $"action-{Guid.CreateVersion7()}";
    session.Events.StartStream<AgreedAction>(id, body);
    await session.SaveChangesAsync();
    return Results.Created($"/api/actions/{id}", new Answer(id, 1));
});
app.MapPost("/api/actions/{id}/follow-ups", async (string id, ActionFollowedUp body, IDocumentSession session) =>
{
    session.ActsFor("person-1", Guid.CreateVersion7());
    var stream = await session.Events.FetchForWriting<AgreedAction>(id);
    if (stream.Aggregate is not { } action) return Results.NotFound();
    stream.AppendOne(action.FollowUp(body));
    await session.SaveChangesAsync();
    return Results.Ok(new Answer(id, stream.StartingVersion.GetValueOrDefault() + 1));
});
app.MapGet("/api/partnerships/{id}", async (string id, HttpContext http, IQuerySession session) =>
{
    http.Response.ContentType = "application/json; charset=utf-8";
    // The row's bytes as they are: nothing is read into objects.
    if (!await session.Json.StreamById<PartnershipStatus>(id, http.Response.Body, http.RequestAborted)) http.Response.StatusCode = 404;
});

await app.StartAsync();
Console.WriteLine(app.Urls.Single());
while (await Console.In.ReadLineAsync() is not null)
{
    database.Clear();
    Console.WriteLine("closed");
}
