using SecurityCoop.Register;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Status;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Pages;

namespace SecurityCoop.Web.Partnerships;

/// <summary>A reason as people read it.</summary>
/// <param name="What">What kind of thing it is, in the page's language.</param>
/// <param name="Text">What was said, agreed or signed, in the language in which it was recorded.</param>
/// <param name="On">When; absent where the reason has no day of its own.</param>
sealed record ReasonWords(string What, string? Text, Edtf? On)
{
    public static ReasonWords Of(BecauseBody b, PartnershipFacts facts, DateOnly asOf, Language l)
    {
        switch (b.Kind)
        {
            case "statement":
                var said = facts.Meetings.SelectMany(m => m.Statements.Select(s => (Statement: s, On: (Edtf?)m.Details!.Date)))
                    .Concat(facts.Partnership.Statements.Select(s => (Statement: s, s.On))).FirstOrDefault(s => s.Statement.Event == b.Event);
                return new(said.Statement is { } s ? l.Say(Labels.Forces, Slug.Of(s.Said.Force)) : b.Kind, said.Statement is { ProtectedFor: not null } ? l.Say(Words.ProtectedText) : said.Statement?.Said.Text, said.On);
            case "meeting":
                var meeting = facts.Meetings.FirstOrDefault(m => m.Reference == b.Record)?.Details;
                return new(meeting is null ? b.Kind : l.Say(Vocabulary.Default.MeetingKinds, meeting.Kind), null, meeting?.Date);
            case "action":
                var action = facts.Actions.FirstOrDefault(a => a.Reference == b.Record)?.Details;
                return new(l.Say(Labels.Forces, Slug.Of(Force.AgreedAction)), action?.What, action?.On);
            case "report" or "preferred":
                var field = facts.Records.Values.Where(r => r.Reference == b.Record).SelectMany(r => r.Reports ?? [], (r, f) => ReportedFieldBody.From(r, f))
                    .FirstOrDefault(f => f.Chosen?.Event == b.Event || f.Readings.Any(r => r.Event == b.Event));
                var reading = b.Kind == "report" ? field?.Readings.First(r => r.Event == b.Event) : field?.Readings.First(r => r.Standing == "preferred");
                var value = reading?.Value is { } v ? RecordPages.Text(System.Text.Json.Nodes.JsonNode.Parse(v.GetRawText())) : null;
                return new(l.Say(b.Kind == "report" ? Words.Report : Words.Preferred, $"{field?.Field}: {value ?? "—"}"), b.Reason, null);
            case "refined" or "corrected" or "reclassified" or "set":
                return new(l.Say(Words.ChangedValues[b.Kind]), b.Reason, null);
            case "reported-done":
                var done = facts.Actions.FirstOrDefault(a => a.Reference == b.Record);
                return new(l.Say(Labels.ActionStates, b.Kind), done?.Details?.What, done?.Changes.FirstOrDefault(c => c.Event == b.Event)?.On);
            case "suspension":
                return new(l.Say(Words.Suspension), null, null);
        }
        var instrument = facts.Instruments.FirstOrDefault(i => i.Reference == b.Record);
        var title = instrument?.Details?.Title;
        if (b.Kind == "instrument") return new(instrument is null ? b.Kind : l.Say(Vocabulary.Default.InstrumentKinds, instrument.Details!.Kind), title, null);
        if (b.Kind == "superseded-by") return new(l.Say(Words.SupersededBy), title, instrument?.Supersessions.FirstOrDefault(x => x.Event == b.Event)?.Said.On);
        if (b.Kind == "term") return new(l.Say(Words.Term), title, instrument?.TermDaysAt(asOf, facts.Partner).FirstOrDefault(t => t.Term.Event == b.Event) is { } days ? days.End(days.PeriodAt(asOf)) : null);
        var act = instrument?.Acts.Concat(instrument.Computed(asOf, facts.Partner)).FirstOrDefault(a => a.Event == b.Event && a.Name == b.Kind);
        return new(b.Kind == "expired" ? l.Say(Labels.InstrumentStates, b.Kind) : l.Say(Labels.InstrumentActs, b.Kind), title, act?.On);
    }
}
