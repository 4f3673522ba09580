namespace SecurityCoop.Register.Meetings;

/// <summary>Who sat at a meeting, as it is shown once records of people were merged.</summary>
public static class Participants
{
    /// <summary>
    /// Each person once on a side: two participants who turned out to be one person are one, with all that was said of the two (model.md, "Settled in
    /// November 2026", Merging). Stored events keep both, since corrections count participants as they were recorded.
    /// </summary>
    /// <param name="standsFor">The record that stands for a person's: the survivor of a merge, or itself.</param>
    public static IReadOnlyList<Participant> Once(IReadOnlyList<Participant> people, Func<string, string> standsFor)
    {
        var once = new List<Participant>();
        foreach (var p in people.Select(p => p.Person is { } person ? p with { Person = standsFor(person) } : p))
        {
            var known = p.Person is null ? -1 : once.FindIndex(o => o.Person == p.Person);
            if (known < 0) once.Add(p);
            else
                once[known] = once[known] with
                {
                    Office = once[known].Office ?? p.Office, Description = once[known].Description ?? p.Description,
                    Partner = once[known].Partner ?? p.Partner,
                };
        }
        return once;
    }
}
