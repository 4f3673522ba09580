namespace SecurityCoop.Register.People;

/// <summary>
/// Erasing a person's protected values takes two people, and no legal hold in the way. It is about what can be read, not about the record: a record that was
/// withdrawn can be erased and held like any other.
/// </summary>
public static class PersonErasure
{
    /// <param name="by">Opaque id of whoever asks.</param>
    /// <exception cref="Refusal">legal-hold; erasure-pending where somebody asked for it before, on another basis or in another name; required, at /legalBasis.</exception>
    public static IReadOnlyList<Fact> RequestErasure(this Person person, string legalBasis, string by)
    {
        if (string.IsNullOrWhiteSpace(legalBasis)) throw Refusal.OfField("/legalBasis", "required");
        if (person.OnRecord().Erased is not null) return [];
        if (person.ErasureRequested is { } pending)
            return pending.By == by && pending.LegalBasis == legalBasis ? [] : throw Refusal.Because("erasure-pending", person.Reference!, pending.By);
        person.NotHeld();
        return [new(new PersonErasureRequested(legalBasis))];
    }

    /// <param name="count">How many values stand under the person's key.</param>
    /// <param name="by">Opaque id of whoever approves.</param>
    /// <exception cref="Refusal">no-erasure-requested, legal-hold; same-person where the one who asked for it approves.</exception>
    public static IReadOnlyList<Fact> ApproveErasure(this Person person, long count, string by)
    {
        if (person.OnRecord().Erased is not null) return [];
        if (person.ErasureRequested is not { } request) throw Refusal.Because("no-erasure-requested", person.Reference!);
        person.NotHeld();
        return request.By != by
            ? [new(new PersonErased(count, request.LegalBasis, request.By, by, request.Event))]
            : throw Refusal.Because("same-person", person.Reference!, by);
    }

    /// <summary>Takes the request back, or refuses it.</summary>
    public static IReadOnlyList<Fact> CancelErasure(this Person person) =>
        person.OnRecord().ErasureRequested is { } request ? [new(new PersonErasureCancelled(request.Event))] : [];

    /// <summary>Keeps the person's values for a proceeding. Several may stand at once, each on its own basis.</summary>
    /// <exception cref="Refusal">erased: there is nothing left to keep; required, at /legalBasis.</exception>
    public static IReadOnlyList<Fact> PlaceHold(this Person person, string legalBasis)
    {
        if (string.IsNullOrWhiteSpace(legalBasis)) throw Refusal.OfField("/legalBasis", "required");
        return person.OnRecord().Readable().Holds.Any(h => !h.Released && h.LegalBasis == legalBasis) ? [] : [new(new PersonHoldPlaced(legalBasis))];
    }

    /// <param name="hold">The event that placed it; may be absent where there is one only.</param>
    /// <exception cref="Refusal">no-such-item where <paramref name="hold"/> names none of this person's; required where several stand and none is named.</exception>
    public static IReadOnlyList<Fact> ReleaseHold(this Person person, Guid? hold)
    {
        var standing = person.OnRecord().Holds.Where(h => !h.Released).ToList();
        if (hold is not null && person.Holds.All(h => h.Event != hold)) throw Refusal.OfField("/of", "no-such-item", person.Reference!, $"{hold}");
        if (hold is null && standing.Count > 1) throw Refusal.OfField("/of", "required");
        return standing.SingleOrDefault(h => hold is null || h.Event == hold) is { } released ? [new(new PersonHoldReleased(released.Event))] : [];
    }

    /// <exception cref="Refusal">erased: nothing more is recorded under the person's key.</exception>
    public static Person Readable(this Person person) => person.Erased is null ? person : throw Refusal.Because("erased", person.Reference!);

    static Person OnRecord(this Person person) => person.Exists ? person : throw Refusal.Because("not-found", "person");

    static void NotHeld(this Person person)
    {
        if (person.Holds.FirstOrDefault(h => !h.Released) is { } hold) throw Refusal.Because("legal-hold", person.Reference!, hold.LegalBasis);
    }
}
