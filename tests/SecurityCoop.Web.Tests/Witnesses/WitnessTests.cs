using System.Net;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using SecurityCoop.Store;
using SecurityCoop.Ledger;
using SecurityCoop.PrivateServer;
using SecurityCoop.Register;
using SecurityCoop.Web.Access;
using SecurityCoop.Web.Witnesses;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Witnesses;

/// <summary>Two registers that witness each other.</summary>
public sealed class WitnessTests(TestPostgres postgres) : IAsyncLifetime
{
    readonly HostFixture one = new(postgres), two = new(postgres);

    public async ValueTask InitializeAsync()
    {
        await one.InitializeAsync();
        await two.InitializeAsync();
        // Each knows the other's log; the first also asks the second, as it is configured.
        two.Settings["Register:Witness:Name"] = "witness.example/two";
        two.Settings["Register:Witness:Logs:0"] = one.Store.VerifierKey!.ToString();
        await two.Restart();
        one.Settings["Register:Witness:Name"] = "witness.example/one";
        one.Settings["Register:Witness:Logs:0"] = two.Store.VerifierKey!.ToString();
        one.Settings["Register:Witnesses:0:Url"] = two.Address;
        one.Settings["Register:Witnesses:0:Key"] = (await Key(two)).ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await one.DisposeAsync();
        await two.DisposeAsync();
    }

    static async Task<VerifierKey> Key(HostFixture host) => VerifierKey.Parse((await host.Http.GetStringAsync("/witness-key")).TrimEnd());

    static Witnessing Asking(HostFixture log, string url, VerifierKey key) =>
        new(log.Store, new OutsideOptions(null, [], [new(new Uri(url), key)], null), NullLogger<Witnessing>.Instance);

    /// <summary>Records something and waits until it is signed.</summary>
    static async Task<SignedCheckpoint> Grow(HostFixture host)
    {
        var position = (await host.Http.Record("/api/sources", """{"title": "x"}""")).Position;
        for (var tries = 0; ; tries++)
        {
            if (await host.Store.NewestCheckpoint() is { } newest && newest.Checkpoint.Size >= position) return newest;
            tries.ShouldBeLessThan(1200, "nothing was signed");
            await Task.Delay(50);
        }
    }

    static async Task<(HttpStatusCode Status, string? Type, string Text)> Send(HostFixture witness, AddCheckpoint request)
    {
        using var http = witness.Client(null);
        var answer = await http.Send(HttpMethod.Post, "/add-checkpoint", new ByteArrayContent(request.ToBytes()));
        return (answer.Status, answer.MediaType, answer.Text);
    }

    [Fact]
    public async Task Each_cosigns_the_others_checkpoints_as_they_grow()
    {
        await Grow(one);
        await one.Restart(); // Asks as soon as it runs.
        Note note;
        for (var tries = 0; ; tries++)
        {
            var answer = await one.Http.Read("/api/audit/witnessed");
            if (answer.Status == HttpStatusCode.OK)
            {
                note = Note.Parse(Encoding.UTF8.GetBytes(answer.Text));
                break;
            }
            tries.ShouldBeLessThan(1200, answer.Text);
            await Task.Delay(50);
        }
        VerifierKey[] keys = [one.Store.VerifierKey!, await Key(two)];
        note.SignedBy(keys).ShouldBe(keys);

        var (asking, back) = (Asking(one, two.Address, await Key(two)), Asking(two, one.Address, await Key(one)));
        for (var round = 0; round < 3; round++)
        {
            var (mine, theirs) = (await Grow(one), await Grow(two));
            await asking.Ask(default);
            await back.Ask(default);
            (await two.Store.Witnessed(mine.Checkpoint.Origin))!.SameTree(mine.Checkpoint).ShouldBeTrue();
            (await one.Store.Witnessed(theirs.Checkpoint.Origin))!.SameTree(theirs.Checkpoint).ShouldBeTrue();
            (await one.Store.WithCosignatures(mine)).SignedBy([await Key(two)]).Count.ShouldBe(1);
            (await two.Store.WithCosignatures(theirs)).SignedBy([await Key(one)]).Count.ShouldBe(1);
        }

        // The newest checkpoint shows its cosignature, and a bundle carries it; one of a larger size does not take it away.
        var cosigned = await Grow(one);
        await asking.Ask(default);
        note = Note.Parse(Encoding.UTF8.GetBytes((await one.Http.Read("/api/audit/checkpoint")).Text));
        note.SignedBy(keys).ShouldBe(keys);
        await Grow(one);
        using (var answer = await one.Http.GetAsync("/api/audit/bundle"))
        using (var check = new BundleCheck(keys[0], witnesses: [keys[1]]))
        {
            var said = check.Run(new MemoryStream(await answer.Content.ReadAsByteArrayAsync())).Cosigned.Single();
            (said.Witness, said.Size).ShouldBe((keys[1], cosigned.Checkpoint.Size));
            said.At.ToUnixTimeSeconds().ShouldBe(Cosignature.Time(note.Signatures.Single(s => s.KeyId == keys[1].Id).Signature.Span)!.Value);
        }

        using var reader = await one.As(Marking.Secret, Role.Reader);
        (await reader.Read("/api/audit/witnessed")).ShouldBeProblem(403, "forbidden");
    }

    [Fact]
    public async Task A_log_that_has_lost_its_note_of_the_last_size_is_told_it()
    {
        var first = await Grow(one);
        var origin = first.Checkpoint.Origin;
        (await Send(two, new(0, [], Note.Parse(first.Note)))).Status.ShouldBe(HttpStatusCode.OK);
        var second = await Grow(one);
        (await Send(two, new(0, [], Note.Parse(second.Note)))).ShouldBe((HttpStatusCode.Conflict, "text/x.tlog.size", $"{first.Checkpoint.Size}\n"));
        // The client has kept nothing of the first: it asks with 0, is told, and asks again.
        (await one.Store.NewestCosigned(origin, null)).ShouldBe(0);
        await Asking(one, two.Address, await Key(two)).Ask(default);
        (await one.Store.NewestCosigned(origin, await Key(two))).ShouldBe(second.Checkpoint.Size);
        (await two.Store.Witnessed(origin))!.Size.ShouldBe(second.Checkpoint.Size);
    }

    [Fact]
    public async Task Each_fault_has_its_status_and_changes_nothing()
    {
        var good = await Grow(one);
        var (note, origin, size) = (Note.Parse(good.Note), good.Checkpoint.Origin, good.Checkpoint.Size);
        using (var http = two.Client(null))
            (await http.Send(HttpMethod.Post, "/add-checkpoint", new StringContent("old x\n\n"))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await Send(two, new(size + 1, [], note))).Status.ShouldBe(HttpStatusCode.BadRequest);
        var (stranger, other) = (SigningKey.Make("log.example/unknown"), SigningKey.Make(origin));
        (await Send(two, new(0, [], Note.Sign(new Checkpoint("log.example/unknown", 1, new byte[32]).Text, stranger)))).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Send(two, new(0, [], Note.Sign(good.Checkpoint.Text, other)))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await Send(two, new(0, [new byte[32]], note))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await two.Store.Witnessed(origin)).ShouldBeNull();
        (await Send(two, new(0, [], note))).Status.ShouldBe(HttpStatusCode.OK);
        (await Send(two, new(size, [], note))).Status.ShouldBe(HttpStatusCode.OK, "the same again is cosigned anew");
        using (var http = one.Client(null)) (await http.Send(HttpMethod.Post, "/add-checkpoint", new StringContent("x"))).Status.ShouldBe(HttpStatusCode.Unauthorized, "a register that was told of no log has no such address");
    }

    [Fact]
    public async Task Of_many_that_ask_at_once_the_witness_never_goes_back()
    {
        List<SignedCheckpoint> checkpoints = [];
        for (var i = 0; i < 6; i++) checkpoints.Add(await Grow(one));
        var proofs = await Task.WhenAll(checkpoints.Select(c => one.Store.ConsistencyProof(checkpoints[0].Checkpoint.Size, c.Checkpoint.Size)));
        (await Send(two, new(0, [], Note.Parse(checkpoints[0].Note)))).Status.ShouldBe(HttpStatusCode.OK);
        var answers = await Task.WhenAll(checkpoints.Skip(1).Select((c, i) => Send(two, new(checkpoints[0].Checkpoint.Size, proofs[i + 1], Note.Parse(c.Note)))));
        answers.Count(a => a.Status == HttpStatusCode.OK).ShouldBe(1, "all of them build on the same size");
        answers.Count(a => a.Status == HttpStatusCode.Conflict).ShouldBe(4);
        var kept = (await two.Store.Witnessed(checkpoints[0].Checkpoint.Origin))!.Size;
        answers.Where(a => a.Status == HttpStatusCode.Conflict).ShouldAllBe(a => a.Text == $"{kept}\n");
        (await Should.ThrowAsync<Npgsql.PostgresException>(two.Ask<long>("update register.witness_state set size = size - 1 returning size"))).SqlState.ShouldBe("23001");
    }

    [Fact]
    public async Task A_second_tree_of_the_same_size_is_refused_and_its_log_is_told()
    {
        var now = await Grow(one);
        await two.Store.SaveWitnessed(new Checkpoint(now.Checkpoint.Origin, now.Checkpoint.Size, new byte[32]),
            Encoding.UTF8.GetBytes("seen"), null);
        (await Send(two, new(now.Checkpoint.Size, [], Note.Parse(now.Note))))
            .ShouldBe((HttpStatusCode.UnprocessableEntity, "text/plain",
            "A checkpoint of this size with another root was cosigned before.\n"));
        two.Logs.ShouldContain("HAS TWO HISTORIES");
        await Asking(one, two.Address, await Key(two)).Ask(default);
        (await one.Store.NewestCosigned(now.Checkpoint.Origin, null)).ShouldBe(0);
    }

    [Fact]
    public async Task A_log_whose_database_is_older_than_the_witness_remembers_is_not_cosigned()
    {
        var now = await Grow(one);
        // The witness has seen two events more, signed by the same key.
        var ahead = new Checkpoint(now.Checkpoint.Origin, now.Checkpoint.Size + 2, new byte[32]);
        await two.Store.SaveWitnessed(ahead, Encoding.UTF8.GetBytes("seen"), null);
        await Asking(one, two.Address, await Key(two)).Ask(default);
        (await one.Store.NewestCosigned(now.Checkpoint.Origin, null)).ShouldBe(0);
        await one.Restart();
        for (var tries = 0; !one.Logs.Contains("HAS COSIGNED", StringComparison.Ordinal); tries++)
        {
            tries.ShouldBeLessThan(1200, "the contradiction is not reported");
            await Task.Delay(50);
        }
    }
}

public sealed class OutsideOptionsTests
{
    static readonly string log = SigningKey.Make("log.example").Public.ToString(), witness = SigningKey.Make("witness.example", KeyType.Cosignature).Public.ToString();

    static OutsideOptions Read(params (string Name, string Value)[] settings) =>
        OutsideOptions.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build());

    [Fact]
    public void Settings_are_read_and_none_is_needed()
    {
        var (nothing, all) = (Read(), Read(("Register:Witness:Name", "w.example/1"), ("Register:Witness:Logs:0", log), ("Register:Witnesses:0:Url", "https://w.example/2"), ("Register:Witnesses:0:Key", witness)));
        (nothing.Name, nothing.Logs.Count, nothing.Witnesses.Count, nothing.TimeStamps).ShouldBe((null, 0, 0, null));
        (all.Name, all.Logs.Single().ToString(), all.Witnesses.Single().Key.ToString(), all.Witnesses.Single().Url.AbsoluteUri).ShouldBe(("w.example/1", log, witness, "https://w.example/2"));
    }

    [Fact]
    public void One_that_cannot_be_used_ends_the_start_and_is_named()
    {
        void Refused(string named, params (string Name, string Value)[] settings) => Should.Throw<StartRefused>(() => Read(settings)).Message.ShouldContain(named);
        Refused("Register__Witness__Logs__0", ("Register:Witness:Logs:0", "nonsense"));
        Refused("Register__Witness__Logs__0", ("Register:Witness:Logs:0", witness));
        Refused("Register__Witness__Name", ("Register:Witness:Logs:0", log));
        Refused("Register__Witnesses__0__Url", ("Register:Witnesses:0:Url", "nowhere"), ("Register:Witnesses:0:Key", witness));
        Refused("Register__Witnesses__0__Key", ("Register:Witnesses:0:Url", "https://w.example"), ("Register:Witnesses:0:Key", log));
        Refused("Register__TimeStamp__Certificate", ("Register:TimeStamp:Url", "https://tsa.example"));
    }
}
