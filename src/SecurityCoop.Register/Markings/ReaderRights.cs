namespace SecurityCoop.Register.Markings;

/// <summary>How something is marked: its level, and the need-to-know groups to whose members alone it is shown.</summary>
/// <param name="Groups">Sorted; null where there is none.</param>
public sealed record Marks(Marking Marking, IReadOnlyList<string>? Groups = null)
{
    /// <summary>The higher level, and the groups of both: a reader of what is combined may read each part.</summary>
    public Marks And(Marking? marking, IReadOnlyList<string>? groups) => new(marking > Marking ? marking.Value : Marking, Union(Groups, groups));

    /// <inheritdoc cref="And(Marking?, IReadOnlyList{string}?)"/>
    public Marks And(Marks other) => And(other.Marking, other.Groups);

    /// <summary>Whether something marked so is shown to fewer than what is marked <paramref name="other"/>: a higher level, or one more group.</summary>
    public bool IsAbove(Marks other) => And(other) != other;

    /// <summary>Groups as events keep them: each once, in the order of their bytes; null where there is none.</summary>
    public static IReadOnlyList<string>? Sorted(IEnumerable<string>? groups) =>
        groups?.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray() is { Length: > 0 } sorted ? sorted : null;

    public bool Equals(Marks? other) => other is not null && Marking == other.Marking && (Groups ?? []).SequenceEqual(other.Groups ?? [], StringComparer.Ordinal);

    public override int GetHashCode() => HashCode.Combine(Marking, Groups?.Count ?? 0);

    static IReadOnlyList<string>? Union(IReadOnlyList<string>? one, IReadOnlyList<string>? other) =>
        other is null or { Count: 0 } ? one : one is null ? Sorted(other) : Sorted(one.Concat(other));
}

/// <summary>What somebody may read: up to a level, and of what is for groups what is for those that the reader is in.</summary>
public sealed class ReaderRights(Marking clearance, IReadOnlySet<string>? groups = null) : IEquatable<ReaderRights>
{
    readonly IReadOnlySet<string> groups = groups ?? none;

    static readonly IReadOnlySet<string> none = new HashSet<string>();

    /// <summary>Of the program itself, whoever asks it: everything.</summary>
    public static ReaderRights All { get; } = new(Marking.Secret) { IsAll = true };

    /// <summary>The highest level that may be read.</summary>
    public Marking Clearance => clearance;

    /// <summary>The need-to-know groups that the reader is in.</summary>
    public IReadOnlySet<string> Groups => groups;

    /// <summary>Whether nothing is hidden from these rights, of whatever group.</summary>
    public bool IsAll { get; private init; }

    /// <summary>Whether what is marked so may be read. Of several groups the reader needs to be in each.</summary>
    public bool Cover(Marking marking, IReadOnlyList<string>? its) =>
        marking <= clearance && (its is null or { Count: 0 } || IsAll || its.All(groups.Contains));

    /// <inheritdoc cref="Cover(Marking, IReadOnlyList{string}?)"/>
    public bool Cover(Marks marks) => Cover(marks.Marking, marks.Groups);

    /// <summary>Whether the record may be read; of its parts, <see cref="RecordState.HiddenParts"/> says which may not.</summary>
    public bool Cover(RecordState record) => Cover(record.Marking, record.Groups);

    public bool Equals(ReaderRights? other) => other is not null && clearance == other.Clearance && IsAll == other.IsAll
        && groups.SetEquals(other.groups);

    public override bool Equals(object? obj) => Equals(obj as ReaderRights);

    public override int GetHashCode() => HashCode.Combine(clearance, groups.Count);
}
