using System.Text.Json;
using System.Text.Json.Serialization;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.Status;
using SecurityCoop.Register.Time;
using SecurityCoop.Register;
using SecurityCoop.Store;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Commands;

namespace SecurityCoop.Web.Partnerships;

/// <summary>What a partnership's own frame holds beside its status, at the day asked about: what of it is suspended, whom one turns to, how often it is reviewed, what was noted.</summary>
static class Frames
{
    /// <summary>The parts that are suspended, or may be; null where none is. They do not change the status (model.md, "Status of a partnership").</summary>
    public static IReadOnlyList<SuspendedPartBody>? SuspendedParts(PartnershipFacts facts, StatusQuestion q, IReadOnlyDictionary<string, string> documents)
    {
        var (partnership, found) = (facts.Partnership, new List<SuspendedPartBody>());
        foreach (var (part, lives) in partnership.SuspendedParts(q.AsOf, Counts))
        {
            var certainty = lives.All(l => l.Suspended) ? Certainty.Certain : Certainty.Possible;
            List<string> by = [];
            if (lives.Any(l => l.ByHome)) by.Add(Statements.Home);
            if (lives.Any(l => l.ByPartner)) by.Add(facts.Partner);
            if (lives.Any(l => l.Jointly)) by.Add(Statements.Joint);
            var turns = partnership.Turns.Where(t => !t.Withdrawn && t.Kind == TurnKind.Suspended && t.Part == part && Counts(t) && t.On.StartedBy(q.AsOf) != Certainty.No && by.Contains(t.By));
            found.Add(new(part, by, certainty, [.. turns.Select(t => BecauseBody.Of(new(t.Event, t.Position, partnership.Reference, "suspension", certainty, t.Sources), documents))]));
        }
        return found.Count == 0 ? null : found;

        bool Counts(Turn t) => !q.ServiceOnly || t.HomeOrganisation is null;
    }

    /// <summary>The locators whose sources an answer with the parts names.</summary>
    public static IEnumerable<Because> Reasons(PartnerStatus s) =>
        s.Facts.Partnership.Turns.Where(t => t is { Withdrawn: false, Kind: TurnKind.Suspended, Part: not null }).Select(t => new Because(t.Event, t.Position, null, "suspension", Certainty.Certain, t.Sources));

    /// <summary>The answer about one partnership, with what a list of many leaves out.</summary>
    public static async Task<StatusBody> WithFrame(
        this StatusBody body, PartnerStatus s, Asking asked, RegisterStore store, TwoClocks clocks, Caller caller, CancellationToken stop)
    {
        var (partnership, day) = (s.Facts.Partnership, asked.AsOf);
        var points = JsonSerializer.SerializeToNode(
            [.. partnership.FocalPointsAt(day).Select(f => new FocalPointShown(f.FocalPoint.Side, f.Certainty, f.FocalPoint.Event, f.FocalPoint.Person, f.FocalPoint.Office, f.FocalPoint.On))],
            BodiesJson.Of<FocalPointShown[]>())!;
        await RecordQueries.ShowReferences(points, store, clocks, s.Position, caller, stop);
        return body with
        {
            ReviewMonths = partnership.ReviewMonths,
            FocalPoints = points.Deserialize(BodiesJson.Of<FocalPointShown[]>()),
            Notes = [.. partnership.Notes.Where(n => !n.Withdrawn && n.On?.StartedBy(day) != Certainty.No).Select(n => new NoteShown(n.Text, n.ProtectedFor is null ? null : true, n.On, n.Event, n.RecordedAt))],
        };
    }
}

/// <param name="Part">What is suspended, as it was recorded.</param>
/// <param name="By">Whose suspensions stand, or may stand: home, the partner's code, joint.</param>
public sealed record SuspendedPartBody(string Part, IReadOnlyList<string> By, Certainty Certainty, IReadOnlyList<BecauseBody> Because);

/// <param name="Certainty">Possible where another may be it, or where nobody said since when.</param>
/// <param name="Event">By this id it is corrected and withdrawn.</param>
/// <param name="Person">Reference of the person.</param>
public sealed record FocalPointShown(Side Side, Certainty Certainty, Guid Event, string? Person = null, Office? Office = null, Edtf? On = null);

/// <param name="Protected">True where the note is protected: the partnership's list of notes shows it to whoever may see it.</param>
/// <param name="Event">By this id it is corrected and withdrawn.</param>
public sealed record NoteShown([property: JsonPropertyName("note")] string? Text, bool? Protected, Edtf? On, Guid Event, DateTime RecordedAt);
