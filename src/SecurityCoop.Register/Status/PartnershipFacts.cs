using System.Collections.Immutable;
using SecurityCoop.Register.Markings;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Partnerships;

namespace SecurityCoop.Register.Status;

/// <summary>
/// All that the register holds about one partner: each record that ever concerned it, as the record's own events leave it. From this a status is
/// read. Facts are immutable and share what did not change.
/// </summary>
public sealed class PartnershipFacts
{
    readonly Lazy<(IReadOnlyList<Meeting>, IReadOnlyList<AgreedAction>, IReadOnlyList<Instrument>, IReadOnlyList<KeyValuePair<string, RecordState>>)> counting;

    public PartnershipFacts(string partner) : this(partner, ImmutableSortedDictionary.Create<string, RecordState>(StringComparer.Ordinal)) { }

    PartnershipFacts(string partner, ImmutableSortedDictionary<string, RecordState> records)
    {
        (Partner, Records) = (partner, records);
        counting = new(() =>
        {
            var (meetings, actions, instruments, reported) = (new List<Meeting>(), new List<AgreedAction>(), new List<Instrument>(), new List<KeyValuePair<string, RecordState>>());
            foreach (var (stream, state) in Records)
            {
                if (state is { Withdrawn: false, Reports: not null }) reported.Add(new(stream, state));
                switch (state)
                {
                    case Meeting { Withdrawn: false, Details: { } d } m when d.Partners.Contains(Partner): meetings.Add(m); break;
                    case AgreedAction { Withdrawn: false, Details: { } d } a when d.Partner == Partner: actions.Add(a); break;
                    case Instrument { Withdrawn: false, Details: { } d } i when d.Partners.Contains(Partner): instruments.Add(i); break;
                }
            }
            return (meetings, actions, instruments, reported);
        });
    }

    public string Partner { get; }

    /// <summary>By stream id, withdrawn ones and those that concern the partner no longer among them: they belong to its past.</summary>
    public ImmutableSortedDictionary<string, RecordState> Records { get; }

    public Partnership Partnership => Records.GetValueOrDefault(Partnership.StreamOf(Partner)) as Partnership ?? Partnership.Initial;

    /// <summary>The partnership's own record as far as it counts: of one that was withdrawn, nothing.</summary>
    public Partnership Frame => Partnership is { Withdrawn: true } ? Partnership.Initial : Partnership;

    /// <summary>What counts: neither withdrawn nor corrected away from the partner.</summary>
    public IReadOnlyList<Meeting> Meetings => counting.Value.Item1;
    public IReadOnlyList<AgreedAction> Actions => counting.Value.Item2;
    public IReadOnlyList<Instrument> Instruments => counting.Value.Item3;

    /// <summary>The records, by stream id, of whose fields several sources speak; withdrawn ones are left out.</summary>
    public IReadOnlyList<KeyValuePair<string, RecordState>> Reported => counting.Value.Item4;

    /// <summary>
    /// On file: opened and not withdrawn since, or the partner of a record that counts, which no event need have opened it for (model.md, "Settled in
    /// November 2026", On file).
    /// </summary>
    public bool IsOpened => Partnership is { Exists: true, Withdrawn: false } || Meetings.Count + Actions.Count + Instruments.Count > 0;

    /// <summary>References of the records for which the partner stays on file.</summary>
    public IEnumerable<string> RecordsOnFile => Meetings.AsEnumerable<RecordState>().Concat(Actions).Concat(Instruments).OrderBy(r => r.FirstPosition).Select(r => r.Reference ?? "");

    /// <summary>The facts with a record's newest state.</summary>
    public PartnershipFacts With(string stream, RecordState state) => new(Partner, Records.SetItem(stream, state));

    /// <summary>The facts with the newest states of several records.</summary>
    public PartnershipFacts With(IEnumerable<KeyValuePair<string, RecordState>> states) => new(Partner, Records.SetItems(states));

    /// <summary>
    /// What of these facts stood already at a position, and the streams whose records must be folded again up to it, since events came later.
    /// A record opened later was not known; one to which nothing was added since stands as it does.
    /// </summary>
    public (PartnershipFacts Stood, IReadOnlyList<string> Changed) At(long position)
    {
        if (Records.Values.All(r => r.LastPosition <= position)) return (this, []);
        var stood = Records.Where(r => r.Value.LastPosition <= position).ToImmutableSortedDictionary(StringComparer.Ordinal);
        return (new(Partner, stood), [.. Records.Where(r => r.Value.FirstPosition <= position && r.Value.LastPosition > position).Select(r => r.Key)]);
    }

    /// <summary>
    /// Only what somebody with these rights may know of, record by record and part by part. A partnership with a visible record is known by that,
    /// though all that was said of itself be hidden.
    /// </summary>
    public PartnershipFacts VisibleTo(ReaderRights rights)
    {
        if (Records.Values.All(r => rights.Cover(r) && ReferenceEquals(r.SeenWith(rights), r))) return this;
        var visible = new PartnershipFacts(
            Partner, Records.Where(r => rights.Cover(r.Value)).ToImmutableSortedDictionary(r => r.Key, r => r.Value.SeenWith(rights), StringComparer.Ordinal));
        if (rights.Cover(Partnership) || Partnership is not { Exists: true, Withdrawn: false }) return visible;
        var counting = visible.Meetings.AsEnumerable<RecordState>().Concat(visible.Actions).Concat(visible.Instruments).ToList();
        return counting.Count == 0 ? visible : visible.With(Partnership.StreamOf(Partner), Partnership.Initial with
        {
            Details = new PartnershipDetails { Partner = Partner }, FirstPosition = counting.Min(r => r.FirstPosition), LastPosition = counting.Max(r => r.LastPosition),
        });
    }
}
