using SecurityCoop.Register.Meetings;

namespace SecurityCoop.Intake.Reading;

/// <summary>The statements that one verb makes: of what is coordinated behind it.</summary>
static class StatementParts
{
    internal const int Short = 4;

    // Parts that are about the same are one statement; each step that is agreed stays one of its own.
    internal static List<(int Start, int To)> Of(SentenceReading s, Trigger t, int end, int from)
    {
        List<(int Start, int To)> parts = [.. Parts(s, t, end)];
        if (t.Force == Force.AgreedAction) return parts;
        var joined = new List<(int Start, int To)>();
        foreach (var part in parts)
        {
            // "…, ainsi que les menaces": what is listed apart was talked about apart, where it says about what.
            var apart = t.Force == Force.Discussed && s.Tokens[part.Start].Folded == "ainsi" && part.Start > t.Start
                && Topics.Of(s, part.Start, part.To).Count > 0;
            if (joined.Count > 0 && !apart && Topics.Same(Topics.Of(s, joined.Count == 1 ? from : joined[^1].Start, joined[^1].To),
                Topics.Of(s, part.Start, part.To))) joined[^1] = (joined[^1].Start, part.To);
            else joined.Add(part);
        }
        return joined;
    }

    // "convenu de créer … et de signer …", "examiner … et d'évaluer …", "…, ainsi que le renforcement …": several statements of one verb.
    static IEnumerable<(int, int)> Parts(SentenceReading s, Trigger t, int end)
    {
        var starts = new List<int> { t.Start };
        for (var i = t.End + Short; i + 2 < end; i++)
        {
            if (i - starts[^1] < Short + 1) continue;
            var word = s.Tokens[i];
            if (t.Force is Force.Discussed && word.Folded == "ainsi" && s.Tokens[i + 1].Folded is "que" or "qu" && end - i > 6
                && word.Mark is ',' && starts.Count < 3) starts.Add(i);
            else if (word.Mark is ',' && IsVerb(s, i, end, out var also) && Governs(s, t, also) && HasObject(s, starts[^1], i)
                && !Purpose(s, starts[^1], i)) starts.Add(i);
            else if (word.IsArabic)
            {
                // "على إنشاء … وعلى تنظيم …": the preposition goes on.
                if (s.Of("part.and").Any(f => f.Start == i) && (t.Force is Force.AgreedAction or Force.Intent)
                    && s.Tokens[t.Start..Math.Min(end, t.End + 5)].Exists(a => a.Is("علي"))) starts.Add(i);
            }
            else if (s.Found.Exists(f => f.Is("part.and") && f.Start == i) && IsVerb(s, i + 1, end, out var of) && Governs(s, t, of)
                && HasObject(s, starts[^1], i) && !Purpose(s, starts[^1], i)) starts.Add(i);
        }
        for (var i = 0; i < starts.Count; i++) yield return (starts[i], i + 1 < starts.Count ? starts[i + 1] : end);
    }

    // The preposition and the infinitive with which the complement goes on.
    static bool IsVerb(SentenceReading s, int at, int end, out string of)
    {
        of = at < end ? s.Tokens[at].Folded : "";
        if (of is not ("de" or "d" or "a" or "to") || at + 1 >= end) return false;
        var verb = s.Tokens[at + 1].Folded;
        return of == "to" || (verb.Length > 4 && !s.Tokens[at + 1].IsSmall && endings.Any(e => verb.EndsWith(e, StringComparison.Ordinal)));
    }

    static readonly string[] endings = ["er", "ir", "oir", "dre", "ttre", "itre", "ire", "vre", "pre"];

    // "de consolider et de développer cette coopération" is one step: the first verb has no object of its own.
    static bool HasObject(SentenceReading s, int from, int at)
    {
        var verb = at;
        for (var i = at - 1; i >= from; i--)
            if (IsVerb(s, i, at, out _)) { verb = i + 1; break; }
        return s.Tokens[Math.Min(verb + 1, at)..at].Count(t => !t.IsSmall) >= 2;
    }

    static bool Governs(SentenceReading s, Trigger t, string of)
    {
        for (var i = Math.Max(0, t.Start - 3); i < Math.Min(s.Tokens.Count - 1, t.End + 12); i++)
        {
            var word = s.Tokens[i].Folded;
            if ((word == of || (word is "de" or "d" && of is "de" or "d"))
                && (of == "to" || IsVerb(s, i, s.Tokens.Count, out _))) return true;
        }
        return false;
    }

    static bool Purpose(SentenceReading s, int from, int to) => s.Of("purpose").Any(p => p.Start >= from && p.Start < to);
}
