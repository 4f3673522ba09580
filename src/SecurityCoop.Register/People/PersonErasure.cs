namespace SecurityCoop.Register.People;

/// <summary>
/// Erasing a person's protected values takes two people, and no legal hold in the way. It is about what can be read, not about the record: a record that was
/// withdrawn can be erased and held like any other. It is about the person, not about a reference: what was merged is erased together, or not at all.
/// </summary>
public static class PersonErasure
{
    /// <param name="person">The record that stands for the person.</param>
    /// <param name="by">Opaque id of whoever asks.</param>
    /// <param name="absorbed">The records that were merged into it, and into those.</param>
    /// <exception cref="Refusal">legal-hold; erasure-pending where somebody asked for it before, on another basis or in another name; required, at /legalBasis.</exception>
    public static IReadOnlyList<Fact> RequestErasure(this Person person, string legalBasis, string by, params IReadOnlyList<Person> absorbed)
    {
        if (string.IsNullOrWhiteSpace(legalBasis)) throw Refusal.OfField("/legalBasis", "required");
        var all = person.With(absorbed);
        if (all.All(p => p.Erased is not null)) return [];
        if (Pending(all) is { } pending)
            return pending.By == by && pending.LegalBasis == legalBasis ? [] : throw Refusal.Because("erasure-pending", person.Reference!, pending.By);
        NotHeld(all);
        return [new(new PersonErasureRequested(legalBasis))];
    }

    /// <summary>What was asked for and is approved with this: each of the records is to be erased. Null where all are.</summary>
    /// <param name="by">Opaque id of whoever approves.</param>
    /// <exception cref="Refusal">no-erasure-requested, legal-hold; same-person where the one who asked for it approves.</exception>
    public static ErasureRequest? ApproveErasure(this Person person, string by, params IReadOnlyList<Person> absorbed)
    {
        var all = person.With(absorbed);
        if (all.All(p => p.Erased is not null)) return null;
        var request = Pending(all) ?? throw Refusal.Because("no-erasure-requested", person.Reference!);
        NotHeld(all);
        return request.By != by ? request : throw Refusal.Because("same-person", person.Reference!, by);
    }

    /// <summary>Erases one record's values, once it is approved.</summary>
    /// <param name="count">How many values stand under the record's key, in events up to <paramref name="through"/>.</param>
    public static IReadOnlyList<Fact> Erase(this Person record, ErasureRequest request, string by, long count, long through) =>
        record.Erased is not null ? [] : [new(new PersonErased(count, request.LegalBasis, request.By, by, request.Event, through))];

    /// <summary>Takes a record's request back, or refuses it.</summary>
    public static IReadOnlyList<Fact> CancelErasure(this Person record) =>
        record.OnRecord().ErasureRequested is { } request ? [new(new PersonErasureCancelled(request.Event))] : [];

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

    static Person[] With(this Person person, IReadOnlyList<Person> absorbed) => [person.OnRecord(), .. absorbed];

    static ErasureRequest? Pending(Person[] all) => all.Select(p => p.ErasureRequested).FirstOrDefault(r => r is not null);

    static void NotHeld(Person[] all)
    {
        foreach (var person in all)
            if (person.Holds.FirstOrDefault(h => !h.Released) is { } hold) throw Refusal.Because("legal-hold", person.Reference!, hold.LegalBasis);
    }
}
