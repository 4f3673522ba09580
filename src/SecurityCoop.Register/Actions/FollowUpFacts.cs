namespace SecurityCoop.Register.Actions;

/// <summary>
/// A follow-up with a state, and the change of state that the same command recorded in the same stream, are one fact told by two events: what is
/// corrected, refined, reported or withdrawn of one holds of both (model.md, "Settled in November 2026", One follow-up, one fact). The fold sees to it,
/// so that it holds of what was stored before, too.
/// </summary>
public sealed partial record AgreedAction
{
    // What one command recorded of one action: its follow-up, if it has a state.
    Guid? FollowUpOf(Guid? command) => command is null ? null : FollowUps.LastOrDefault(f => f.Command == command)?.Event;

    internal override bool HasPart(Guid recordedBy) => FollowUps.Any(f => f.Event == recordedBy);

    /// <summary>A change of state that a follow-up brought is seen where the follow-up is.</summary>
    internal override Guid? PartSpokenOf(object e, At at) =>
        Changes.Concat(DeniedChanges).FirstOrDefault(c => c.Event == at.Event)?.FollowUp ?? base.PartSpokenOf(e, at);

    // Nothing that hidden follow-ups brought has happened for the reader: no state, and no other review.
    protected override RecordState Without(IReadOnlySet<Guid> parts)
    {
        bool IsSeen(StateChange c) => c.FollowUp is not { } of || !parts.Contains(of);
        var seen = this with
        {
            FollowUps = [.. FollowUps.Where(f => !parts.Contains(f.Event))], Changes = [.. Changes.Where(IsSeen)],
            DeniedChanges = [.. DeniedChanges.Where(IsSeen)],
        };
        var (review, from) = (Details!.ReviewOn, ReviewFrom);
        while (FollowUps.FirstOrDefault(f => f.Event == from) is { } setter && parts.Contains(setter.Event))
        {
            review = setter.ReviewBefore;
            from = FollowUps.LastOrDefault(f => f.Position < setter.Position && !f.Withdrawn && f.NextReview is not null && f.NextReview == review)?.Event;
        }
        return (seen with { Details = Details with { ReviewOn = review }, ReviewFrom = from }).Replaced();
    }

    FollowUp? FollowUpOf(StateChange change) => change.FollowUp is { } of ? FollowUps.FirstOrDefault(f => f.Event == of) : null;

    /// <summary>The day of both is kept with the follow-up, and so is what sources say of it.</summary>
    internal override Guid? OwnerOf(Guid? of, string field) =>
        of is not null && field == "on" && Changes.Concat(DeniedChanges).FirstOrDefault(c => c.Event == of)?.FollowUp is { } owner ? owner : of;

    // A change described otherwise: its day is the follow-up's where it has one.
    AgreedAction Changed(StateChange was, StateChange now) => Item(was.Event, f => f, _ => now) is var changed && was.FollowUp is { } of
        ? changed with { FollowUps = [.. FollowUps.Select(f => f.Event == of ? f with { On = now.On } : f)] } : changed;

    // A follow-up that is given a state later on: the change of state that the same command records is part of it. Without its state, nothing changed.
    AgreedAction Given(IAboutFields e, At at)
    {
        bool Names(string field) => e switch { IFieldsChanged x => x.Fields.Any(f => f.Field == field), IReportPreferred x => x.Field == field, _ => false };
        if (e.Of is null && Names("reviewOn")) return this with { ReviewFrom = null };
        if (!Names("state") || FollowUps.FirstOrDefault(f => f.Event == e.Of) is not { } followUp) return this;
        return Changes.Concat(DeniedChanges).FirstOrDefault(c => c.FollowUp == followUp.Event) is { } change ? Turned(change, followUp.State is not null)
            : this with { FollowUps = [.. FollowUps.Select(f => f == followUp ? f with { Command = at.Command } : f)] };
    }

    AgreedAction Joined()
    {
        var followUps = FollowUps.Select(f => f.Withdrawn || !Changes.Concat(DeniedChanges).Any(c => c.FollowUp == f.Event && c.Withdrawn) ? f : f with { Withdrawn = true }).ToList();
        StateChange Joined(StateChange c) => followUps.FirstOrDefault(f => f.Event == c.FollowUp) is not { } f ? c : c with
        {
            On = f.On, Withdrawn = c.Withdrawn || f.Withdrawn, To = f.State ?? c.To, Unblocks = f.State is null || f.State == c.To ? c.Unblocks : null,
            By = f.State is null or ActionState.Superseded ? c.By : null,
        };
        return (this with { FollowUps = followUps, Changes = [.. Changes.Select(Joined)], DeniedChanges = [.. DeniedChanges.Select(Joined)] }).Reviewed();
    }

    // The next review is the follow-up's: corrected with it, and gone with it.
    AgreedAction Reviewed()
    {
        if (FollowUps.FirstOrDefault(f => f.Event == ReviewFrom) is not { } f) return this;
        var review = f.Withdrawn ? f.ReviewBefore : f.NextReview ?? f.ReviewBefore;
        return review == Details!.ReviewOn && !f.Withdrawn ? this : this with { Details = Details with { ReviewOn = review }, ReviewFrom = f.Withdrawn ? null : ReviewFrom };
    }
}
