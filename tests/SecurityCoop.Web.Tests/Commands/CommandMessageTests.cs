using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SecurityCoop.Register;
using SecurityCoop.Register.Time;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Actions;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Occasions;
using SecurityCoop.Web.Sources;
using Shouldly;
using Wolverine;
using Wolverine.Runtime;
using SecurityCoop.Web.Pages.Forms;
using Xunit;

namespace SecurityCoop.Web.Tests.Commands;

/// <summary>Commands are Wolverine messages: whoever invokes one gets what HTTP answers.</summary>
public sealed class CommandMessageTests(HostFixture host) : IClassFixture<HostFixture>
{
    static readonly Caller steward = new("steward", new HashSet<Role> { Role.Steward, Role.Administrator }, Marking.Secret);

    // What is posted and records no events: addresses of calendars, the witness's signature, signing in and out; the forms on pages, which give
    // the same commands; and tokens, which are told once and recorded beside.
    static readonly string[] noCommands =
    [
        "/api/calendar/feeds", "/api/calendar/feeds/{feed}/revocation", "/calendar", "/calendar/{feed}/revocation", "/sign-in", "/sign-out", "/add-checkpoint",
        "/seen", "/meetings/new", "/intake", "/import", "/searches",
        "/sessions/{session}/revocation", "/sessions/revocation", "/api/sessions/{session}/revocation", "/api/sessions/revocation", "/api/intake",
        "/api/users/{user}/tokens", "/administration/users", "/administration/users/{user}/roles", "/administration/users/{user}/clearance", "/administration/users/{user}/groups",
        "/administration/users/{user}/disabling", "/administration/users/{user}/enabling", "/administration/users/{user}/tokens", "/administration/users/{user}/tokens/revocation",
    ];

    async Task<CommandAnswer> Invoke(Command command, CommandEnvelope envelope)
    {
        await using var scope = host.Services.CreateAsyncScope();
        var bus = scope.ServiceProvider.GetRequiredService<IMessageBus>();
        return await bus.InvokeAsync<CommandAnswer>(command with { Envelope = envelope }, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Every_route_that_changes_something_invokes_a_command_with_a_handler_and_every_command_has_one_route()
    {
        string[] changing = ["POST", "PUT", "PATCH", "DELETE"];
        var routes = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Intersect(changing).Any() == true).ToList();
        var without = routes.Where(r => r.Metadata.GetMetadata<DeclaredCommand>() is null);
        without.Select(r => "/" + r.RoutePattern.RawText!.TrimStart('/')).Except(noCommands).Except(CommandForms.All.Select(f => f.Pattern)).ShouldBeEmpty();

        var messages = routes.Select(r => r.Metadata.GetMetadata<DeclaredCommand>()?.Message).OfType<Type>().ToList();
        messages.ShouldBeUnique();
        messages.ShouldBe(Setup.Features.SelectMany(f => f).Select(c => c.Message), ignoreOrder: true);
        var handlers = ((WolverineRuntime)host.Services.GetRequiredService<IWolverineRuntime>()).Handlers;
        messages.Where(m => handlers.HandlerFor(m) is null).ShouldBeEmpty();

        var all = typeof(Command).Assembly.GetTypes().Where(t => !t.IsAbstract && t.IsSubclassOf(typeof(Command))).ToList();
        all.Except(messages.Select(m => m.IsGenericType ? m.GetGenericTypeDefinition() : m)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Invoked_on_the_bus_a_command_answers_what_http_answers_to_the_same_key()
    {
        const string body = """{"what": "an assembly", "date": "2025-09"}""";
        var key = new IdempotencyKey("steward", "POST /api/occasions", "bus-1", Encoding.UTF8.GetBytes(body));
        var said = new OccasionBody { What = "an assembly", Date = Edtf.Parse("2025-09") };
        var answer = await Invoke(new DescribeOccasion(said), new(steward) { Key = key });

        var head = await host.Head();
        var http = await host.Http.Command("/api/occasions", body, ("Idempotency-Key", "bus-1"));
        http.Status.ShouldBe(HttpStatusCode.Created, http.Text);
        JsonSerializer.Deserialize<JsonElement>(http.Text).GetProperty("reference").GetString().ShouldBe(answer.Reference);
        http.Events.ShouldBe(answer.Events.Select(e => e.Type));
        http.Position.ShouldBe(answer.Position);
        http.ETag.ShouldBe(ETags.Of(answer.Version));
        http.Headers.Location!.ToString().ShouldBe(answer.Opened);
        (await host.Head()).ShouldBe(head);
    }

    [Fact]
    public async Task Refusals_come_out_of_the_bus_as_they_were_thrown()
    {
        var unknown = new AddSourceNote("SRC-9999", new() { Note = "seen" });
        (await Should.ThrowAsync<Refusal>(() => Invoke(unknown, new(steward)))).Slug.ShouldBe("not-found");

        var source = await host.Http.Record("/api/sources", """{"title": "a report"}""");
        var stale = new AddSourceNote(source.Reference!, new() { Note = "seen" });
        (await Should.ThrowAsync<StaleVersion>(() => Invoke(stale, new(steward) { IfMatch = "\"7\"" }))).Actual.ShouldBe(1);
    }

    [Fact]
    public async Task Commands_that_overtake_one_another_on_one_record_all_succeed()
    {
        var action = await host.Http.Record("/api/actions", """{"partner": "DK", "what": "exchange lists", "owedBy": "home"}""");
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 24).Select(i => Invoke(new RecordFollowUp(action.Reference!, new() { Note = $"call {i}" }), new(steward))));
        answers.Select(a => a.Version).Order().ShouldBe(Enumerable.Range(2, 24).Select(v => (long)v));
        (await host.Http.Read($"/api/actions/{action.Reference}")).Json.GetProperty("followUps").GetArrayLength().ShouldBe(24);
    }

    [Fact]
    public async Task Of_a_command_that_fails_or_is_overtaken_the_log_says_nothing()
    {
        const string secret = "what-must-not-be-logged";
        var source = await host.Http.Record("/api/sources", """{"title": "a report"}""");
        var (notes, note) = ($"/api/sources/{source.Reference}/notes", $$"""{"note": "{{secret}}"}""");
        await Should.ThrowAsync<Refusal>(() => Invoke(new AddSourceNote("SRC-9999", new() { Note = secret, Reason = secret }), new(steward)));
        (await host.Http.Command(notes, note, ("If-Match", "\"7\""))).Status.ShouldBe(HttpStatusCode.PreconditionFailed);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.Http.Record(notes, note)));
        host.Logs.ShouldNotContain(secret);
        host.Logs.ShouldNotContain("Invocation of");
        host.Logs.ShouldNotContain(nameof(AddSourceNote));
    }

    [Fact]
    public void The_text_of_a_command_says_nothing_of_its_content()
    {
        var command = new AddSourceNote("SRC-0001", new() { Note = "what must not be logged" }) { Envelope = new(steward) };
        $"{command}".ShouldBe(nameof(AddSourceNote));
        $"{command.Body}".ShouldBe(nameof(Partnerships.NoteBody));
        $"{command.Envelope}".ShouldBe($"command {command.Envelope!.CommandId}");
    }
}
