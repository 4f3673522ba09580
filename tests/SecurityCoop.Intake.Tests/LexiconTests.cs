using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using SecurityCoop.Intake.Lexicons;
using SecurityCoop.Register.Vocabulary;
using Shouldly;
using Xunit;

namespace SecurityCoop.Intake.Tests;

public class LexiconTests
{
    [Fact]
    public void Every_topic_and_instrument_kind_of_the_vocabulary_has_words_and_no_lexicon_names_another()
    {
        var topics = Keys("topic.");
        topics.ShouldBe(Vocabulary.Default.Topics.Keys, ignoreOrder: true);
        Keys("instrument.").Except(["sign", "planned", "signed", "force", "will", "signature"])
            .ShouldBe(Vocabulary.Default.InstrumentKinds.Keys, ignoreOrder: true);
        Keys("kind.").ShouldBeSubsetOf(Vocabulary.Default.MeetingKinds.Keys);
        Keys("partner.").ShouldBeSubsetOf(Countries.All.Keys.Concat(Vocabulary.Default.PartnerOrganisations.Keys));
    }

    static List<string> Keys(string prefix) => [.. Lexicon.Default.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal))
        .Select(k => k[prefix.Length..])];

    const string Text = "Abdellatif Hammouchi a reçu à Rabat l’ambassadeur de Suisse. Ils ont parlé de drones.";

    [Fact]
    public void An_office_adds_words_of_its_own()
    {
        IntakeReader.Default.Read(Text).Statements.ShouldBeEmpty();
        var reader = new IntakeReader(Lexicon.Default.With("force.discussed = ont parle de\ntopic.TEC = drone*", "fr"));
        var statement = reader.Read(Text).Statements.ShouldHaveSingleItem();
        statement.Topics.ShouldHaveSingleItem().Value.ShouldBe("TEC");
    }

    [Fact]
    public void A_line_without_a_key_is_refused() => Should.Throw<FormatException>(() => Lexicon.Default.With("ont parle de", "fr"));

    /// <summary>The reader is pure: no clock, no chance, no file, no network, no package.</summary>
    [Fact]
    public void The_reader_uses_no_clock_no_chance_and_no_io()
    {
        using var file = File.OpenRead(typeof(IntakeReader).Assembly.Location);
        using var pe = new PEReader(file);
        var model = pe.GetMetadataReader();
        var types = model.TypeReferences.Select(t => model.GetString(model.GetTypeReference(t).Name)).ToList();
        types.ShouldContain("SHA256", "the test reads what the reader uses");
        types.Intersect(["Random", "Stopwatch", "TimeProvider", "File", "FileStream", "Directory", "Console", "Process", "Thread", "Task",
            "HttpClient", "Socket"]).ShouldBeEmpty();
        model.AssemblyReferences.Select(a => model.GetString(model.GetAssemblyReference(a).Name))
            .Where(r => !r.StartsWith("System.", StringComparison.Ordinal)).ShouldBe(["SecurityCoop.Register"]);
    }
}
