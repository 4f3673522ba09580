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
    public static readonly CommandSet Commands = Declare();

    static CommandSet Declare()
    {
        var commands = new CommandSet();
        commands.Post("/sources", Role.Recorder, (string _, SourceBody body) => new RegisterSource(body), Register);
        commands.Change("/sources/{source}/digests", Role.Recorder,
            (string source, DigestBody body) => new RecordSourceDigest(source, body), Views.Source,
            (_, c, _, state) => Task.FromResult(state.RecordDigest(new(c.Body.Sha256, c.Body.Note))));
        commands.Change("/sources/{source}/notes", Role.Recorder,
            (string source, NoteBody body) => new AddSourceNote(source, body), Views.Source,
            (_, c, _, state) => Task.FromResult(state.AddNote(c.Body.Note)));
        commands.Corrections(Views.Source, (s, c) => s.Correct(c), (s, of) => s.Withdraw(of));
        return commands;
    }

    public static void MapSources(this RouteGroupBuilder api)
    {
        api.MapCommands(Commands);
        api.MapRecord(Views.Source);
        api.MapRecords(Views.Source).AlsoCsv("sources", ("reference", "reference"), ("id", "id"), ("version", "version"), ("marking", "marking"),
            ("title", "title"), ("publisher", "publisher"), ("language", "language"), ("published", "published"), ("url", "url"), ("reliability", "reliability"), ("sha256", "sha256"), ("digests", "digests.sha256"), ("notes", "notes"));
    }

    static Task<IReadOnlyList<StreamFacts>> Register(Write w, RegisterSource command)
    {
        var body = command.Body;
        var details = new SourceDetails { Title = body.Title, Publisher = body.Publisher, Language = body.Language, Published = body.Published, Url = body.Url, Sha256 = body.Sha256, Reliability = body.Reliability };
        return Task.FromResult<IReadOnlyList<StreamFacts>>([SecurityCoop.Register.Sources.Source.Register(w.Asked.NewStream("source"), details)]);
    }
}

/// <summary>Registers a document from which records come.</summary>
public sealed record RegisterSource(SourceBody Body) : Command<SourceBody>(Body);

/// <summary>Records what a source's document hashes to.</summary>
public sealed record RecordSourceDigest(string Name, DigestBody Body) : CommandOn<DigestBody>(Name, Body);

/// <summary>Adds a note to a source.</summary>
public sealed record AddSourceNote(string Name, NoteBody Body) : CommandOn<NoteBody>(Name, Body);

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
