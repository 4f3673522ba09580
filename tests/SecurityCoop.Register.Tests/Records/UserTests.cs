using SecurityCoop.Register.Users;
using Shouldly;
using Xunit;
using static SecurityCoop.Register.Tests.Sample;

namespace SecurityCoop.Register.Tests;

/// <summary>Who may sign in, and what they may do.</summary>
public class UserTests
{
    const string By = "administrator-1", Law = "law 09-08, article 8";
    static readonly Guid token = new(1, 2, 3, new byte[8]), other = new(4, 5, 6, new byte[8]);

    static Given<User> Described(params object[] events) =>
        new Given<User>(User.Initial, (s, e, at) => s.Evolve(e, At(s.LastPosition + 1, "USR-0001") with { Actor = By })).And([new UserDescribed("office-7"), .. events]);

    [Fact]
    public void A_user_is_described_with_name_and_issuers_subject_under_protection_of_the_own_stream()
    {
        var described = User.Describe("office-7", "A Name", "https://login.example", "24801");
        described.Stream.ShouldBe(User.StreamOf("office-7"));
        described.ReferencePrefix.ShouldBe("USR");
        described.Facts.Single().Event.ShouldBe(new UserDescribed("office-7", new(described.Stream, "A Name"), "https://login.example", new(described.Stream, "24801")));
    }

    [Fact]
    public void The_stream_of_a_subject_is_a_uuid_of_version_8_and_another_for_each()
    {
        Guid.Parse(User.StreamOf("office-7")["user-".Length..]).Version.ShouldBe(8);
        User.StreamOf("office-7").ShouldBe(User.StreamOf("office-7"));
        User.StreamOf("office-8").ShouldNotBe(User.StreamOf("office-7"));
    }

    [Theory]
    [InlineData("", null, null, null, "required", "/subject")]
    [InlineData("a b", null, null, null, "not-a-subject", "/subject")]
    [InlineData("a,b", null, null, null, "not-a-subject", "/subject")]
    [InlineData("a\u0001", null, null, null, "invalid-text", "/subject")]
    [InlineData("a", " ", null, null, "required", "/name")]
    [InlineData("a", null, "https://login.example", null, "required", "/issuerSubject")]
    [InlineData("a", null, null, "24801", "required", "/issuer")]
    public void What_is_no_description_is_refused(string subject, string? name, string? issuer, string? issuerSubject, string slug, string field) =>
        Refused(() => User.Describe(subject, name, issuer, issuerSubject), slug, field);

    [Fact]
    public void Texts_have_a_longest_length()
    {
        Refused(() => User.Describe(new string('a', 101)), "too-long", "/subject");
        Refused(() => User.Describe("a", new string('a', 201)), "too-long", "/name");
    }

    [Fact]
    public void What_a_user_may_do_is_set_whole_and_once() => Described()
        .When(u => u.SetRoles([Role.Auditor, Role.Reader, Role.Auditor], By)).ThenOnce(new UserRolesSet([Role.Reader, Role.Auditor]))
        .When(u => u.SetClearance(Marking.Confidential, By)).ThenOnce(new UserClearanceSet(Marking.Confidential))
        .When(u => u.SetGroups(["desk-2", "desk-1"], By)).ThenOnce(new UserGroupsSet(["desk-1", "desk-2"]))
        .When(u => u.Disable(By)).ThenOnce(new UserDisabled())
        .When(u => u.Enable(By)).ThenOnce(new UserEnabled())
        .When(u => u.SetRoles([], By)).ThenOnce(new UserRolesSet([]));

    [Fact]
    public void A_user_who_is_described_may_do_nothing_yet()
    {
        var user = Described().State;
        (user.Roles.Count, user.Clearance, user.MemberOf.Count, user.Disabled, user.Subject).ShouldBe((0, Marking.Open, 0, false, "office-7"));
    }

    [Fact]
    public void Nobody_changes_what_they_may_do_themselves()
    {
        Described().When(u => u.SetRoles([Role.Steward], "office-7")).ThenRefused("own-rights");
        Described().When(u => u.SetClearance(Marking.Secret, "office-7")).ThenRefused("own-rights");
        Described().When(u => u.SetGroups(["a"], "office-7")).ThenRefused("own-rights");
        Described().When(u => u.Disable("office-7")).ThenRefused("own-rights");
        Described(new UserDisabled()).When(u => u.Enable("office-7")).ThenRefused("own-rights");
        Described().When(u => u.Erase(Law, "office-7")).ThenRefused("own-rights");
    }

    [Fact]
    public void A_group_has_a_name_and_there_are_not_too_many()
    {
        Described().When(u => u.SetGroups(["a", " "], By)).ThenRefused("not-a-group", "/groups/1");
        Described().When(u => u.SetGroups([new string('a', 65)], By)).ThenRefused("not-a-group", "/groups/0");
        Described().When(u => u.SetGroups([.. Enumerable.Range(0, 101).Select(i => $"{i}")], By)).ThenRefused("too-many", "/groups");
    }

    [Fact]
    public void A_token_is_made_and_ended_once()
    {
        var until = new DateTime(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc);
        var made = Described().When(u => u.MakeToken(token, until)).Then(new UserTokenMade(token, until));
        made.State.Tokens.Single().ShouldBe(new UserToken(token, until, new(2026, 2, 1, 0, 0, 0, DateTimeKind.Utc), By));
        made.When(u => u.EndToken(token)).ThenOnce(new UserTokenEnded(token)).State.Tokens.Single().EndedAt.ShouldNotBeNull();
        made.When(u => u.EndToken(other)).ThenRefused("not-found");
        made.And(new UserDisabled()).When(u => u.MakeToken(other, null)).ThenRefused("user-disabled");
    }

    [Fact]
    public void Erasing_a_user_ends_the_tokens_and_leaves_nothing_that_may_be_done()
    {
        var after = Described(new UserRolesSet([Role.Reader]), new UserTokenMade(token), new UserTokenMade(other), new UserTokenEnded(other))
            .When(u => u.Erase(Law, By)).ThenOnce(new UserTokenEnded(token), new UserErased(Law));
        (after.State.Roles.Count, after.State.Disabled, after.State.Erased!.Position).ShouldBe((0, true, 7));
        after.When(u => u.Enable(By)).ThenRefused("erased");
        after.When(u => u.SetRoles([Role.Reader], By)).ThenRefused("erased");
        after.When(u => u.MakeToken(Guid.Empty, null)).ThenRefused("erased");
        Described().When(u => u.Erase(" ", By)).ThenRefused("required", "/legalBasis");
    }

    [Fact]
    public void Nothing_is_decided_about_a_user_who_is_not_there() => Refused(() => User.Initial.SetRoles([Role.Reader], By), "not-found");

    [Fact]
    public void A_user_is_kept_as_a_document_and_read_again()
    {
        var user = Described(new UserRolesSet([Role.Reader]), new UserClearanceSet(Marking.Secret), new UserGroupsSet(["desk-1"]), new UserTokenMade(token)).State;
        var json = System.Text.Json.JsonSerializer.Serialize(user, RegisterJson.Of<User>());
        System.Text.Json.JsonSerializer.Serialize(System.Text.Json.JsonSerializer.Deserialize(json, RegisterJson.Of<User>())!, RegisterJson.Of<User>()).ShouldBe(json);
        json.ShouldContain("\"disabled\":false"); // As the look-up of tokens reads it.
    }
}
