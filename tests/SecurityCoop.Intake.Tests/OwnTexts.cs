using SecurityCoop.Intake.Tests.Scoring;
using Shouldly;
using Xunit;

namespace SecurityCoop.Intake.Tests;

/// <summary>The project's own texts with their gold lists, in three languages, with the traps of issue 16.</summary>
public class OwnTexts
{
    internal static List<GoldText> All() =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Texts"), "*.txt").Order(StringComparer.Ordinal)
            .Select(GoldText.Load)];

    internal static Score Scored(IntakeReader reader)
    {
        var score = new Score(reader);
        foreach (var text in All()) score.Add(text);
        return score;
    }

    static readonly Lazy<Score> scored = new(() => Scored(IntakeReader.Default));

    static string Errors => string.Join('\n', scored.Value.Errors);

    [Fact]
    public void There_are_ten_texts_and_more_in_three_languages()
    {
        All().Count.ShouldBeGreaterThanOrEqualTo(10);
        All().Select(t => IntakeReader.Default.Read(t.Text).Source.Language.Value).Distinct().Order().ShouldBe(["ar", "en", "fr"]);
    }

    [Fact]
    public void Meetings_partners_and_dates_are_right()
    {
        scored.Value.Meetings.F1.ShouldBe(1, Errors);
        scored.Value.Partners.F1.ShouldBe(1, Errors);
        scored.Value.Dates.F1.ShouldBe(1, Errors);
    }

    [Fact]
    public void Every_commitment_but_one_is_found_and_none_invented()
    {
        scored.Value.Commitments.Gold.ShouldBeGreaterThanOrEqualTo(15);
        // "Un officier de liaison marocain rejoindra le siège": nothing but the future tense says that it is agreed.
        scored.Value.MissedCommitments.ShouldBe(["fr-europol 6.1"], Errors);
        scored.Value.Commitments.Precision.ShouldBe(1, Errors);
    }

    [Fact]
    public void Force_topics_speakers_and_set_phrases_meet_the_targets()
    {
        scored.Value.Force.Recall.ShouldBeGreaterThanOrEqualTo(0.9, Errors);
        scored.Value.Statements.Precision.ShouldBeGreaterThanOrEqualTo(0.9, Errors);
        scored.Value.Speakers.Recall.ShouldBeGreaterThanOrEqualTo(0.9, Errors);
        scored.Value.Topics.F1.ShouldBeGreaterThanOrEqualTo(0.85, Errors);
        scored.Value.SetPhrases.F1.ShouldBeGreaterThanOrEqualTo(0.9, Errors);
    }

    [Fact]
    public void Kinds_people_and_acts_done_meet_the_targets()
    {
        scored.Value.Kinds.Recall.ShouldBeGreaterThanOrEqualTo(0.9, Errors);
        scored.Value.People.F1.ShouldBeGreaterThanOrEqualTo(0.9, Errors);
        scored.Value.Acts.F1.ShouldBeGreaterThanOrEqualTo(0.9, Errors);
    }

    [Fact]
    public void A_text_of_third_parties_a_match_and_an_interview_tells_of_no_meeting()
    {
        var read = IntakeReader.Default.Read(All().Single(t => t.Name == "fr-tiers").Text);
        read.Meetings.ShouldBeEmpty();
        read.Statements.ShouldBeEmpty();
        read.Notes.Select(n => n.Code).ShouldContain("meeting-of-others");
    }

    [Fact]
    public void Every_proposed_value_that_is_not_empty_says_which_words_led_to_it()
    {
        foreach (var text in All())
        {
            var read = IntakeReader.Default.Read(text.Text, text.Known);
            foreach (var m in read.Meetings)
            {
                m.Partners.Because.ShouldNotBeEmpty(text.Name);
                if (!m.Date.Value.IsUnknown) m.Date.Because.ShouldNotBeEmpty(text.Name);
                foreach (var p in m.Home.Concat(m.PartnerSide).Where(p => p.Name is not null)) p.Span.Of(text.Text).ShouldBe(p.Name);
            }
            foreach (var s in read.Statements)
            {
                s.Force.Because.ShouldNotBeEmpty(text.Name);
                foreach (var topic in s.Topics) topic.Because.ShouldNotBeEmpty(text.Name);
                foreach (var because in s.Force.Because.Concat(s.Topics.SelectMany(t => t.Because))) because.Of(text.Text)
                    .ShouldNotBeNullOrWhiteSpace();
            }
        }
    }

    [Fact]
    public void No_sentence_of_the_text_is_taken_over_into_what_is_proposed_to_be_recorded()
    {
        foreach (var text in All())
        {
            var read = IntakeReader.Default.Read(text.Text, text.Known);
            var sentences = read.Sentences.Select(s => s.Span.Of(text.Text)).Where(s => s.Length > 60).ToList();
            foreach (var written in read.Statements.SelectMany(s => new[] { s.Action?.What, s.Instrument?.Title }).OfType<string>())
                sentences.ShouldNotContain(s => s.Contains(written, StringComparison.Ordinal) && written.Length > 60);
        }
    }
}
