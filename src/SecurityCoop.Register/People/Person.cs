using System.Text.Json.Serialization;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Register.People;

[JsonConverter(typeof(SlugJson<NameKind>))]
public enum NameKind { Name, Variant, Erroneous, Contact }

/// <summary>Where a name stands, never what it says: the value is opened from beside its event, by whoever may.</summary>
/// <param name="Pointer">JSON pointer of the value within the event's body.</param>
public sealed record KeptName(NameKind Kind, Guid Event, long Position, string Pointer, string? Script, bool Withdrawn = false);

public sealed record HeldOffice(PersonOfficeRecorded Office, Guid Event, long Position, IReadOnlyList<Locator>? Sources, bool Withdrawn = false);

/// <summary>What of a person is not protected, and can be corrected.</summary>
public sealed record PersonDetails(string? Country = null, string? Script = null);

/// <summary>An erasure that was asked for and that nobody has approved yet.</summary>
/// <param name="By">Opaque id of whoever asked.</param>
public sealed record ErasureRequest(string By, string LegalBasis, Guid Event, long Position, DateTime At);

/// <summary>When the person's values were erased, and where the log says so.</summary>
public sealed record Erasure(DateTime At, long Position);

/// <summary>A proceeding for which the person's values are kept.</summary>
public sealed record LegalHold(string LegalBasis, Guid Event, long Position, DateTime At, bool Released = false);

/// <summary>A person by opaque id. No state, view or index holds a name in the clear.</summary>
public sealed record Person : RecordState
{
    public static readonly Person Initial = new();

    public PersonDetails? Details { get; init; }
    public IReadOnlyList<KeptName> Names { get; init; } = [];
    public IReadOnlyList<HeldOffice> Offices { get; init; } = [];
    public IReadOnlyList<LegalHold> Holds { get; init; } = [];
    public ErasureRequest? ErasureRequested { get; init; }
    /// <summary>Null while the person's values can be read.</summary>
    public Erasure? Erased { get; init; }

    public Person Evolve(object e, At at) => Fold(e, at).Seen(e, at);

    Person Fold(object e, At at) => e switch
    {
        PersonDescribed x => this with
        {
            Details = new(x.Country, x.Script),
            // Evolve sees protected values opened or not: what is kept is only where they stand. A contact's pointer opens to nothing where none was given.
            Names = [.. Names, new(NameKind.Name, at.Event, at.Position, "/name", x.Script), new(NameKind.Contact, at.Event, at.Position, "/contact", null)],
        },
        PersonNameVariantAdded x => this with { Names = [.. Names, new(NameKind.Variant, at.Event, at.Position, "/name", x.Script)] },
        PersonErroneousNameNoted x => this with { Names = [.. Names, new(NameKind.Erroneous, at.Event, at.Position, "/name", x.Script)] },
        PersonOfficeRecorded x => this with { Offices = [.. Offices, new(x, at.Event, at.Position, at.Sources)] },
        PersonReportRecorded or PersonReportPreferred or PersonRefined or PersonCorrected => (Person)this.AfterFields((IAboutFields)e, at),
        PersonMerged or PersonAbsorbed => this.Merged(e),
        PersonWithdrawn { Of: null } => this with { Withdrawn = true },
        PersonWithdrawn x => this with
        {
            Names = [.. Names.Select(n => n.Event == x.Of ? n with { Withdrawn = true } : n)],
            Offices = [.. Offices.Select(o => o.Event == x.Of ? o with { Withdrawn = true } : o)],
        },
        PersonErasureRequested x => this with { ErasureRequested = new(at.Actor!, x.LegalBasis, at.Event, at.Position, at.RecordedAt) },
        PersonErasureCancelled => this with { ErasureRequested = null },
        PersonErased => this with { ErasureRequested = null, Erased = new(at.RecordedAt, at.Position) },
        PersonHoldPlaced x => this with { Holds = [.. Holds, new(x.LegalBasis, at.Event, at.Position, at.RecordedAt)] },
        PersonHoldReleased x => this with { Holds = [.. Holds.Select(h => h.Event == x.Hold ? h with { Released = true } : h)] },
        Markings.IMarkingChange => this,
        _ => throw new UnknownEvent(e),
    };

    public override Part? PartOf(Guid? of) =>
        of is null ? Part.Of(First, Details!, RegisterJson.Of<PersonDetails>(), d => this with { Details = d }, _ => null)
        : Offices.FirstOrDefault(o => o.Event == of) is { } office ? Part.Of(new(office.Event, office.Position, office.Sources), office.Office, RegisterJson.Of<PersonOfficeRecorded>(),
            x => this with { Offices = [.. Offices.Select(o => o.Event == of ? o with { Office = x } : o)] }, x => x.From, x => CheckOffice(x, "/fields"))
        : null;

    static void CheckOffice(PersonOfficeRecorded office, string pointer)
    {
        if (string.IsNullOrWhiteSpace(office.Title)) throw Refusal.OfField($"{pointer}/title", "required");
        if (office is { From: { } from, Until: { } until } && until.IsBefore(from) == Certainty.Certain) throw Refusal.OfField($"{pointer}/until", "ends-before-it-starts", until.Text, from.Text);
    }

    // ISO 15924: four letters, the first a capital.
    static void CheckScript(string? script)
    {
        if (script is not null && !(script is [>= 'A' and <= 'Z', .. var rest] && rest.Length == 3 && rest.All(char.IsAsciiLetterLower))) throw Refusal.OfField("/script", "not-a-script", script);
    }

    internal override FieldEvents Events => events;
    static readonly FieldEvents events = new((f, of) => new PersonReportRecorded(f, of), (f, r, old, now, of) => new PersonReportPreferred(f, r, old, now, of), (f, of) => new PersonRefined(f, of), (f, of) => new PersonCorrected(f, of));

    // Commands. Erasing and keeping are in PersonErasure.cs.

    /// <exception cref="Refusal">required, at /name.</exception>
    public static StreamFacts Describe(string stream, string name, string? script, string? country, string? contact, IReadOnlyList<Locator>? sources)
    {
        if (string.IsNullOrWhiteSpace(name)) throw Refusal.OfField("/name", "required");
        CheckScript(script);
        var described = new PersonDescribed(new(stream, name), script, country, contact is null ? null : new(stream, contact));
        return new(stream, [new(described, Sources: sources)], "PER");
    }

    /// <summary>Adds a name form. Its value is not compared with those on record: they stay closed; the idempotency key keeps doubles out.</summary>
    public IReadOnlyList<Fact> AddName(string stream, NameKind kind, string name, string? script, IReadOnlyList<Locator>? sources)
    {
        this.Standing("person").Readable();
        if (string.IsNullOrWhiteSpace(name)) throw Refusal.OfField("/name", "required");
        CheckScript(script);
        return kind switch
        {
            NameKind.Variant => [new(new PersonNameVariantAdded(new(stream, name), script), Sources: sources)],
            NameKind.Erroneous => [new(new PersonErroneousNameNoted(new(stream, name), script), Sources: sources)],
            NameKind.Name or NameKind.Contact => throw Refusal.OfField("/kind", "only-for", "variant", "erroneous"),
        };
    }

    public IReadOnlyList<Fact> RecordOffice(PersonOfficeRecorded office, IReadOnlyList<Locator>? sources)
    {
        this.Standing("person");
        CheckOffice(office, "");
        return Offices.Any(o => !o.Withdrawn && o.Office == office) ? [] : [new(office, office.From, sources)];
    }

    public IReadOnlyList<Fact> Withdraw(Guid? of)
    {
        if (of is null) return Withdrawn ? [] : [new(new PersonWithdrawn(), Corrects: this.Standing("person").FirstEvent)];
        var gone = Names.FirstOrDefault(n => n.Event == of)?.Withdrawn ?? Offices.FirstOrDefault(o => o.Event == of)?.Withdrawn
            ?? this.IsWithdrawn(of) ?? throw Refusal.OfField("/of", "no-such-item", Reference ?? "person", $"{of}");
        return gone ? [] : [new(new PersonWithdrawn(of), Corrects: of)];
    }
}
