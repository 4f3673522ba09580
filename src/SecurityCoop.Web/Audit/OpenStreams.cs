using SecurityCoop.Register;

namespace SecurityCoop.Web.Audit;

/// <summary>The streams of events that are open, of which one caller may have a few and the host holds a limited number: each keeps a
/// page of events in memory.</summary>
sealed class OpenStreams
{
    /// <summary>So many of one subject, and so many in all.</summary>
    public const int OfCaller = 8, InAll = 100;

    readonly Lock gate = new();
    readonly Dictionary<string, int> open = new(StringComparer.Ordinal);
    int all;

    /// <summary>How many are open.</summary>
    public int Count { get { lock (gate) return all; } }

    /// <summary>Takes a place until it is disposed.</summary>
    /// <exception cref="Refusal">too-many-streams of this caller; host-full.</exception>
    public IDisposable Enter(string subject)
    {
        lock (gate)
        {
            var own = open.GetValueOrDefault(subject);
            if (own >= OfCaller) throw Refusal.Because("too-many-streams", $"{OfCaller}");
            if (all >= InAll) throw Refusal.Because("host-full");
            open[subject] = own + 1;
            all++;
        }
        return new Place(this, subject);
    }

    void Leave(string subject)
    {
        lock (gate)
        {
            all--;
            if (--open[subject] == 0) open.Remove(subject);
        }
    }

    sealed class Place(OpenStreams streams, string subject) : IDisposable
    {
        int left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref left, 1) == 0) streams.Leave(subject);
        }
    }
}
