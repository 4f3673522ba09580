using SecurityCoop.Register;
using SecurityCoop.Register.Sources;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Exchange;
using SecurityCoop.Web.Partnerships;
using Views = SecurityCoop.Web.RecordKinds;

namespace SecurityCoop.Web.Sources;

public static class SourceEndpoints
{
    public static void MapSources(this RouteGroupBuilder api)
    {
        api.MapPost("/sources", Register).Needs(Role.Recorder).Takes<SourceBody>();
        api.MapPost("/sources/{source}/digests", RecordDigest).Needs(Role.Recorder).Takes<DigestBody>();
        api.MapPost("/sources/{source}/notes", AddNote).Needs(Role.Recorder).Takes<NoteBody>();
        api.MapCorrections(Views.Source, (s, c) => s.Correct(c), (s, of) => s.Withdraw(of));
        api.MapRecord(Views.Source);
        api.MapRecords(Views.Source).AlsoCsv("sources", ("reference", "reference"), ("id", "id"), ("version", "version"), ("marking", "marking"),
            ("title", "title"), ("publisher", "publisher"), ("language", "language"), ("published", "published"), ("url", "url"), ("reliability", "reliability"), ("sha256", "sha256"), ("digests", "digests.sha256"), ("notes", "notes"));
    }

    static Task<IResult> Register(HttpContext http, CommandService commands) => commands.Run(http, BodiesJson.Default.SourceBody, (w, body) =>
    {
        var details = new SourceDetails { Title = body.Title, Publisher = body.Publisher, Language = body.Language, Published = body.Published, Url = body.Url, Sha256 = body.Sha256, Reliability = body.Reliability };
        return Task.FromResult<IReadOnlyList<StreamFacts>>([SecurityCoop.Register.Sources.Source.Register(w.Asked.NewStream("source"), details)]);
    });

    static Task<IResult> RecordDigest(string source, HttpContext http, CommandService commands) =>
        commands.Change(http, BodiesJson.Default.DigestBody, Views.Source, source, (_, body, _, state) => Task.FromResult(state.RecordDigest(new(body.Sha256, body.Note))));

    static Task<IResult> AddNote(string source, HttpContext http, CommandService commands) =>
        commands.Change(http, BodiesJson.Default.NoteBody, Views.Source, source, (_, body, _, state) => Task.FromResult(state.AddNote(body.Note)));
}

public sealed record SourceBody : Body
{
    public required string Title { get; init; }
    public string? Publisher { get; init; }
    public string? Language { get; init; }
    public Edtf? Published { get; init; }
    public string? Url { get; init; }
    /// <summary>SHA-256 of the document, 64 lower-case hexadecimal digits.</summary>
    public string? Sha256 { get; init; }
    public Reliability? Reliability { get; init; }
}

public sealed record DigestBody : Body
{
    public required string Sha256 { get; init; }
    public string? Note { get; init; }
}
