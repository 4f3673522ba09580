using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using SecurityCoop.Register;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Sources;
using SecurityCoop.Register.Time;
using SecurityCoop.Web.Actions;
using SecurityCoop.Web.Audit;
using SecurityCoop.Web.Commands;
using SecurityCoop.Web.Instruments;
using SecurityCoop.Web.Meetings;
using SecurityCoop.Web.Occasions;
using SecurityCoop.Web.Organisations;
using SecurityCoop.Web.Partnerships;
using SecurityCoop.Web.People;
using SecurityCoop.Web.Sources;

namespace SecurityCoop.Web;

/// <summary>How bodies are read (strictly) and answers written: camelCase, slugs, absent rather than null.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ActionBody))]
[JsonSerializable(typeof(FollowUpBody))]
[JsonSerializable(typeof(FollowUpsBody))]
[JsonSerializable(typeof(AssignmentBody))]
[JsonSerializable(typeof(DueDateBody))]
[JsonSerializable(typeof(ReviewDateBody))]
[JsonSerializable(typeof(SupersessionBody))]
[JsonSerializable(typeof(EventBody))]
[JsonSerializable(typeof(ProtectedBody))]
[JsonSerializable(typeof(ChangeBody))]
[JsonSerializable(typeof(DatedBody))]
[JsonSerializable(typeof(Body))]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(LocatorBody))]
[JsonSerializable(typeof(CorrectionBody))]
[JsonSerializable(typeof(WithdrawalBody))]
[JsonSerializable(typeof(PreferenceBody))]
[JsonSerializable(typeof(MergeBody))]
[JsonSerializable(typeof(ReportedFieldBody))]
[JsonSerializable(typeof(InstrumentBody))]
[JsonSerializable(typeof(ActBody))]
[JsonSerializable(typeof(RecordedActBody))]
[JsonSerializable(typeof(ActOnSeveralBody))]
[JsonSerializable(typeof(InstrumentBrief))]
[JsonSerializable(typeof(TermBody))]
[JsonSerializable(typeof(InstrumentLinkBody))]
[JsonSerializable(typeof(TextBody))]
[JsonSerializable(typeof(MeetingBody))]
[JsonSerializable(typeof(HoldingBody))]
[JsonSerializable(typeof(ParticipantIdentifiedBody))]
[JsonSerializable(typeof(PostponementBody))]
[JsonSerializable(typeof(CancellationBody))]
[JsonSerializable(typeof(StatementBody))]
[JsonSerializable(typeof(PublicStatementBody))]
[JsonSerializable(typeof(StatementsBody))]
[JsonSerializable(typeof(ReclassificationBody))]
[JsonSerializable(typeof(OccasionBody))]
[JsonSerializable(typeof(OrganisationBody))]
[JsonSerializable(typeof(RenamingBody))]
[JsonSerializable(typeof(PartnershipBody))]
[JsonSerializable(typeof(TurnBody))]
[JsonSerializable(typeof(NoteBody))]
[JsonSerializable(typeof(PartnershipNoteBody))]
[JsonSerializable(typeof(ReviewPeriodBody))]
[JsonSerializable(typeof(FocalPointBody))]
[JsonSerializable(typeof(StatusBody))]
[JsonSerializable(typeof(FocalPointShown[]))]
[JsonSerializable(typeof(PartnerBody))]
[JsonSerializable(typeof(ModifierBody))]
[JsonSerializable(typeof(BecauseBody))]
[JsonSerializable(typeof(CountsBody))]
[JsonSerializable(typeof(OpenActionBody))]
[JsonSerializable(typeof(TimelineBody))]
[JsonSerializable(typeof(WhyBody))]
[JsonSerializable(typeof(ChangesBody))]
[JsonSerializable(typeof(ChangesList))]
[JsonSerializable(typeof(AgendaBody))]
[JsonSerializable(typeof(PersonBody))]
[JsonSerializable(typeof(NameVariantBody))]
[JsonSerializable(typeof(LegalBody))]
[JsonSerializable(typeof(ReleaseBody))]
[JsonSerializable(typeof(OpeningList))]
[JsonSerializable(typeof(Witnesses.TimeStampList))]
[JsonSerializable(typeof(Register.People.Erasure))]
[JsonSerializable(typeof(OfficeBody))]
[JsonSerializable(typeof(SourceBody))]
[JsonSerializable(typeof(DigestBody))]
[JsonSerializable(typeof(Calendar.FeedBody))]
[JsonSerializable(typeof(Calendar.FeedMade))]
[JsonSerializable(typeof(Calendar.Feed))]
[JsonSerializable(typeof(Calendar.FeedList))]
[JsonSerializable(typeof(StatusList))]
[JsonSerializable(typeof(RecordHistory))]
[JsonSerializable(typeof(EventList))]
[JsonSerializable(typeof(InclusionBody))]
[JsonSerializable(typeof(ConsistencyBody))]
[JsonSerializable(typeof(CommandAnswer))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(Dictionary<string, ProblemText>))]
[JsonSerializable(typeof(Dictionary<string, string[]>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string[]>))]
[JsonSerializable(typeof(OpenedAction))]
[JsonSerializable(typeof(OpenedInstrument))]
public sealed partial class BodiesJson : JsonSerializerContext
{
    /// <summary>For answers: letters of every script stand as they are, since people read them too.</summary>
    public static BodiesJson Shown => Answering.Json;

    // In a class of its own, since the order in which one class's static fields are set over several files is not defined.
    static class Answering
    {
        internal static readonly BodiesJson Json = new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) });
    }
}
