using System.Text;
using SecurityCoop.Ledger.Tests.Differential;

namespace SecurityCoop.Ledger.Tests;

/// <summary>Histories that the given key did not sign, tied to it in every way that an event can; both programs find each.</summary>
public sealed class ForgeryTests(ForgeryTests.Verifiers verifiers) : IClassFixture<ForgeryTests.Verifiers>
{
    /// <summary>Of bundles/register.bundle, which the register of November 2026 wrote, and of the two bundles that an outsider forged under it.</summary>
    public const string KeyOfRegister = "securitycoop/8ad8f9b8-cf2b-46ea-85fb-372f80117cce+c8cca7c1+AXG8nrDf0zwqLr9C7IsyTgm7Yx+gp6GvGryv9H4y5kMR";

    private const string Invented = "{\"partner\":\"FORGED\"}";

    private static readonly SigningKey own = SigningKey.Make(Draft.Origin), next = SigningKey.Make(Draft.Origin), forger = SigningKey.Make(Draft.Origin);
    private static readonly SigningKey second = SigningKey.Make(Draft.Origin + "/2"), evil = SigningKey.Make("securitycoop/evil");

    private static Draft Genuine => new Draft().Add("sample-1").Add("sample-2").Sign(own);

    private static Draft Invent(Draft draft) => draft.Add("partnership-GB", "partnership_opened", Invented);

    // What is genuine and does not fit what was invented, with its signature.
    private static Draft WithGenuineCheckpoint(Draft draft)
    {
        draft.Checkpoints.Insert(0, Genuine.Checkpoints[0] with { Note = Genuine.NoteOf(Genuine.Checkpoints[0]) });
        draft.Keys.Insert(0, $"{own.Public}");
        return draft;
    }

    public static readonly TheoryData<string> Forgeries = [.. forgeries.Keys];

    private static Dictionary<string, (Func<Draft> Made, SigningKey Given, string Words)> forgeries => new()
    {
        ["a rotation to the given key"] = (() => Invent(new()).Rotated(forger, own).Sign(forger), own, "of 2 events"),
        ["a rotation from the given key"] = (() => Invent(new()).Rotated(own, forger).Sign(forger), own, "of 2 events"),
        ["the forger's key as the one before the given one"] = (() => Invent(new()).Opened(own, 0, evil).Sign(evil), own, "of 2 events"),
        ["a new origin, after the given key"] = (() => Invent(new()).Opened(evil, 0, own).Sign(evil), own, "of 2 events"),
        ["a genuine checkpoint left behind, and a rotation that it seems to cover"] =
            (() => WithGenuineCheckpoint(Invent(new Draft().Opened(second, 0, own).Rotated(own, forger)).Rotated(forger, own).Sign(forger)), own, "of 4 events"),
        ["a genuine checkpoint left behind by a new origin of the forger's"] = (() => WithGenuineCheckpoint(Invent(new Draft().Opened(evil, 0, own)).Rotated(own, forger).Sign(evil)), own, "of 3 events"),
        ["appended to what is genuine, by a rotation from the given key"] = (() => Invent(Genuine.Rotated(own, forger)).Sign(forger), own, "of 4 events"),
        ["appended to what is genuine, by a rotation to the given key"] = (() => Invent(Genuine.Rotated(forger, own)).Sign(forger), own, "of 4 events"),
        ["appended to what is genuine, by a new origin"] = (() => Invent(Genuine.Opened(evil, 2, own)).Sign(evil), own, "of 4 events"),
        ["appended to what is genuine, by the forger's key as the one before"] = (() => Invent(Genuine.Opened(second, 2, forger)).Sign(forger), own, "of 4 events"),
        ["appended by whoever learnt a key that was replaced"] = (() => Invent(Genuine.Rotated(own, next).Sign(own, next)).Sign(own), next, "that the log has replaced"),
        ["appended by whoever learnt a key that was replaced, as a new origin"] =
            (() => Invent(Genuine.Opened(second, 2, own).Sign(second).Opened(own, 3, second)).Sign(own), second, "that the log has replaced"),
        ["appended by whoever learnt a key that was replaced, by a rotation to another"] = (() => Invent(Genuine.Rotated(own, next).Sign(own, next).Rotated(own, forger)).Sign(own, forger), next, "that the log has replaced"),
        ["appended by whoever learnt a key that was replaced, by a rotation to another that goes on"] =
            (() => Invent(Genuine.Rotated(own, next).Sign(own, next).Rotated(own, forger)).Sign(own, forger).Add("sample-1").Sign(forger), next, "that nothing ties"),
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public void A_history_that_the_given_key_did_not_sign_is_broken(string forgery)
    {
        var (made, given, words) = forgeries[forgery];
        verifiers.BothSay(1, words, made().Build(), $"{given.Public}");
    }

    [Theory]
    [InlineData("forged-1-rotated-to.bundle", "position 2")]
    [InlineData("forged-4-left-behind.bundle", "position 2")]
    public void What_an_outsider_forged_is_broken(string name, string words) => verifiers.BothSay(1, words, Verifiers.Stored(name), KeyOfRegister);

    [Fact]
    public void What_the_register_wrote_in_November_2026_is_sound() => verifiers.BothSay(0, "SOUND: 126 events", Verifiers.Stored("register.bundle"), KeyOfRegister);

    [Fact]
    public void Where_only_rotations_lie_between_every_key_checks_the_whole_history()
    {
        var third = SigningKey.Make(Draft.Origin, KeyType.Ecdsa);
        var bundle = Genuine.Rotated(own, next).Sign(own, next).Add("sample-1").Rotated(next, third).Sign(next, third).Add("sample-2").Sign(third).Build();
        foreach (var given in new[] { own, next, third }) verifiers.BothSay(0, "SOUND: 6 events", bundle, $"{given.Public}");
        verifiers.BothSay(1, "nothing ties", bundle, $"{forger.Public}");
    }

    [Fact]
    public void A_new_origin_after_the_given_key_is_for_the_operator_to_vouch_for()
    {
        var bundle = Genuine.Opened(second, 2, own).Add("sample-1").Sign(second).Build();
        verifiers.BothSay(1, "position 3: the checkpoint of 4 events", bundle, $"{own.Public}");
        verifiers.BothSay(1, "its operator must give the new key", bundle, $"{own.Public}");
        verifiers.BothSay(0, "at position 3 the log went on as", bundle, $"{second.Public}");
    }

    [Fact]
    public void An_empty_log_is_sound_once_it_is_signed()
    {
        verifiers.BothSay(0, "SOUND: 0 events", new Draft().Sign(own).Build(), $"{own.Public}");
        verifiers.BothSay(1, "there is no key", new Draft().Build(), $"{own.Public}");
    }

    [Fact]
    public void Checkpoints_stand_in_order_of_their_size_and_once()
    {
        var draft = Genuine.Add("sample-1").Sign(own);
        draft.Checkpoints.Reverse();
        verifiers.BothSay(1, "stands after", draft.Build(), $"{own.Public}");
        verifiers.BothSay(1, "two checkpoints of", Genuine.Sign(own).Build(), $"{own.Public}");
    }

    [Fact]
    public void A_value_is_not_also_in_the_clear()
    {
        var draft = Genuine.Add("sample-1", values: [("/name", "person-1", Bundle.Withheld)]);
        var e = draft.Events[^1];
        draft.Events[^1] = e with { Body = Encoding.UTF8.GetBytes("{\"name\":\"x\"}"), Header = e.Header.Replace(Draft.Digest("{\"name\":null}"), Draft.Digest("{\"name\":\"x\"}")) };
        verifiers.BothSay(1, "position 3: the body does not hold null at /name", draft.Sign(own).Build(), $"{own.Public}");
    }

    [Fact]
    public void Groups_are_a_sorted_array_of_texts_in_the_registers_own_headers()
    {
        void Judge(int exit, string words, string groups, string form = "\"v\":1")
        {
            var draft = Genuine.Add("sample-1", more: $",\"groups\":{groups}");
            draft.Events[^1] = draft.Events[^1] with { Header = draft.Events[^1].Header.Replace("\"v\":1", form) };
            verifiers.BothSay(exit, words, draft.Sign(own).Build(), $"{own.Public}");
        }

        Judge(0, "SOUND", "[\"desk-dk\",\"desk-gb\"]");
        foreach (var wrong in (string[])["[]", "[\"b\",\"a\"]", "[\"a\",\"a\"]", "[1]", "[\"\"]", "\"a\"", "null"]) Judge(1, "position 3: the header", wrong);
        Judge(1, "position 3: the header", "[\"a\"]", "\"v\":2");
    }

    [Theory]
    [InlineData(0, "EL", "one withheld event may be the erasure")]
    [InlineData(1, "E", "nothing follows")]
    [InlineData(1, "LE", "what was withheld came before")]
    [InlineData(1, "EFL", "one withheld event is not two persons' erasure")]
    [InlineData(0, "EFLL", "one for each")]
    [InlineData(1, "ELFL2", "one of them is a missing version")]
    [InlineData(0, "ELFLL2", "one for each, and one that is a missing version")]
    [InlineData(0, "EL1", "the missing version is the erasure")]
    [InlineData(1, "LE1", "the missing version came before the value")]
    public void A_withheld_event_stands_for_one_event(int exit, string events, string why)
    {
        // E, F: a value of the first, the second person that is said to be erased. L: withheld. 1: an event of the first person, one version later. 2: likewise of a sample.
        var draft = new Draft();
        foreach (var e in events)
            switch (e)
            {
                case 'E': draft.Add("a", values: [("/name", "person-1", Bundle.Erased)]); break;
                case 'F': draft.Add("b", values: [("/name", "person-2", Bundle.Erased)]); break;
                case 'L': draft.Add(events.EndsWith('2') ? "sample" : "person-1", withheld: true); break;
                case '1': draft.Add("person-1"); break;
                case '2':
                    draft.Add("sample");
                    draft.Events[^1] = draft.Events[^1] with { Header = draft.Events[^1].Header.Replace($"\"version\":{events.Count(c => c == 'L') + 1}", "\"version\":2") };
                    break;
            }
        verifiers.BothSay(exit, exit == 0 ? "SOUND" : "no erasure of person-", draft.Sign(own).Build(), $"{own.Public}", why);
    }

    /// <summary>SecurityCoop.Verify and docs/verify.py.</summary>
    public sealed class Verifiers : IDisposable
    {
        private readonly string folder = Directory.CreateTempSubdirectory("forged-").FullName;
        private readonly PythonVerifier python = new();

        public static byte[] Stored(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "bundles", name));

        public void BothSay(int exit, string words, byte[] bundle, string key, string? why = null)
        {
            var file = Path.Combine(folder, "bundle");
            File.WriteAllBytes(file, bundle);
            using var said = new StringWriter();
            var code = Verify.Program.Run([file, "--key", key], said, said);
            said.ToString().ShouldContain(words, Shouldly.Case.Sensitive, $"the program; {why}");
            code.ShouldBe(exit, $"the program says {said}; {why}");
            var (theirs, theySaid) = python.Run(file, "--key", key);
            theySaid.ShouldContain(words, Shouldly.Case.Sensitive, $"the script; {why}");
            theirs.ShouldBe(exit, $"the script says {theySaid}; {why}");
        }

        public void Dispose()
        {
            python.Dispose();
            Directory.Delete(folder, recursive: true);
        }
    }
}
