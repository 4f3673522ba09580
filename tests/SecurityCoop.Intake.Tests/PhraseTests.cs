using Shouldly;
using Xunit;

namespace SecurityCoop.Intake.Tests;

/// <summary>Sentences one by one: the forces and topics of the words in which such texts usually speak.</summary>
public class PhraseTests
{
    [Fact]
    public void Each_sentence_has_its_force_and_its_topics()
    {
        var phrases = Phrase.All();
        phrases.Count.ShouldBeGreaterThan(150);
        phrases.Select(p => p.Error(IntakeReader.Default)).OfType<string>().ShouldBeEmpty();
    }
}
