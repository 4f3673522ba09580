using SecurityCoop.Register.Meetings;

namespace SecurityCoop.Intake.Tests.Scoring;

/// <summary>Counts of one category: what was right, what was proposed, what there was.</summary>
public sealed class Count
{
    public int Right { get; set; }
    public int Proposed { get; set; }
    public int Gold { get; set; }

    public double Precision => Proposed == 0 ? 1 : (double)Right / Proposed;
    public double Recall => Gold == 0 ? 1 : (double)Right / Gold;
    public double F1 => Precision + Recall == 0 ? 0 : 2 * Precision * Recall / (Precision + Recall);

    internal void Add(int right, int proposed, int gold) => (Right, Proposed, Gold) = (Right + right, Proposed + proposed, Gold + gold);

    public override string ToString() => FormattableString.Invariant($"precision {Precision:0.00}  recall {Recall:0.00}  F1 {F1:0.00}  ({Right} right, {Proposed} proposed, {Gold} gold)");
}

/// <summary>Proposals against gold lists, over any number of texts, with the errors one by one.</summary>
public sealed class Score(IntakeReader reader)
{
    public Count Meetings { get; } = new();
    public Count Partners { get; } = new();
    public Count Dates { get; } = new();
    public Count Kinds { get; } = new();
    public Count People { get; } = new();
    public Count Statements { get; } = new();
    /// <summary>Of the gold statements, those that were found with their force.</summary>
    public Count Force { get; } = new();
    public Count Speakers { get; } = new();
    public Count Topics { get; } = new();
    public Count SetPhrases { get; } = new();
    /// <summary>Agreed actions and planned instruments.</summary>
    public Count Commitments { get; } = new();

    /// <summary>Text and place of each commitment that was not found.</summary>
    public List<string> MissedCommitments { get; } = [];
    public Count Acts { get; } = new();
    public List<string> Errors { get; } = [];

    public IEnumerable<(string Name, Count Count)> All =>
    [
        ("meetings", Meetings), ("partners", Partners), ("dates", Dates), ("kinds", Kinds), ("people", People), ("statements", Statements),
            ("force", Force), ("speakers", Speakers),
        ("topics", Topics), ("set phrases", SetPhrases), ("commitments", Commitments), ("acts done", Acts),
    ];

    public void Add(GoldText gold)
    {
        var read = reader.Read(gold.Text, gold.Known);
        OfMeetings(gold, read);
        OfStatements(gold, read);
        var acts = read.Acts.Select(a => $"{a.Kind.Value} {a.Act}{(a.On.Value.IsUnknown ? "" : " " + a.On.Value.Text)}").ToList();
        foreach (var act in gold.Acts.Except(acts)) Errors.Add($"{gold.Name}: act missing: {act}");
        foreach (var act in acts.Except(gold.Acts)) Errors.Add($"{gold.Name}: act invented: {act}");
        Acts.Add(acts.Intersect(gold.Acts).Count(), acts.Count, gold.Acts.Count);
    }

    void OfMeetings(GoldText gold, IntakeProposal read)
    {
        var left = read.Meetings.ToList();
        Meetings.Add(0, left.Count, gold.Meetings.Count);
        Partners.Add(0, left.Sum(m => m.Partners.Value.Count), gold.Meetings.Sum(m => m.Partners.Count));
        foreach (var told in gold.Meetings)
        {
            bool Fits(ProposedMeeting m) => m.State == told.State && m.Partners.Value.ToHashSet().SetEquals(told.Partners);
            var found = left.Find(m => Fits(m) && m.Date.Value.Text == told.Date) ?? left.Find(Fits);
            if (found is null)
            {
                Errors.Add($"{gold.Name}: meeting missing: {told.State} {string.Join('+', told.Partners)} {told.Date}");
                Partners.Add(read.Meetings.SelectMany(m => m.Partners.Value).Intersect(told.Partners).Count(), 0, 0);
                Dates.Add(0, 0, 1);
                continue;
            }
            left.Remove(found);
            Meetings.Add(1, 0, 0);
            Partners.Add(told.Partners.Count, 0, 0);
            Dates.Add(found.Date.Value.Text == told.Date ? 1 : 0, 1, 1);
            if (found.Date.Value.Text != told.Date) Errors.Add($"{gold.Name}: date of {string.Join('+', told.Partners)}: {found.Date.Value.Text} ({found.DateAsGiven}), not {told.Date}");
            Kinds.Add(found.Kind.Value == told.Kind ? 1 : 0, 1, 1);
            if (found.Kind.Value != told.Kind) Errors.Add($"{gold.Name}: kind of {string.Join('+', told.Partners)}: {found.Kind.Value}, not {told.Kind}");
            var names = found.Home.Concat(found.PartnerSide).Select(p => p.Name).OfType<string>().ToList();
            var right = told.People.Count(p => names.Any(n => n.Contains(p.Replace('_', ' '), StringComparison.OrdinalIgnoreCase)));
            People.Add(right, names.Count, told.People.Count);
            if (right < told.People.Count || names.Count > told.People.Count) Errors.Add($"{gold.Name}: people of {string.Join('+', told.Partners)}: [{string.Join(", ", names)}], not [{string.Join(", ", told.People)}]");
        }
        foreach (var m in left) Errors.Add($"{gold.Name}: meeting invented: {m.State} {string.Join('+', m.Partners.Value)} {m.Date.Value.Text} (sentence {string.Join(',', m.Sentences.Select(i => Where(read, i)))})");
    }

    static string Where(IntakeProposal read, int index) => $"{read.Sentences[index].Paragraph}.{read.Sentences[index].Number}";

    static bool Binds(Force force) => force is Register.Meetings.Force.AgreedAction or Register.Meetings.Force.PlannedInstrument;

    void OfStatements(GoldText gold, IntakeProposal read)
    {
        var left = read.Statements.ToList();
        bool Shares(ProposedStatement p, GoldStatement g) =>
            p.Sentences.Any(i => g.At.Contains((read.Sentences[i].Paragraph, read.Sentences[i].Number)));
        Statements.Add(0, left.Count, gold.Statements.Count);
        SetPhrases.Add(0, left.Count(p => p.Formulaic), gold.Statements.Count(g => g.Formulaic));
        Commitments.Add(0, left.Count(p => Binds(p.Force.Value)), gold.Statements.Count(g => Binds(g.Force)));
        Topics.Add(0, left.Sum(p => p.Topics.Count), gold.Statements.Sum(g => g.Topics.Count));
        // Those with the same force choose first.
        var pairs = new Dictionary<GoldStatement, ProposedStatement>();
        foreach (var sameForce in new[] { true, false })
            foreach (var g in gold.Statements.Where(g => !pairs.ContainsKey(g)))
            {
                var best = left.Where(p => Shares(p, g) && (!sameForce || p.Force.Value == g.Force))
                    .MaxBy(p => p.Topics.Count(t => g.Topics.Contains(t.Value)) - 0.1 * p.Topics.Count);
                if (best is null) continue;
                pairs[g] = best;
                left.Remove(best);
            }
        foreach (var g in gold.Statements)
        {
            var name = $"{gold.Name} {g.Key}";
            Force.Add(pairs.TryGetValue(g, out var p) && p.Force.Value == g.Force ? 1 : 0, 1, 1);
            if (Binds(g.Force) && (p is null || !Binds(p.Force.Value))) MissedCommitments.Add(name);
            if (p is null) { Errors.Add($"{name}: {g.Force} missing"); continue; }
            Statements.Add(1, 0, 0);
            if (p.Force.Value != g.Force) Errors.Add($"{name}: {p.Force.Value}, not {g.Force}");
            if (Binds(p.Force.Value) && Binds(g.Force)) Commitments.Add(1, 0, 0);
            Speakers.Add(p.Speaker.Value == g.Speaker ? 1 : 0, 1, 1);
            if (p.Speaker.Value != g.Speaker) Errors.Add($"{name}: speaker {p.Speaker.Value}, not {g.Speaker}");
            if (p.Formulaic && g.Formulaic) SetPhrases.Add(1, 0, 0);
            if (p.Formulaic != g.Formulaic) Errors.Add($"{name}: {(g.Formulaic ? "set phrase missed" : "taken for a set phrase")}");
            var topics = p.Topics.Select(t => t.Value).ToList();
            Topics.Add(topics.Intersect(g.Topics).Count(), 0, 0);
            if (!topics.ToHashSet().SetEquals(g.Topics)) Errors.Add($"{name}: topics {string.Join(',', topics)}, not {string.Join(',', g.Topics)}");
        }
        foreach (var p in left) Errors.Add($"{gold.Name} {string.Join('+', p.Sentences.Select(i => Where(read, i)))}: {p.Force.Value} invented{(p.Formulaic ? " ~" : "")} {string.Join(',', p.Topics.Select(t => t.Value))}");
    }
}
