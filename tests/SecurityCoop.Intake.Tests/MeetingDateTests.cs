using SecurityCoop.Register.Time;
using Shouldly;
using Xunit;

namespace SecurityCoop.Intake.Tests;

/// <summary>The day of a meeting, beside what is known of the document's: never made up.</summary>
public class MeetingDateTests
{
    static ProposedMeeting Meeting(string when, string published) =>
        IntakeReader.Default.Read($"Le Directeur général de la Sûreté nationale, Abdellatif Hammouchi, a reçu, {when} à Rabat, l’ambassadeur du Portugal au Maroc.",
            new(Published: published.Length == 0 ? null : Edtf.Parse(published))).Meetings.ShouldHaveSingleItem();

    [Theory]
    [InlineData("mercredi", "2026-01-21", "2026-01-21")]
    [InlineData("mardi", "2026-01-21", "2026-01-20")]
    [InlineData("ce mardi", "2026-01-20", "2026-01-20")]
    [InlineData("mardi matin", "2026-01-20", "2026-01-20")]
    [InlineData("aujourd’hui", "2026-01-21", "2026-01-21")]
    [InlineData("hier", "2026-01-21", "2026-01-20")]
    [InlineData("aujourd’hui mardi", "2026-01-21", "2026-01-20")]
    [InlineData("lundi", "2024-11", "[2024-11-04,2024-11-11,2024-11-18,2024-11-25]")]
    [InlineData("le 12 novembre", "2024-11", "2024-11-12")]
    [InlineData("le mardi 12 novembre", "2024-11-13", "2024-11-12")]
    [InlineData("lundi 20 janvier 2025", "", "2025-01-20")]
    [InlineData("lundi et mardi", "2025-01-21", "2025-01-20/2025-01-21")]
    [InlineData("du 19 au 21 mars 2025", "", "2025-03-19/2025-03-21")]
    [InlineData("les 4 et 5 juin 2025", "", "2025-06-04/2025-06-05")]
    [InlineData("mardi", "", "")]
    [InlineData("aujourd’hui", "", "")]
    [InlineData("lundi", "2024", "")]
    public void Follows_from_its_words_and_the_day_of_the_document(string when, string published, string date) =>
        Meeting(when, published).Date.Value.Text.ShouldBe(date);

    [Fact]
    public void The_words_are_kept_where_they_cannot_be_placed() => Meeting("mardi", "").DateAsGiven.ShouldBe("mardi");

    [Fact]
    public void A_weekday_that_is_not_that_days_leaves_the_day_and_a_doubt()
    {
        var date = Meeting("mardi 20 janvier 2025", "").Date;
        (date.Value.Text, date.Sure).ShouldBe(("2025-01-20", Sureness.Low));
    }
}
