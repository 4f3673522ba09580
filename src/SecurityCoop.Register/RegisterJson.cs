using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SecurityCoop.Register.Actions;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Openings;
using SecurityCoop.Register.Occasions;
using SecurityCoop.Register.Organisations;
using SecurityCoop.Register.Partnerships;
using SecurityCoop.Register.People;
using SecurityCoop.Register.Sources;

namespace SecurityCoop.Register;

/// <summary>Enumerations are written as slugs and read only from slugs: the library's own converter also takes other cases and lists.</summary>
public sealed class SlugJson<T> : JsonConverter<T> where T : struct, Enum
{
    public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Slug.TryParse(reader.GetString()!, out T value) ? value
        : throw new JsonException($"Expected one of {string.Join(", ", Enum.GetValues<T>().Select(v => Slug.Of(v)))}.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Slug.Of(value));
}

/// <summary>How events and states are written: camelCase, absent rather than null, slugs for enumerations.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [
        typeof(SlugJson<Force>),
        typeof(SlugJson<Side>),
        typeof(SlugJson<OwedBy>),
        typeof(SlugJson<ActionState>),
        typeof(SlugJson<ActKind>),
        typeof(SlugJson<Binding>),
        typeof(SlugJson<EffectKind>),
        typeof(SlugJson<LinkKind>),
        typeof(SlugJson<TermKind>),
        typeof(SlugJson<OriginChange>),
        typeof(SlugJson<MeetingState>),
        typeof(SlugJson<TurnKind>),
        typeof(SlugJson<NameKind>),
        typeof(SlugJson<Reliability>),
        typeof(SlugJson<Marking>),
    ])]
[JsonSerializable(typeof(ActionDetails))]
[JsonSerializable(typeof(ActionAgreed))]
[JsonSerializable(typeof(ActionAssigned))]
[JsonSerializable(typeof(ActionDueDateSet))]
[JsonSerializable(typeof(ActionReviewDateSet))]
[JsonSerializable(typeof(ActionFollowUpRecorded))]
[JsonSerializable(typeof(ActionBlocked))]
[JsonSerializable(typeof(ActionUnblocked))]
[JsonSerializable(typeof(ActionReportedDone))]
[JsonSerializable(typeof(ActionVerified))]
[JsonSerializable(typeof(ActionReopened))]
[JsonSerializable(typeof(ActionDropped))]
[JsonSerializable(typeof(ActionLapsed))]
[JsonSerializable(typeof(ActionSuperseded))]
[JsonSerializable(typeof(ActionOriginChanged))]
[JsonSerializable(typeof(ActionCorrected))]
[JsonSerializable(typeof(ActionRefined))]
[JsonSerializable(typeof(ActionReportPreferred))]
[JsonSerializable(typeof(ActionReportRecorded))]
[JsonSerializable(typeof(ActionWithdrawn))]
[JsonSerializable(typeof(Effect))]
[JsonSerializable(typeof(Link))]
[JsonSerializable(typeof(InstrumentDetails))]
[JsonSerializable(typeof(InstrumentOpened))]
[JsonSerializable(typeof(Act))]
[JsonSerializable(typeof(InstrumentActRecorded))]
[JsonSerializable(typeof(InstrumentActReported))]
[JsonSerializable(typeof(Term))]
[JsonSerializable(typeof(InstrumentTermSet))]
[JsonSerializable(typeof(InstrumentSupersededInPartBy))]
[JsonSerializable(typeof(InstrumentLinked))]
[JsonSerializable(typeof(InstrumentOriginChanged))]
[JsonSerializable(typeof(InstrumentReviewDateSet))]
[JsonSerializable(typeof(InstrumentAmendedBy))]
[JsonSerializable(typeof(InstrumentSupersededBy))]
[JsonSerializable(typeof(InstrumentTextAttached))]
[JsonSerializable(typeof(InstrumentCorrected))]
[JsonSerializable(typeof(InstrumentRefined))]
[JsonSerializable(typeof(InstrumentReportPreferred))]
[JsonSerializable(typeof(InstrumentReportRecorded))]
[JsonSerializable(typeof(InstrumentWithdrawn))]
[JsonSerializable(typeof(Office))]
[JsonSerializable(typeof(Participant))]
[JsonSerializable(typeof(MeetingDetails))]
[JsonSerializable(typeof(MeetingPlanned))]
[JsonSerializable(typeof(MeetingHeld))]
[JsonSerializable(typeof(MeetingPostponed))]
[JsonSerializable(typeof(MeetingCancelled))]
[JsonSerializable(typeof(MeetingStatementRecorded))]
[JsonSerializable(typeof(MeetingStatementReclassified))]
[JsonSerializable(typeof(MeetingParticipantIdentified))]
[JsonSerializable(typeof(MeetingValidated))]
[JsonSerializable(typeof(MeetingCorrected))]
[JsonSerializable(typeof(MeetingRefined))]
[JsonSerializable(typeof(MeetingReportPreferred))]
[JsonSerializable(typeof(MeetingReportRecorded))]
[JsonSerializable(typeof(MeetingWithdrawn))]
[JsonSerializable(typeof(OccasionDetails))]
[JsonSerializable(typeof(OccasionDescribed))]
[JsonSerializable(typeof(OccasionCorrected))]
[JsonSerializable(typeof(OccasionRefined))]
[JsonSerializable(typeof(OccasionReportPreferred))]
[JsonSerializable(typeof(OccasionReportRecorded))]
[JsonSerializable(typeof(OccasionWithdrawn))]
[JsonSerializable(typeof(OrganisationDetails))]
[JsonSerializable(typeof(OrganisationDescribed))]
[JsonSerializable(typeof(OrganisationRenamed))]
[JsonSerializable(typeof(OrganisationCorrected))]
[JsonSerializable(typeof(OrganisationRefined))]
[JsonSerializable(typeof(OrganisationReportPreferred))]
[JsonSerializable(typeof(OrganisationReportRecorded))]
[JsonSerializable(typeof(OrganisationWithdrawn))]
[JsonSerializable(typeof(OrganisationMerged))]
[JsonSerializable(typeof(OrganisationAbsorbed))]
[JsonSerializable(typeof(PartnershipDetails))]
[JsonSerializable(typeof(PartnershipOpened))]
[JsonSerializable(typeof(PartnershipSuspended))]
[JsonSerializable(typeof(PartnershipResumed))]
[JsonSerializable(typeof(PartnershipNoteAdded))]
[JsonSerializable(typeof(PartnershipReviewPeriodSet))]
[JsonSerializable(typeof(PartnershipFocalPointAssigned))]
[JsonSerializable(typeof(PartnershipClosed))]
[JsonSerializable(typeof(PartnershipReopened))]
[JsonSerializable(typeof(PartnershipStatementRecorded))]
[JsonSerializable(typeof(PartnershipStatementReclassified))]
[JsonSerializable(typeof(PartnershipCorrected))]
[JsonSerializable(typeof(PartnershipRefined))]
[JsonSerializable(typeof(PartnershipReportPreferred))]
[JsonSerializable(typeof(PartnershipReportRecorded))]
[JsonSerializable(typeof(PartnershipWithdrawn))]
[JsonSerializable(typeof(PersonDescribed))]
[JsonSerializable(typeof(PersonNameVariantAdded))]
[JsonSerializable(typeof(PersonErroneousNameNoted))]
[JsonSerializable(typeof(PersonOfficeRecorded))]
[JsonSerializable(typeof(PersonCorrected))]
[JsonSerializable(typeof(PersonRefined))]
[JsonSerializable(typeof(PersonReportPreferred))]
[JsonSerializable(typeof(PersonReportRecorded))]
[JsonSerializable(typeof(PersonWithdrawn))]
[JsonSerializable(typeof(PersonErasureRequested))]
[JsonSerializable(typeof(PersonErasureCancelled))]
[JsonSerializable(typeof(PersonErased))]
[JsonSerializable(typeof(PersonHoldPlaced))]
[JsonSerializable(typeof(PersonHoldReleased))]
[JsonSerializable(typeof(OpeningRecorded))]
[JsonSerializable(typeof(Opening))]
[JsonSerializable(typeof(PersonMerged))]
[JsonSerializable(typeof(PersonAbsorbed))]
[JsonSerializable(typeof(SourceDetails))]
[JsonSerializable(typeof(SourceRegistered))]
[JsonSerializable(typeof(SourceDigestRecorded))]
[JsonSerializable(typeof(SourceNoteAdded))]
[JsonSerializable(typeof(SourceCorrected))]
[JsonSerializable(typeof(SourceRefined))]
[JsonSerializable(typeof(SourceReportPreferred))]
[JsonSerializable(typeof(SourceReportRecorded))]
[JsonSerializable(typeof(SourceWithdrawn))]
[JsonSerializable(typeof(Statement))]
[JsonSerializable(typeof(Reading))]
[JsonSerializable(typeof(RecordedStatement))]
[JsonSerializable(typeof(FollowUp))]
[JsonSerializable(typeof(StateChange))]
[JsonSerializable(typeof(RecordedAct))]
[JsonSerializable(typeof(RecordedTerm))]
[JsonSerializable(typeof(Turn))]
[JsonSerializable(typeof(Note))]
[JsonSerializable(typeof(FocalPoint))]
[JsonSerializable(typeof(Meeting))]
[JsonSerializable(typeof(AgreedAction))]
[JsonSerializable(typeof(Instrument))]
[JsonSerializable(typeof(Partnership))]
[JsonSerializable(typeof(Person))]
[JsonSerializable(typeof(PersonDetails))]
[JsonSerializable(typeof(HeldOffice))]
[JsonSerializable(typeof(KeptName))]
[JsonSerializable(typeof(Organisation))]
[JsonSerializable(typeof(Source))]
[JsonSerializable(typeof(Occasion))]
[JsonSerializable(typeof(Locator))]
[JsonSerializable(typeof(FieldChange))]
[JsonSerializable(typeof(FieldReport))]
[JsonSerializable(typeof(ReportedField))]
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(List<Locator>))]
public sealed partial class RegisterJson : JsonSerializerContext;
