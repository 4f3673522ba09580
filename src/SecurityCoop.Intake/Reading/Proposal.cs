using System.Text.Json.Serialization;
using SecurityCoop.Register;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Time;

namespace SecurityCoop.Intake;

/// <summary>What is known of a text beside its words; whatever is null is looked for in the text.</summary>
/// <param name="Published">The day of the document, as exactly as it is known.</param>
/// <param name="Language">fr, en or ar.</param>
public sealed record KnownOfText(string? Publisher = null, Edtf? Published = null, string? Language = null);

/// <summary>How sure a proposal is. Low: the words allow another reading, or a rule of thumb spoke.</summary>
[JsonConverter(typeof(SlugJson<Sureness>))]
public enum Sureness { Low, Medium, High }

/// <summary>A value that is proposed, with the words that led to it. A null or empty value: the text does not say.</summary>
public sealed record Proposed<T>(T Value, Sureness Sure, IReadOnlyList<TextSpan> Because)
{
    internal static Proposed<T> Of(T value, Sureness sure, params TextSpan[] because) => new(value, sure, because);
}

/// <summary>Something that the reader could not tell, or that an officer should look at: a slug, with the words that it is about.</summary>
public sealed record IntakeNote(string Code, IReadOnlyList<TextSpan> About);

/// <param name="Sha256">Of the whole text in UTF-8.</param>
public sealed record ProposedSource(Proposed<string?> Publisher, Proposed<Edtf> Published, Proposed<string> Language, string Sha256);

/// <param name="Name">As the text writes it; null where nobody is named.</param>
/// <param name="Partner">A partner's code; null for the home side.</param>
/// <param name="Description">Of participants without a name: the text's few words.</param>
public sealed record ProposedParticipant(string? Name, string? Partner, string? Title, string? Organisation, bool Acting,
    string? Description, Sureness Sure, TextSpan Span);

/// <param name="State">"held" or "planned".</param>
/// <param name="DateAsGiven">The words of the text.</param>
/// <param name="HomeOrganisation">Null: the service itself.</param>
/// <param name="Sentences">Indexes of the sentences that tell of the meeting itself.</param>
public sealed record ProposedMeeting(
    string State, Proposed<IReadOnlyList<string>> Partners, Proposed<string> Kind, Proposed<Edtf> Date, string? DateAsGiven,
        Proposed<string?> Place,
    Proposed<string?> HomeOrganisation, IReadOnlyList<ProposedParticipant> Home, IReadOnlyList<ProposedParticipant> PartnerSide,
        IReadOnlyList<int> Sentences);

/// <param name="Meetings">Indexes of the meetings at which it was made; empty: outside any.</param>
/// <param name="Sentences">Indexes of its sentences: several where it is said several times.</param>
/// <param name="Span">The part of the first sentence that it is read from.</param>
/// <param name="Instrument">Of a planned instrument.</param>
/// <param name="Action">Of an agreed action.</param>
public sealed record ProposedStatement(
    IReadOnlyList<int> Meetings, Proposed<Force> Force, Proposed<string> Speaker, IReadOnlyList<Proposed<string>> Topics, bool Formulaic,
        IReadOnlyList<int> Sentences,
    TextSpan Span, ProposedAction? Action, ProposedPlan? Instrument);

/// <param name="OwedBy">home, partner or both.</param>
/// <param name="Due">Empty: undated.</param>
public sealed record ProposedAction(string OwedBy, string What, Proposed<Edtf> Due, string? DueAsGiven);

/// <param name="Kind">A slug of the vocabulary.</param>
public sealed record ProposedPlan(Proposed<string> Kind, string Title, Proposed<Edtf> Expected, string? ExpectedAsGiven);

/// <summary>An act on an instrument that the text reports as done.</summary>
/// <param name="Act">"signed" or "entered-into-force".</param>
/// <param name="Meeting">Index of the meeting at which it was done; null where it was done at another time.</param>
public sealed record ProposedAct(int? Meeting, Proposed<string> Kind, string Title, string Act, Proposed<Edtf> On, string? OnAsGiven,
    IReadOnlyList<int> Sentences);

/// <param name="What">The words of the text.</param>
public sealed record ProposedOccasion(string What, Proposed<Edtf> Date, string? DateAsGiven, IReadOnlyList<int> Sentences);

/// <param name="Unused">Indexes of sentences from which no statement was read.</param>
public sealed record IntakeProposal(
    ProposedSource Source, IReadOnlyList<Sentence> Sentences, IReadOnlyList<ProposedMeeting> Meetings,
        IReadOnlyList<ProposedStatement> Statements,
    IReadOnlyList<ProposedAct> Acts, IReadOnlyList<ProposedOccasion> Occasions, IReadOnlyList<int> Unused, IReadOnlyList<IntakeNote> Notes);
