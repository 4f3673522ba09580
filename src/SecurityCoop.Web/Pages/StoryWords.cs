using SecurityCoop.Register.Vocabulary;

namespace SecurityCoop.Web.Pages;

/// <summary>
/// Whole sentences with named places for what an event did. A place is written {name}; what stands in brackets is left out where a place
/// in it has nothing to say. Each sentence has {day} and {actor}; other places are fields of the event.
/// </summary>
static class StoryWords
{
    public static readonly Label
        Anything = new("Le {day}, {actor} a enregistré : {event}.", "On {day}, {actor} recorded: {event}.", "في {day} سجّل {actor}: {event}."),
        Corrected = new(
            "Le {day}, {actor} a rectifié ce champ : {field}. « {was} » devient « {is} ».",
            "On {day}, {actor} corrected this field: {field}. “{was}” becomes “{is}”.",
            "في {day} صحّح {actor} هذا الحقل: {field}. «{was}» صار «{is}»."),
        Refined = new(
            "Le {day}, {actor} a précisé ce champ : {field}. « {was} » devient « {is} ».",
            "On {day}, {actor} made this field more precise: {field}. “{was}” becomes “{is}”.",
            "في {day} دقّق {actor} هذا الحقل: {field}. «{was}» صار «{is}»."),
        Preferred = new(
            "Le {day}, {actor} a retenu une autre source pour ce champ : {field}. « {was} » devient « {is} ».",
            "On {day}, {actor} preferred another source for this field: {field}. “{was}” becomes “{is}”.",
            "في {day} رجّح {actor} مصدرا آخر بشأن هذا الحقل: {field}. «{was}» صار «{is}»."),
        Reported = new(
            "Le {day}, {actor} a noté ce qu’une source dit de ce champ : {field}. Elle dit « {is} ».",
            "On {day}, {actor} noted what a source says of this field: {field}. It says “{is}”.",
            "في {day} سجّل {actor} ما يقوله مصدر عن هذا الحقل: {field}. يقول «{is}»."),
        Reason = new("Motif : {reason}.", "Reason: {reason}.", "السبب: {reason}."),
        OnBehalfOf = new("Pour le compte de : {other}.", "On behalf of: {other}.", "نيابة عن: {other}."),
        Withheld = new(
            "Le {day}, un événement réservé : sa mention dépasse votre habilitation.",
            "On {day}, a withheld event: its marking is above your clearance.",
            "في {day}، حدث محجوب: درجة سريته تفوق ما هو مخول لكم.");

    /// <summary>By what the event's wire name says after the kind of record.</summary>
    public static readonly IReadOnlyDictionary<string, Label> Events = new Dictionary<string, Label>
    {
        ["opened"] = Opens, ["described"] = Opens, ["registered"] = Opens,
        ["agreed"] = new(
            "Le {day}, {actor} a enregistré cette action, convenue : {on}.", "On {day}, {actor} recorded this action, agreed: {on}.",
            "في {day} سجّل {actor} هذا الإجراء، وقد اتفق عليه: {on}."),
        ["planned"] = new(
            "Le {day}, {actor} a enregistré que cette rencontre est prévue : {date}.", "On {day}, {actor} recorded that this meeting is planned: {date}.",
            "في {day} سجّل {actor} أن هذا اللقاء مبرمج: {date}."),
        ["held"] = new(
            "Le {day}, {actor} a enregistré que cette rencontre a eu lieu : {date}.", "On {day}, {actor} recorded that this meeting took place: {date}.",
            "في {day} سجّل {actor} أن هذا اللقاء انعقد: {date}."),
        ["postponed"] = new(
            "Le {day}, {actor} a enregistré le report de la rencontre[ : {date}].", "On {day}, {actor} recorded that the meeting was postponed[: {date}].",
            "في {day} سجّل {actor} تأجيل اللقاء[: {date}]."),
        ["cancelled"] = new(
            "Le {day}, {actor} a enregistré l’annulation de la rencontre[ : {on}].", "On {day}, {actor} recorded that the meeting was cancelled[: {on}].",
            "في {day} سجّل {actor} إلغاء اللقاء[: {on}]."),
        ["statement_recorded"] = new(
            "Le {day}, {actor} a enregistré la déclaration {number} ({force})[ : « {text} »].",
            "On {day}, {actor} recorded statement {number} ({force})[: “{text}”].",
            "في {day} سجّل {actor} التصريح {number} ({force})[: «{text}»]."),
        ["statement_reclassified"] = new(
            "Le {day}, {actor} a requalifié la déclaration {number} : {force}.", "On {day}, {actor} read statement {number} anew: {force}.",
            "في {day} أعاد {actor} تصنيف التصريح {number}: {force}."),
        ["statement_opened"] = new(
            "Le {day}, la déclaration {number} a ouvert {opens}.", "On {day}, statement {number} opened {opens}.", "في {day} ترتب عن التصريح {number}: {opens}."),
        ["participant_identified"] = new(
            "Le {day}, {actor} a identifié un participant : {person}.", "On {day}, {actor} identified a participant: {person}.",
            "في {day} حدّد {actor} هوية مشارك: {person}."),
        ["validated"] = new("Le {day}, {actor} a validé cette rencontre.", "On {day}, {actor} validated this meeting.", "في {day} اعتمد {actor} هذا اللقاء."),
        ["act_recorded"] = Act, ["act_reported"] = new(
            "Le {day}, {actor} a noté un acte qu’une source rapporte : {kind}[, {party}][, {on}].",
            "On {day}, {actor} noted an act that a source reports: {kind}[, {party}][, {on}].",
            "في {day} سجّل {actor} إجراء أورده مصدر: {kind}[، {party}][، {on}]."),
        ["term_set"] = new("Le {day}, {actor} a fixé la durée[ : {on}].", "On {day}, {actor} set the term[: {on}].", "في {day} حدّد {actor} المدة[: {on}]."),
        ["review_date_set"] = new(
            "Le {day}, {actor} a fixé le réexamen : {reviewOn}.", "On {day}, {actor} set the review: {reviewOn}.", "في {day} حدّد {actor} المراجعة: {reviewOn}."),
        ["due_date_set"] = new("Le {day}, {actor} a fixé l’échéance : {due}.", "On {day}, {actor} set the due date: {due}.", "في {day} حدّد {actor} الأجل: {due}."),
        ["assigned"] = new("Le {day}, {actor} a désigné le responsable : {owner}.", "On {day}, {actor} named the owner: {owner}.", "في {day} عيّن {actor} المسؤول: {owner}."),
        ["follow_up_recorded"] = new(
            "Le {day}, {actor} a enregistré un suivi ({on})[ : « {note} »][ Situation : {state}.]",
            "On {day}, {actor} recorded a follow-up ({on})[: “{note}”][ State: {state}.]",
            "في {day} سجّل {actor} متابعة ({on})[: «{note}»][ الوضع: {state}.]"),
        ["superseded_by"] = new(
            "Le {day}, {actor} a enregistré le remplacement par {by}[, {on}].", "On {day}, {actor} recorded that {by} took its place[, {on}].",
            "في {day} سجّل {actor} أن {by} حل محله[، {on}]."),
        ["amended_by"] = new(
            "Le {day}, {actor} a enregistré la modification par {by}[, {on}].", "On {day}, {actor} recorded the amendment by {by}[, {on}].",
            "في {day} سجّل {actor} التعديل بموجب {by}[، {on}]."),
        ["linked"] = new("Le {day}, {actor} a lié cet instrument à {instrument}.", "On {day}, {actor} linked this instrument to {instrument}.", "في {day} ربط {actor} هذا الصك بـ{instrument}."),
        ["office_recorded"] = new(
            "Le {day}, {actor} a enregistré une fonction : {title}[, {organisation}].", "On {day}, {actor} recorded an office: {title}[, {organisation}].",
            "في {day} سجّل {actor} منصبا: {title}[، {organisation}]."),
        ["renamed"] = new(
            "Le {day}, {actor} a enregistré un nouveau nom : {names}[, {on}].", "On {day}, {actor} recorded a new name: {names}[, {on}].",
            "في {day} سجّل {actor} اسما جديدا: {names}[، {on}]."),
        ["partner_code_given"] = new(
            "Le {day}, {actor} en a fait un partenaire sous le code {code}.", "On {day}, {actor} made it a partner under the code {code}.",
            "في {day} جعلها {actor} شريكا تحت الرمز {code}."),
        ["merged"] = new("Le {day}, {actor} a fusionné cette fiche dans {into}.", "On {day}, {actor} merged this record into {into}.", "في {day} دمج {actor} هذا السجل في {into}."),
        ["absorbed"] = new("Le {day}, {actor} a fusionné {from} dans cette fiche.", "On {day}, {actor} merged {from} into this record.", "في {day} دمج {actor} {from} في هذا السجل."),
        ["note_added"] = new("Le {day}, {actor} a ajouté une note[ : « {note} »].", "On {day}, {actor} added a note[: “{note}”].", "في {day} أضاف {actor} ملاحظة[: «{note}»]."),
        ["withdrawn"] = new(
            "Le {day}, {actor} a retiré ce qui n’aurait pas dû être enregistré[ : {of}].", "On {day}, {actor} withdrew what should not have been recorded[: {of}].",
            "في {day} سحب {actor} ما كان ينبغي ألا يسجل[: {of}]."),
        ["marking_raised"] = new("Le {day}, {actor} a relevé la mention : {marking}.", "On {day}, {actor} raised the marking: {marking}.", "في {day} رفع {actor} درجة السرية: {marking}."),
        ["marking_lowering_asked"] = new(
            "Le {day}, {actor} a demandé une mention plus basse : {marking}.", "On {day}, {actor} asked for a lower marking: {marking}.",
            "في {day} طلب {actor} خفض درجة السرية: {marking}."),
        ["marking_lowered"] = new("Le {day}, {actor} a abaissé la mention : {marking}.", "On {day}, {actor} lowered the marking: {marking}.", "في {day} خفض {actor} درجة السرية: {marking}."),
    };

    static Label Opens => new("Le {day}, {actor} a ouvert cette fiche.", "On {day}, {actor} opened this record.", "في {day} فتح {actor} هذا السجل.");

    static Label Act => new(
        "Le {day}, {actor} a enregistré un acte : {kind}[, {party}][, {on}].", "On {day}, {actor} recorded an act: {kind}[, {party}][, {on}].",
        "في {day} سجّل {actor} إجراء: {kind}[، {party}][، {on}].");
}
