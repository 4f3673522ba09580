using System.Reflection;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Pages;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Pages;

/// <summary>Sentences with places, and numbers of things in words.</summary>
public sealed class SentenceTests
{
    [Theory]
    [InlineData("On {day}, {actor} set it[: {on}].", "On 1, A set it: 2.")]
    [InlineData("On {day}, {actor} set it[: {due}].", "On 1, A set it.")]
    [InlineData("{actor}[, {due}][, {on}]", "A, 2")]
    [InlineData("{missing}", "…")]
    public void A_place_is_filled_and_a_bracket_with_an_empty_one_goes(string sentence, string told) =>
        string.Concat(Story.Fill(sentence, new() { ["day"] = "1", ["actor"] = "A", ["on"] = "2", ["due"] = null }).Select(p => p.Text)).ShouldBe(told);

    [Fact]
    public void Every_sentence_has_the_same_places_in_the_three_languages()
    {
        foreach (var (name, label) in StoryWords.Events) Places(label).Distinct().Count().ShouldBe(1, name);
        foreach (var label in (Label[])[StoryWords.Anything, StoryWords.Corrected, StoryWords.Refined, StoryWords.Preferred, StoryWords.Reported, StoryWords.Reason])
            Places(label).Distinct().Count().ShouldBe(1, label.En);

        static List<string> Places(Label label) => [.. new[] { label.Fr, label.En, label.Ar }.Select(text => string.Join(' ', System.Text.RegularExpressions.Regex.Matches(text, @"\{\w+\}").Select(m => m.Value).Order(StringComparer.Ordinal)))];
    }

    [Theory]
    [InlineData(0, "0 jour", "0 days", "0 يوم")]
    [InlineData(1, "1 jour", "1 day", "يوم واحد")]
    [InlineData(2, "2 jours", "2 days", "يومان")]
    [InlineData(7, "7 jours", "7 days", "7 أيام")]
    [InlineData(35, "35 jours", "35 days", "35 يوما")]
    [InlineData(100, "100 jours", "100 days", "100 يوم")]
    [InlineData(103, "103 jours", "103 days", "103 أيام")]
    public void Arabic_has_six_forms(int count, string fr, string en, string ar)
    {
        Plural.Days.Of(count, Language.French).ShouldBe(fr);
        Plural.Days.Of(count, Language.English).ShouldBe(en);
        Plural.Days.Of(count, Language.Arabic).ShouldBe(ar);
    }

    [Fact]
    public void Every_number_of_things_has_the_six_forms_of_Arabic()
    {
        const BindingFlags all = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        var plurals = typeof(Plural).Assembly.GetTypes().SelectMany(t => t.GetFields(all)).Where(f => f.FieldType == typeof(Plural)).ToList();
        plurals.Count.ShouldBePositive();
        foreach (var field in plurals)
        {
            var arms = ((Plural)field.GetValue(null)!).Ar;
            arms.Length.ShouldBe(6, field.Name);
            // One and two of a thing say so in a word of their own; a few, many and hundreds differ in their ending.
            (arms[1], arms[2], arms[3], arms[4]).ShouldSatisfyAllConditions(field.Name, _ => arms[1..5].ShouldBeUnique(), _ => arms[3].ShouldContain("{0}"));
        }
    }

    [Theory]
    [InlineData("fr", "اتفاق", "ar")]
    [InlineData("en", "accord", null)]
    [InlineData("ar", "accord", "fr")]
    [InlineData("ar", "DK-ACT-0001", null)]
    [InlineData("ar", "اتفاق", null)]
    public void Text_in_other_letters_says_its_language(string page, string text, string? lang) =>
        Language.All.Single(l => l.Code == page).LangOf(text).ShouldBe(lang);
}
