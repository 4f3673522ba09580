using SecurityCoop.Register;
using SecurityCoop.Register.Vocabulary;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Pages;
using SecurityCoop.Web.Pages.Forms;

namespace SecurityCoop.Web.Actions;

/// <summary>Follow-ups of several actions on one screen, all recorded or none. What is left empty of an action leaves it alone.</summary>
static class SeveralFollowUps
{
    /// <summary>The parameter that names an action; it may be given several times.</summary>
    public const string Action = "action";

    const int Most = 50;

    static readonly Label
        title = new("Suivi de plusieurs actions", "Follow-up of several actions", "تتبع عدة إجراءات"),
        lead = new(
            "Une action dont rien n’est dit reste telle quelle. Tout est enregistré ensemble, ou rien.", "An action of which nothing is said stays as it is. All is recorded together, or nothing.",
            "يبقى الإجراء الذي لا يقال عنه شيء على حاله. يسجل الكل معا أو لا شيء."),
        none = new(
            "Cochez des actions dans la liste, puis choisissez « Suivi ».", "Tick actions in the list, then choose “Follow-up”.", "ضعوا علامة على الإجراءات في القائمة ثم اختاروا «تتبع».");

    /// <summary>The form.</summary>
    public static CommandForm Form { get; } = CommandForm.Of<RecordFollowUps>(title, CommonFields.On, Field.Reference("meeting", RecordKinds.Meeting), CommonFields.ReasonIfAny) with { Prepare = Prepare };

    static async Task<ReadyForm> Prepare(FormRequest request, CommandForm form)
    {
        var (records, caller, stop) = (request.Http.RequestServices.GetRequiredService<Records>(), request.Http.GetCaller(), request.Http.RequestAborted);
        var fields = new List<FormField>();
        foreach (var (name, i) in Named(request).Distinct().Take(Most).Select((n, i) => (n, i)))
        {
            // Of what the caller may not see the command says that it is not there.
            var kept = await records.StreamOf("action", name, stop) is null ? null : await Seen(records, name, caller, stop);
            var label = new Label($"{name} {kept}", $"{name} {kept}", $"{name} {kept}");
            fields.AddRange(new[]
            {
                Field.Hidden($"followUps.{i}.action") with { Usual = name },
                Field.Long($"followUps.{i}.note") with { Label = ActionForms.Note, Hint = i == 0 ? FormWords.CannotBeErased : null },
                Field.Ordered($"followUps.{i}.state", Labels.ActionStates) with { Label = ActionForms.NewState },
                Field.Date($"followUps.{i}.nextReview"),
            }.Select(f => f with { Group = new(label) }));
        }
        return new([.. fields, .. form.Fields]) { Lead = fields.Count == 0 ? none : lead };
    }

    static IEnumerable<string> Named(FormRequest request)
    {
        if (request.Http.Request.Query[Action].OfType<string>().ToList() is { Count: > 0 } asked) return asked;
        return Enumerable.Range(0, Most).Select(i => request.Given($"followUps.{i}.action")).OfType<string>();
    }

    static async Task<string?> Seen(Records records, string name, Caller caller, CancellationToken stop)
    {
        try
        {
            return (await records.Get(RecordKinds.Action, name, caller, stop)).State.Details!.What;
        }
        catch (Refusal refused) when (refused.Slug == "not-found")
        {
            return null;
        }
    }
}
