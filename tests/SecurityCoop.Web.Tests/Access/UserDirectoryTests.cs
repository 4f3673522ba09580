using Microsoft.Extensions.DependencyInjection;
using SecurityCoop.Register;
using SecurityCoop.Register.Users;
using SecurityCoop.Web.Access;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Access;

/// <summary>Users are found by whom their provider calls them, and described at their first sign-in.</summary>
public sealed class UserDirectoryTests(HostFixture host) : IClassFixture<HostFixture>
{
    const string Issuer = "https://login.example";
    static readonly CancellationToken none = CancellationToken.None;

    Users Directory => host.Services.GetRequiredService<Users>();

    [Fact]
    public async Task Whoever_signs_in_first_becomes_a_user_who_may_do_nothing_and_is_found_from_then_on()
    {
        (await Directory.OfIssuer(Issuer, "first", none)).ShouldBeNull();
        var user = await Directory.AtSignIn(Issuer, "first", "A Name", none);
        user.User.Subject.ShouldStartWith("u-");
        (user.User.Roles.Count, user.User.Clearance, user.User.Named).ShouldBe((0, Marking.Open, true));
        (await Directory.AtSignIn(Issuer, "first", "Another Name", none)).Stream.ShouldBe(user.Stream);
        (await Directory.OfIssuer(Issuer, "first", none))!.Stream.ShouldBe(user.Stream);
        (await Directory.OfSubject(user.User.Subject, none))!.Stream.ShouldBe(user.Stream);
        (await Directory.OfIssuer("https://other.example", "first", none)).ShouldBeNull();
        user.Caller!.Roles.ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_first_sign_ins_at_once_on_two_hosts_one_describes_the_user()
    {
        await using var other = await host.Another();
        var elsewhere = other.App.Services.GetRequiredService<Users>();
        var users = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => (i % 2 == 0 ? Directory : elsewhere).AtSignIn(Issuer, "at once", null, none)));
        users.Select(u => u.Stream).Distinct().Count().ShouldBe(1);
        (await elsewhere.OfIssuer(Issuer, "at once", none))!.Stream.ShouldBe(users[0].Stream);
    }

    [Fact]
    public async Task A_change_of_what_a_user_may_do_is_found_at_once_and_says_who_changed_it()
    {
        var user = await Directory.AtSignIn(Issuer, "changed", null, none);
        await Directory.Change(user.User.Subject, "administrator-1", "joined the desk", u => new(user.Stream, u.SetRoles([Role.Recorder], "administrator-1")), none);
        (await Directory.OfIssuer(Issuer, "changed", none))!.Caller!.Roles.ShouldBe([Role.Recorder]);
        var e = await host.Store.ReadStream(user.Stream).LastAsync();
        (e.Type, e.Header.Actor, e.Header.Reason, e.Header.Marking).ShouldBe(("user_roles_set", "administrator-1", "joined the desk", "restricted"));
        await Directory.Change(user.User.Subject, "administrator-1", null, u => new(user.Stream, u.Disable("administrator-1")), none);
        (await Directory.OfIssuer(Issuer, "changed", none))!.Caller.ShouldBeNull();
    }

    [Fact]
    public async Task After_a_restart_users_are_found_from_the_log_and_whoever_was_erased_does_not_come_back()
    {
        var (kept, gone) = (await Directory.AtSignIn(Issuer, "kept", null, none), await Directory.AtSignIn(Issuer, "gone", "A Name", none));
        await Directory.Change(gone.User.Subject, "administrator-1", "left", u => new(gone.Stream, u.Erase("law 09-08", "administrator-1")), none);
        await host.Restart();
        (await Directory.OfIssuer(Issuer, "kept", none))!.Stream.ShouldBe(kept.Stream);
        (await Directory.OfIssuer(Issuer, "gone", none)).ShouldBeNull();
        (await Should.ThrowAsync<Refusal>(() => Directory.AtSignIn(Issuer, "gone", "A Name", none))).Slug.ShouldBe("erased");
        // The key is destroyed at the start at the latest.
        var described = await host.Store.ReadStream(gone.Stream).FirstAsync();
        (await host.Store.Open(described, "/name")).ShouldBeNull();
        (await host.Store.Open(described, "/issuerSubject")).ShouldBeNull();
    }
}
