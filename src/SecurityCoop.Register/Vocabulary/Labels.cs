using System.Text.Json;

namespace SecurityCoop.Register.Vocabulary;

/// <summary>
/// What people read for the codes that the model itself decides by, each table by slug in the model's order (labels.json). What an office can
/// extend is in <see cref="Vocabulary"/>.
/// </summary>
public static class Labels
{
    static readonly LabelsFile file = Read();

    /// <summary>The force of a statement.</summary>
    public static IReadOnlyDictionary<string, Label> Forces => file.Forces;

    public static IReadOnlyDictionary<string, Label> PartnershipStatuses => file.PartnershipStatuses;

    /// <summary>What is said beside a partnership's status: overdue, dormant, …</summary>
    public static IReadOnlyDictionary<string, Label> Modifiers => file.Modifiers;

    /// <summary>Who may see a record, from open to secret.</summary>
    public static IReadOnlyDictionary<string, Label> Markings => file.Markings;

    public static IReadOnlyDictionary<string, Label> Roles => file.Roles;

    public static IReadOnlyDictionary<string, Label> ActionStates => file.ActionStates;

    /// <summary>The kinds of act: what has been done to an instrument.</summary>
    public static IReadOnlyDictionary<string, Label> InstrumentActs => file.InstrumentActs;

    /// <summary>Where an instrument stands after its acts.</summary>
    public static IReadOnlyDictionary<string, Label> InstrumentStates => file.InstrumentStates;

    public static IReadOnlyDictionary<string, Label> MeetingStates => file.MeetingStates;

    /// <summary>certain, possible; what does not hold is not shown.</summary>
    public static IReadOnlyDictionary<string, Label> Certainties => file.Certainties;

    static LabelsFile Read()
    {
        using var json = LabelJson.Embedded("labels.json");
        return JsonSerializer.Deserialize(json, LabelJson.Default.LabelsFile)!;
    }
}

sealed record LabelsFile(
    Dictionary<string, Label> Forces, Dictionary<string, Label> PartnershipStatuses, Dictionary<string, Label> Modifiers,
    Dictionary<string, Label> Markings, Dictionary<string, Label> Roles, Dictionary<string, Label> ActionStates,
    Dictionary<string, Label> InstrumentActs, Dictionary<string, Label> InstrumentStates, Dictionary<string, Label> MeetingStates,
    Dictionary<string, Label> Certainties);
