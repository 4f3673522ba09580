using SecurityCoop.Register;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Commands;
using Views = SecurityCoop.Web.RecordKinds;

namespace SecurityCoop.Web.Meetings;

/// <summary>A meeting's fields; those of a planned meeting need be given again only where they differ when it is held.</summary>
public record MeetingFields : Body
{
    public IReadOnlyList<string>? Partners { get; init; }
    public string? Kind { get; init; }
    public Edtf? Date { get; init; }
    public string? DateAsGiven { get; init; }
    public string? Place { get; init; }
    public string? PartOf { get; init; }
    public IReadOnlyList<Participant>? Home { get; init; }
    public IReadOnlyList<Participant>? PartnerSide { get; init; }
    /// <summary>References of occasions of the world that the meeting referred to.</summary>
    public IReadOnlyList<string>? Occasions { get; init; }

    /// <exception cref="Refusal">required, unknown-partner, unknown-kind, unknown-reference, each at its field.</exception>
    public async Task<MeetingDetails> ToDetails(Write w, MeetingDetails? planned)
    {
        var details = new MeetingDetails
        {
            Partners = Partners ?? planned?.Partners ?? throw Refusal.OfField("/partners", "required"),
            Kind = Kind ?? planned?.Kind ?? throw Refusal.OfField("/kind", "required"),
            Date = Date ?? planned?.Date ?? throw Refusal.OfField("/date", "required"),
            DateAsGiven = DateAsGiven ?? (Date is null ? planned?.DateAsGiven : null),
            Place = Place ?? planned?.Place,
            PartOf = PartOf is null ? planned?.PartOf : await Whole(w, PartOf, "/partOf"),
            HomeOrganisation = HomeOrganisation is null ? planned?.HomeOrganisation : await w.Home(),
            Home = Home is null ? planned?.Home : await Resolved(w, Home, "/home"),
            PartnerSide = PartnerSide is null ? planned?.PartnerSide : await Resolved(w, PartnerSide, "/partnerSide"),
            Occasions = Occasions is null ? planned?.Occasions : await OccasionsNamed(w, Occasions),
        };
        Known.Partners(details.Partners, "/partners");
        Known.MeetingKind(details.Kind, "/kind");
        return details;
    }

    static async Task<IReadOnlyList<Participant>> Resolved(Write w, IReadOnlyList<Participant> people, string pointer)
    {
        var resolved = new List<Participant>();
        foreach (var (p, i) in people.Select((p, i) => (p, i)))
            resolved.Add(p with
            {
                Person = await w.NamedOrNull(Views.Person, p.Person, $"{pointer}/{i}/person"),
                Office = p.Office is null ? null : p.Office with { Organisation = await OrganisationOrName(w, p.Office.Organisation, $"{pointer}/{i}/office/organisation") },
            });
        return resolved;
    }

    static async Task<IReadOnlyList<string>> OccasionsNamed(Write w, IReadOnlyList<string> occasions)
    {
        var found = new List<string>();
        foreach (var (o, i) in occasions.Select((o, i) => (o, i))) found.Add(await w.Named(Views.Occasion, o, $"/occasions/{i}"));
        return found;
    }

    /// <summary>The meeting of which the one in the address, if any, is part: neither that one itself nor a part of it.</summary>
    /// <exception cref="Refusal">unknown-reference; part-of-itself.</exception>
    public static async Task<string> Whole(Write w, string name, string pointer)
    {
        var whole = await w.Named(Views.Meeting, name, pointer);
        var above = new HashSet<string>();
        for (var at = whole; at is not null && above.Add(at); at = (await w.Peek(Views.Meeting, at)).Details?.PartOf)
            if (at == w.Main?.Stream) throw Refusal.OfField(pointer, "part-of-itself", name);
        return whole;
    }

    /// <summary>An organisation on record by its reference; anything that does not look like one is a plain name.</summary>
    public static async Task<string?> OrganisationOrName(Write w, string? name, string pointer) =>
        name is null || !(name.StartsWith("ORG-", StringComparison.Ordinal) || name.StartsWith("organisation-", StringComparison.Ordinal)) ? name : await w.Named(Views.Organisation, name, pointer);
}

public sealed record MeetingBody : MeetingFields
{
    /// <summary>planned or held (the default).</summary>
    public MeetingState? State { get; init; }
    public IReadOnlyList<StatementBody>? Statements { get; init; }
}

public sealed record HoldingBody : MeetingFields;

public sealed record ParticipantIdentifiedBody : DatedBody
{
    public required Side Side { get; init; }
    public required int Index { get; init; }
    public required string Person { get; init; }
}

public sealed record PostponementBody : DatedBody
{
    /// <summary>"home", a partner's code or "joint": who put it off.</summary>
    public string? By { get; init; }
    /// <summary>Empty: to a day not yet known.</summary>
    public required Edtf Date { get; init; }
    public string? DateAsGiven { get; init; }
}

public sealed record CancellationBody : DatedBody
{
    public string? By { get; init; }
}
