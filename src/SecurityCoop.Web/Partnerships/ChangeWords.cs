using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Pages;

namespace SecurityCoop.Web.Partnerships;

/// <summary>What changed between two states of knowledge, as people say it: "DK: contact → committed, because of DK-ACT-0001".</summary>
static class ChangeWords
{
    static readonly Label
        changed = new("{0} : {1} → {2}", "{0}: {1} → {2}", "{0}: {1} ← {2}"),
        changedBecause = new("{0} : {1} → {2}, en raison de {3}", "{0}: {1} → {2}, because of {3}", "{0}: {1} ← {2}، بسبب {3}"),
        same = new("{0} : {1}, sans changement", "{0}: {1}, as before", "{0}: {1}، دون تغيير"),
        added = new("{0} : à signaler désormais : {1}", "{0}: now to note: {1}", "{0}: أصبح يسترعي الانتباه: {1}"),
        addedBecause = new("{0} : à signaler désormais : {1}, en raison de {2}", "{0}: now to note: {1}, because of {2}", "{0}: أصبح يسترعي الانتباه: {1}، بسبب {2}"),
        removed = new("{0} : n’est plus à signaler : {1}", "{0}: no longer to note: {1}", "{0}: لم يعد يسترعي الانتباه: {1}"),
        record = new("{0} : {1}", "{0}: {1}", "{0}: {1}"),
        // What a record is about stands in the language in which it was recorded: in an Arabic line it keeps its own direction.
        recordAbout = new("{0} ({2}) : {1}", "{0} ({2}): {1}", "{0} (\u2068{2}\u2069): {1}");

    public static readonly Label And = new(" et ", " and ", " و");

    public static IEnumerable<string> Of(string partner, StatusBody was, StatusBody now, IReadOnlyList<string> causes, IReadOnlyList<RecordChange> records, Language l)
    {
        var (before, after) = (Standing(was, l), Standing(now, l));
        yield return before == after ? l.Say(same, partner, after)
            : causes.Count == 0 ? l.Say(changed, partner, before, after) : l.Say(changedBecause, partner, before, after, l.Join(causes, And));
        foreach (var m in now.Modifiers.Where(m => !was.Modifiers.Any(w => w.Code == m.Code)))
        {
            var named = m.Because.Select(b => b.Record).OfType<string>().Distinct().ToList();
            yield return named.Count == 0 ? l.Say(added, partner, Doubtful(Lower(l.Say(Labels.Modifiers, m.Code), l), m.Certainty, l))
                : l.Say(addedBecause, partner, Doubtful(Lower(l.Say(Labels.Modifiers, m.Code), l), m.Certainty, l), l.Join(named, And));
        }
        foreach (var m in was.Modifiers.Where(m => !now.Modifiers.Any(n => n.Code == m.Code))) yield return l.Say(removed, partner, Lower(l.Say(Labels.Modifiers, m.Code), l));
        foreach (var r in records)
        {
            var what = l.Join([.. r.Types.Select(t => Lower(Words.Event(t, l), l)).Distinct()], And);
            yield return r.About is null ? l.Say(record, r.Reference!, what) : l.Say(recordAbout, r.Reference!, what, r.About);
        }
    }

    /// <summary>The status as it stands within a sentence.</summary>
    public static string Standing(StatusBody s, Language l) => Doubtful(Status(s.Status, l), s.Certainty, l);

    public static string Status(string status, Language l) => Lower(l.Say(Labels.PartnershipStatuses, status), l);

    static string Doubtful(string text, Certainty certainty, Language l) => certainty == Certainty.Possible ? $"{text} ({l.Say(Words.Possible)})" : text;

    // Labels begin with a capital, as they stand alone; within a sentence they do not.
    public static string Lower(string text, Language l) => text.Length == 0 ? text : char.ToLower(text[0], l.Culture) + text[1..];
}
