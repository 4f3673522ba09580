using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SecurityCoop.Register;
using SecurityCoop.Register.Users;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.SigningIn;

/// <summary>How long sessions last, what needs a recent sign-in, and how one's own are ended.</summary>
[Collection(ProviderCollection.Name)]
public sealed class SessionTests(ProviderHost host)
{
    [Fact]
    public async Task A_session_ends_half_an_hour_after_its_last_use_and_ten_hours_after_the_sign_in()
    {
        using var visitor = await host.SignedIn("desk");
        (await Of(visitor, "idle_limit::text")).ShouldBe("00:30:00");
        (await Of(visitor, "(expires_at - authenticated_at)::text")).ShouldBe("10:00:00");

        await Change(visitor, "last_used_at = now() - interval '29 minutes'");
        (await Status(visitor)).ShouldBe(HttpStatusCode.OK);
        (await Of(visitor, "(now() - last_used_at < interval '10 seconds')::text")).ShouldBe("true", "its use is noted");
        await Change(visitor, "last_used_at = now() - interval '31 minutes'");
        (await Status(visitor)).ShouldBe(HttpStatusCode.Unauthorized);

        using var long_ = await host.SignedIn("desk");
        await Change(long_, "expires_at = now()");
        (await Status(long_)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_session_that_was_signed_in_with_an_access_token_has_no_such_limits()
    {
        using var visitor = host.NewVisitor();
        using var form = new FormUrlEncodedContent([new("token", await host.NewToken("reader", Marking.Open, Role.Reader))]);
        await visitor.Http.PostAsync("/sign-in", form);
        (await Of(visitor, "coalesce(idle_limit::text, 'none')")).ShouldBe("none");
        (await Of(visitor, "(expires_at - created_at)::text")).ShouldBe("30 days");
    }

    [Fact]
    public async Task An_erasure_needs_a_sign_in_of_the_last_ten_minutes_from_a_browser_and_leads_to_it()
    {
        var person = (await host.Http.Record("/api/people", """{"name":"N. N.","script":"Latn"}""")).Reference;
        var (address, body) = ($"/api/people/{person}/erasure", """{"legalBasis":"Act 1","reason":"asked"}""");
        using var visitor = await host.SignedIn("steward");
        await Change(visitor, "authenticated_at = now() - interval '11 minutes'");

        var refused = await visitor.Http.Command(address, body);
        refused.ShouldBeProblem(401, "reauthenticate");
        refused.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer error=\"insufficient_user_authentication\", max_age=\"600\"");
        refused.Json.GetProperty("detail").GetString()!.ShouldContain("/sign-in/provider?again=true");
        var page = await visitor.Http.Command(address, body, ("Accept", "text/html"), ("Referer", host.Address + "/sessions"));
        page.Text.ShouldContain("/sign-in/provider?again=true&amp;return=%2Fsessions");
        (await visitor.Http.Read("/api/meetings")).Status.ShouldBe(HttpStatusCode.OK, "the rest goes on");

        var old = visitor.Session!;
        using (var landed = await visitor.SignIn("steward", "?again=true")) landed.RequestMessage!.Method.ShouldBe(HttpMethod.Get);
        visitor.Session.ShouldNotBe(old);
        var ended = await host.Ask<bool>($"select revoked_at is not null from register.access_token where token_hash = {Hash(old)}");
        ended.ShouldBeTrue("the new one came in its place");
        (await visitor.Http.Command(address, body)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_program_is_not_asked_for_a_recent_sign_in()
    {
        var person = (await host.Http.Record("/api/people", """{"name":"O. O.","script":"Latn"}""")).Reference;
        await host.Http.Record($"/api/people/{person}/erasure", """{"legalBasis":"Act 1","reason":"asked"}""");
        var token = new Forged(host.Provider);
        token.Claims["clearance"] = "c3";
        using var program = host.Client(token.Signed());
        (await program.Command($"/api/people/{person}/erasure/approval", """{"reason":"agreed"}""")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Signing_in_again_asks_for_the_password_though_one_is_signed_in_there()
    {
        using var visitor = await host.SignedIn("desk");
        using var straight = await visitor.Http.GetAsync("/sign-in/provider");
        straight.RequestMessage!.RequestUri!.Port.ShouldBe(new Uri(host.Address).Port, "signed in there, one comes straight back");
        using var asked = await visitor.Http.GetAsync("/sign-in/provider?again=true");
        asked.RequestMessage!.RequestUri!.AbsolutePath.ShouldStartWith("/interaction/");
    }

    [Fact]
    public async Task One_sees_the_own_sessions_and_ends_one_or_all_and_nobody_elses()
    {
        // Other tests of this host may have left sessions of the same user.
        using (var before = await host.SignedIn("another")) (await before.Http.Command("/api/sessions/revocation", "")).Status.ShouldBe(HttpStatusCode.OK);
        using var here = await host.SignedIn("another");
        using var there = await host.SignedIn("another");
        using var others = await host.SignedIn("desk");
        var listed = await here.Http.Read("/api/sessions");
        listed.Items.Count.ShouldBe(2);
        listed.Items.ShouldAllBe(s => s.GetProperty("by").GetString() == "provider" && s.GetProperty("idleMinutes").GetInt32() == 30);
        var current = listed.Items.Single(s => s.GetProperty("current").GetBoolean()).GetProperty("id").GetString();
        var other = listed.Items.Single(s => !s.GetProperty("current").GetBoolean()).GetProperty("id").GetString();
        current.ShouldBe(await Of(here, "id::text"));
        var page = await here.Page("/sessions?lang=en");
        page.Text.ShouldContain("this session");
        page.Text.ShouldContain($"/sessions/{other}/revocation");

        (await others.Http.Command($"/api/sessions/{other}/revocation", "")).ShouldBeProblem(404, "not-found");
        (await here.Http.Command($"/api/sessions/{other}/revocation", "")).Json.TryGetProperty("endedAt", out _).ShouldBeTrue();
        (await there.Http.Read("/api/sessions")).Status.ShouldBe(HttpStatusCode.Unauthorized);

        (await here.Http.Command("/api/sessions/revocation", "")).Items.Count.ShouldBe(1);
        (await here.Http.Read("/api/sessions")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await others.Http.Read("/api/sessions")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task On_the_page_all_are_ended_at_once_too()
    {
        using var here = await host.SignedIn("another");
        using var there = await host.SignedIn("another");
        using var answer = await here.Http.PostAsync("/sessions/revocation", null);
        answer.RequestMessage!.RequestUri!.AbsolutePath.ShouldBe("/sign-in");
        here.Session.ShouldBeNull();
        (await there.Http.Read("/api/sessions")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_calendars_address_that_was_made_in_such_a_session_outlives_it_and_ends_with_the_user()
    {
        using var visitor = await host.SignedIn("desk");
        var made = await visitor.Http.Command("/api/calendar/feeds", """{"lang":"en"}""");
        made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
        var address = made.Json.GetProperty("address").GetString()!;
        using (await visitor.Http.PostAsync("/sign-out", null)) { }
        using var program = host.Client(null);
        (await program.Read(new Uri(address).AbsolutePath)).Status.ShouldBe(HttpStatusCode.OK);

        var directory = host.Services.GetRequiredService<Web.Access.Users>();
        var user = (await directory.OfIssuer(host.Provider.Issuer, "desk", default))!;
        await directory.Change(user.User.Subject, "administrator", null, u => new(user.Stream, u.Disable("administrator")), default);
        (await program.Read(new Uri(address).AbsolutePath)).Status.ShouldBe(HttpStatusCode.NotFound);
        await directory.Change(user.User.Subject, "administrator", null, u => new(user.Stream, u.Enable("administrator")), default);
    }

    async Task<HttpStatusCode> Status(Visitor visitor)
    {
        host.Clock.Pass(TimeSpan.FromSeconds(10)); // What was found good is remembered for as long.
        return (await visitor.Http.Read("/api/meetings")).Status;
    }

    Task<string> Of(Visitor visitor, string column) =>
        host.Ask<string>($"select {column} from register.access_token where token_hash = {Hash(visitor.Session!)}");

    async Task Change(Visitor visitor, string set)
    {
        await host.Ask<Guid>($"update register.access_token set {set} where token_hash = {Hash(visitor.Session!)} returning id");
        host.Clock.Pass(TimeSpan.FromSeconds(10));
    }

    static string Hash(string session) => $"'\\x{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(session)))}'";
}
