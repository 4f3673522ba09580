using SecurityCoop.Register;
using SecurityCoop.Register.Instruments;
using SecurityCoop.Register.Meetings;
using SecurityCoop.Register.Status;
using SecurityCoop.Register.Time;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Pages;

namespace SecurityCoop.Web.Partnerships;

/// <summary>Why a status holds or does not, as people say it.</summary>
static class WhyWords
{
    static readonly Label
        holds = new("{0} : {1}.", "{0}: {1}.", "{0}: {1}."),
        holdsBecause = new("{0} : {1}, en raison de {2}.", "{0}: {1}, because of {2}.", "{0}: {1}، بسبب {2}."),
        instead = new("{0} : l’état n’est pas « {1} », mais « {2} ».", "{0}: not “{1}” but “{2}”.", "{0}: الحالة ليست «{1}» بل «{2}»."),
        insteadBecause = new("{0} : l’état n’est pas « {1} », mais « {2} », en raison de {3}.", "{0}: not “{1}” but “{2}”, because of {3}.", "{0}: الحالة ليست «{1}» بل «{2}»، بسبب {3}."),
        wouldNeed = new("{0} : il y faudrait {1}.", "{0} would need {1}.", "{0}: يلزم لذلك {1}."),
        inTheWay = new("{0} y fait obstacle ; y mettrait fin : {1}.", "{0} stands in the way; what would end that: {1}.", "{0} يحول دون ذلك؛ وما ينهيه: {1}."),
        byItself = new("Il y suffirait d’{0}.", "{0} would do.", "يكفي لذلك {0}."),
        by = new("{0} ({1})", "{0} ({1})", "{0} ({1})"),
        ourSide = new("notre côté", "our side", "جانبنا"),
        together = new("les deux côtés ensemble", "both sides together", "الجانبان معا");

    // That nothing is on record fails by what stands in the way.
    static readonly Dictionary<Standing, Label> fails = new()
    {
        [Standing.SuspendedAsWhole] = new("Le partenariat n’est pas suspendu dans son ensemble.", "The partnership is not suspended as a whole.", "الشراكة ليست معلقة في مجملها."),
        [Standing.FrameworkActive] = new("Aucun instrument n’est en vigueur.", "No instrument is in force.", "لا يوجد صك ساري المفعول."),
        [Standing.Suspended] = new("Aucun instrument n’est suspendu.", "No instrument is suspended.", "لا يوجد صك معلق."),
        [Standing.Signed] = new("Aucun instrument signé n’attend d’entrer en vigueur.", "No instrument is signed and waiting to enter into force.", "لا يوجد صك موقع ينتظر دخوله حيز التنفيذ."),
        [Standing.Committed] = new("Il n’y a ni action ouverte ni instrument que les deux côtés veulent conclure.", "There is neither an open action nor an instrument that both sides want.", "لا يوجد إجراء مفتوح ولا صك يريد الجانبان إبرامه."),
        [Standing.Lapsed] = new("Aucun instrument signé n’a pris fin.", "No instrument that was signed has ended.", "لا يوجد صك موقع انتهى العمل به."),
        [Standing.Intent] = new("Aucune intention n’a été exprimée par le partenaire ou en commun.", "No intent was expressed by the partner or jointly.", "لم يعبر الشريك عن أي نية، لا منفردا ولا بشكل مشترك."),
        [Standing.Contact] = new("Aucune rencontre n’a eu lieu.", "No meeting has taken place.", "لم يعقد أي لقاء."),
    };

    static readonly Dictionary<string, Label> needs = new()
    {
        [Needs.Suspension] = new("une suspension de l’ensemble", "a suspension of the whole", "تعليق يشمل الشراكة كلها"),
        [Needs.Resumption] = new("la reprise de la coopération", "the resumption of cooperation", "استئناف التعاون"),
        [Needs.Instrument] = new("un instrument qui en soit arrivé là", "an instrument that has come so far", "صك بلغ هذه المرحلة"),
        [Needs.Day] = new("l’arrivée du jour dit : {0}", "the coming of its day, {0}", "حلول الموعد: {0}"),
        [Needs.Action] = new("une action convenue", "an agreed action", "إجراء متفق عليه"),
        [Needs.Settlement] = new("le règlement de l’action", "the settlement of the action", "تسوية الإجراء"),
        [Needs.Statement] = new("une déclaration d’intention du partenaire ou commune", "a statement of intent by the partner or a joint one", "تصريح بالنية من الشريك أو تصريح مشترك"),
        [Needs.MoreThanAPhrase] = new("plus qu’une formule de circonstance", "more than a set phrase", "أكثر من عبارة مجاملة"),
        [Needs.PartnersWord] = new("la parole du partenaire, au-delà de celle de notre côté", "the partner’s word beside our side’s", "تصريح من الشريك إلى جانب تصريح جانبنا"),
        [Needs.Meeting] = new("une rencontre", "a meeting", "لقاء"),
        [Needs.Holding] = new("la tenue de la rencontre prévue", "the holding of the planned meeting", "عقد اللقاء المقرر"),
        [Needs.Withdrawal] = new("son retrait du registre", "its withdrawal from the register", "سحبه من السجل"),
        [Slug.Of(ActKind.Proposed)] = new("sa proposition", "its proposal", "اقتراحه"),
        [Slug.Of(ActKind.Signed)] = new("sa signature", "its signature", "توقيعه"),
        [Slug.Of(ActKind.Notified)] = new("la notification de l’accomplissement des formalités", "the notification that formalities are complete", "الإشعار باستكمال الإجراءات"),
        [Slug.Of(ActKind.EnteredIntoForce)] = new("son entrée en vigueur", "its entry into force", "دخوله حيز التنفيذ"),
        [Slug.Of(ActKind.Renewed)] = new("son renouvellement", "its renewal", "تجديده"),
        [Slug.Of(ActKind.Suspended)] = new("sa suspension", "its suspension", "تعليقه"),
        [Slug.Of(ActKind.Resumed)] = new("la reprise de son application", "its resumption", "استئناف العمل به"),
        [Slug.Of(ActKind.Terminated)] = new("son extinction", "its termination", "إنهاؤه"),
        [Slug.Of(ActKind.Abandoned)] = new("son abandon", "its abandonment", "التخلي عنه"),
    };

    /// <summary>The answer in sentences: what the status is and through what; what stands in the way; of the rule asked about what fails and what each record would need.</summary>
    public static IEnumerable<string> Of(WhyAnswer why, StatusBody status, string asked, Language l)
    {
        var (partner, records) = (l.Say(status.Partner.Name), l.Join([.. status.Because.Select(b => b.Record).OfType<string>().Distinct()], ChangeWords.And));
        var standing = ChangeWords.Standing(status, l);
        if (status.Status == asked)
        {
            yield return records == "" ? l.Say(holds, partner, standing) : l.Say(holdsBecause, partner, standing, records);
            yield break;
        }
        yield return records == "" ? l.Say(instead, partner, ChangeWords.Status(asked, l), standing) : l.Say(insteadBecause, partner, ChangeWords.Status(asked, l), standing, records);
        foreach (var rule in why.Rules)
        {
            var wanted = PartnershipStatus.SlugOf(rule.Rule) == asked;
            if (wanted && rule.Holds == Certainty.No && fails.GetValueOrDefault(rule.Rule) is { } failed) yield return l.Say(failed);
            foreach (var of in rule.Missing.Where(m => m.Record is not null).GroupBy(m => m.Record!))
            {
                var list = l.Join([.. of.GroupBy(m => (m.Needs, m.On)).Select(n => Say(n.Key.Needs, n.Key.On, [.. n.Select(m => m.Party).OfType<string>()], l))], ChangeWords.And);
                yield return l.Say(wanted ? wouldNeed : inTheWay, Named(of.Key, status, l), list);
            }
            foreach (var other in rule.Missing.Where(m => m.Record is null)) yield return Capital(l.Say(byItself, Say(other.Needs, other.On, [], l)));
        }
    }

    static string Say(string need, Edtf? on, IReadOnlyList<string> parties, Language l)
    {
        var what = on is null ? l.Say(needs[need]) : l.Say(needs[need], l.Say(on));
        // The partner's word is its own: it need not be said whose.
        return parties.Count == 0 || need == Needs.PartnersWord ? what : l.Say(by, what, l.Join([.. parties.Select(p => p switch
        {
            Statements.Home => l.Say(ourSide),
            Statements.Joint => l.Say(together),
            _ => l.Say(Known.PartnerName(p)),
        })], ChangeWords.And));
    }

    // An instrument is named with where it stands.
    static string Named(string record, StatusBody status, Language l) => status.Instruments.FirstOrDefault(i => i.Reference == record) is not { } instrument ? record
        : l.Say(by, record, l.Join([.. instrument.States.Select(s => ChangeWords.Lower(l.Say(Labels.InstrumentStates, Slug.Of(s)), l))], Words.Or));

    static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
