using System.Collections.Immutable;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Partnerships;

namespace SecurityCoop.Register.Status;

/// <summary>All that the register holds about one partner, as the records' own events leave it: the fold from which a status is read.</summary>
public sealed record PartnershipFacts(string Partner)
{
    public Partnership Partnership { get; init; } = Partnership.Initial;
    public ImmutableSortedDictionary<string, Meeting> Meetings { get; init; } = ImmutableSortedDictionary.Create<string, Meeting>(StringComparer.Ordinal);
    public ImmutableSortedDictionary<string, AgreedAction> Actions { get; init; } = ImmutableSortedDictionary.Create<string, AgreedAction>(StringComparer.Ordinal);
    public ImmutableSortedDictionary<string, Instrument> Instruments { get; init; } = ImmutableSortedDictionary.Create<string, Instrument>(StringComparer.Ordinal);

    /// <summary>Opened, and not withdrawn since.</summary>
    public bool IsOpened => Partnership is { Exists: true, Withdrawn: false };

    /// <summary>The facts with a record's newest state. A record that no longer concerns the partner, or was withdrawn, counts no more.</summary>
    public PartnershipFacts With(string stream, RecordState state) => state switch
    {
        Partnership p => this with { Partnership = p },
        Meeting m => this with { Meetings = m.Details!.Partners.Contains(Partner) && !m.Withdrawn ? Meetings.SetItem(stream, m) : Meetings.Remove(stream) },
        AgreedAction a => this with { Actions = a.Details!.Partner == Partner && !a.Withdrawn ? Actions.SetItem(stream, a) : Actions.Remove(stream) },
        Instrument i => this with { Instruments = i.Details!.Partners.Contains(Partner) && !i.Withdrawn ? Instruments.SetItem(stream, i) : Instruments.Remove(stream) },
        _ => this,
    };

    /// <summary>The facts after one more event of <paramref name="stream"/>; how the past is folded.</summary>
    public PartnershipFacts Evolve(string stream, object e, At at) => stream[..stream.IndexOf('-', StringComparison.Ordinal)] switch
    {
        "partnership" => With(stream, Partnership.Evolve(e, at)),
        "meeting" => With(stream, Meetings.GetValueOrDefault(stream, Meeting.Initial).Evolve(e, at)),
        "action" => With(stream, Actions.GetValueOrDefault(stream, AgreedAction.Initial).Evolve(e, at)),
        "instrument" => With(stream, Instruments.GetValueOrDefault(stream, Instrument.Initial).Evolve(e, at)),
        _ => throw new UnknownEvent(e),
    };

    /// <summary>Only what somebody with this clearance may know of. A partnership with a visible record is known by that, though all that was said of itself be hidden.</summary>
    public PartnershipFacts VisibleTo(Marking clearance)
    {
        if (clearance == Marking.Secret) return this;
        var visible = this with
        {
            Meetings = Meetings.RemoveRange(Meetings.Where(m => m.Value.Marking > clearance).Select(m => m.Key)),
            Actions = Actions.RemoveRange(Actions.Where(a => a.Value.Marking > clearance).Select(a => a.Key)),
            Instruments = Instruments.RemoveRange(Instruments.Where(i => i.Value.Marking > clearance).Select(i => i.Key)),
        };
        if (Partnership.Marking <= clearance) return visible;
        var records = visible.Meetings.Values.AsEnumerable<RecordState>().Concat(visible.Actions.Values).Concat(visible.Instruments.Values).ToList();
        return visible with
        {
            Partnership = !IsOpened || records.Count == 0 ? Partnership.Initial
                : Partnership.Initial with { Details = new PartnershipDetails { Partner = Partner }, FirstPosition = records.Min(r => r.FirstPosition) },
        };
    }
}
