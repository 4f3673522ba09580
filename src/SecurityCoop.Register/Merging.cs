using SecurityCoop.Register.People;

namespace SecurityCoop.Register;

/// <summary>The record turned out to be the same thing as another, which stands for both from here on.</summary>
public interface IMerged { string Into { get; } }

/// <summary>Another record of the same thing was merged into this one.</summary>
public interface IAbsorbed { string From { get; } }

/// <summary>Two records of one person, or of one organisation. Both references keep working; what is recorded from here on belongs to the survivor.</summary>
public static class Merging
{
    /// <summary>Merges a record into another of its kind; already so, it changes nothing.</summary>
    /// <param name="asked">The stream that the command names, which may itself have been merged.</param>
    /// <param name="into">The stream that stands for it: the survivor.</param>
    /// <param name="countries">The countries of the two, where they say one.</param>
    /// <exception cref="Refusal">itself, merge-cycle, at /into; merged where it was merged into a third; merge-differs where they are certainly two; erased where a person's values would come back under the
    /// name of one who was erased: erase the record first.</exception>
    public static IReadOnlyList<StreamFacts> Merge<T>(string stream, T gone, string asked, string into, T stays, (string? Gone, string? Stays) countries, Func<string, object> merged, Func<string, object> absorbed) where T : RecordState
    {
        gone.Standing("record");
        if (asked == stream) throw Refusal.OfField("/into", "itself");
        if (gone.MergedInto == into) return [];
        if (gone.MergedInto is not null) throw Refusal.Because("merged", gone.Reference!);
        stays.Standing("record");
        if (into == stream || stays.MergedInto is not null) throw Refusal.OfField("/into", "merge-cycle", gone.Reference!);
        if (countries is ({ } one, { } other) && one != other) throw Refusal.Because("merge-differs", gone.Reference!, one, stays.Reference!, other);
        if (stays is Person { Erased: not null } && gone is Person { Erased: null }) throw Refusal.Because("erased", stays.Reference!);
        return [new(stream, [new(merged(into))]), new(into, [new(absorbed(stream))])];
    }

    internal static T Merged<T>(this T record, object e) where T : RecordState => e switch
    {
        IMerged x => record with { MergedInto = x.Into },
        IAbsorbed x => record with { Absorbed = [.. record.Absorbed ?? [], x.From] },
        _ => record,
    };
}
