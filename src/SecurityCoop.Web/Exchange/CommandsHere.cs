using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Pages;
using Wolverine;

namespace SecurityCoop.Web.Exchange;

/// <summary>
/// Answers an import's requests within the host that runs it, on behalf of whoever sent the file: commands are given as they are over HTTP, and
/// answered and refused alike.
/// </summary>
/// <param name="http">The request that brought the file.</param>
sealed class CommandsHere(HttpContext http, Language language) : HttpMessageHandler
{
    static readonly Dictionary<string, DeclaredCommand> commands = Setup.Features.SelectMany(f => f).Where(c => !c.Pattern.Contains('{', StringComparison.Ordinal)).ToDictionary(c => $"/api{c.Pattern}");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var path = request.RequestUri!.AbsolutePath;
            if (request.Method == HttpMethod.Get) return await Read(path, cancellationToken);
            var (command, caller) = (commands[path], http.GetCaller());
            if (!caller.May(command.Role)) throw Refusal.Because("forbidden");
            var bytes = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
            var dryRun = request.RequestUri.Query == "?dryRun=true";
            var key = request.Headers.TryGetValues("Idempotency-Key", out var given) ? given.Single() : null;
            var envelope = new CommandEnvelope(caller) { DryRun = dryRun, Key = dryRun || key is null ? null : new(caller.Subject, $"POST {path}", key, bytes) };
            // A bus belongs to one command at a time.
            await using var scope = http.RequestServices.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
            var bus = scope.ServiceProvider.GetRequiredService<IMessageBus>();
            var answer = await command.Give("", bytes, envelope, http.RequestServices, bus, http.RequestAborted);
            return new(HttpStatusCode.OK) { Content = JsonContent.Create(answer, BodiesJson.Of<CommandAnswer>()) };
        }
        catch (Refusal refused)
        {
            return Refused(refused);
        }
    }

    async Task<HttpResponseMessage> Read(string path, CancellationToken stop)
    {
        var (kind, name) = (path.StartsWith("/api/meetings/", StringComparison.Ordinal) ? (IServedKind)RecordKinds.Meeting : RecordKinds.Action, Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]));
        await kind.Get(http.RequestServices.GetRequiredService<Records>(), name, http.GetCaller(), stop, itself: true);
        return new(HttpStatusCode.OK);
    }

    HttpResponseMessage Refused(Refusal refused)
    {
        var said = Problems.Say(refused, language);
        var problem = new JsonObject { ["title"] = said, ["detail"] = said };
        if (refused.Field is { } field) problem["errors"] = new JsonObject { [field] = new JsonArray(said) };
        var answer = new HttpResponseMessage((HttpStatusCode)Problems.Status(refused)) { Content = JsonContent.Create(problem) };
        answer.Content.Headers.ContentType = new("application/problem+json");
        return answer;
    }
}
