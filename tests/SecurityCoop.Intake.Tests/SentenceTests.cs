using System.Security.Cryptography;
using System.Text;
using Shouldly;
using Xunit;

namespace SecurityCoop.Intake.Tests;

/// <summary>Paragraphs and sentences count as the seeds count them (seeds/README.md).</summary>
public class SentenceTests
{
    static List<(int, int, string)> Sentences(string text) =>
        [.. IntakeReader.Default.Read(text).Sentences.Select(s => (s.Paragraph, s.Number, s.Span.Of(text)))];

    [Fact]
    public void Furniture_and_empty_lines_are_no_paragraphs() =>
        Sentences("\n date 2026-01-21 Partager Facebook\n\nUn. Deux !\n\nLire aussi : Trois\nAlso read: Four\nSous-titre\nCinq ? Six.\n")
            .ShouldBe([(1, 1, "Un."), (1, 2, "Deux !"), (2, 1, "Sous-titre"), (3, 1, "Cinq ?"), (3, 2, "Six.")]);

    [Fact]
    public void A_header_may_stand_before_the_first_sentence() =>
        Sentences(" date 2024-11 Le chef a reçu M. Alex. Fin.").ShouldBe([(1, 1, "Le chef a reçu M. Alex."), (1, 2, "Fin.")]);

    [Theory]
    [InlineData("M. Dupont et Mme. Durand sont là.")]
    [InlineData("Mr. A. Smith met Dr. B. Jones.")]
    [InlineData("RABAT, Feb. 12, 2025 (MAP) - He spoke.")]
    public void Abbreviations_and_initials_end_no_sentence(string text) => Sentences(text).Count.ShouldBe(1);

    [Fact]
    public void The_digest_is_of_the_exact_sentence_trimmed_in_utf8() =>
        IntakeReader.Default.Read("  L’été. Fin.  ").Sentences[0].Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("L’été."))));

    [Theory]
    [InlineData("date 2026-01-21 Partager Facebook\nTexte.", "2026-01-21")]
    [InlineData("date 2024-11 Texte.", "2024-11")]
    [InlineData("Publié le 14/05/2025 à 18:42\nTexte.", "2025-05-14")]
    [InlineData("Published on 12 June 2025\nText.", "2025-06-12")]
    [InlineData("نشر في 18 نونبر 2025\nنص.", "2025-11-18")]
    [InlineData("mardi 14 novembre 2023\nTexte.", "2023-11-14")]
    [InlineData("Texte sans jour.", "")]
    public void The_day_of_the_document_is_read_from_its_page(string text, string day) =>
        IntakeReader.Default.Read(text).Source.Published.Value.Text.ShouldBe(day);
}
