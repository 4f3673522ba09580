using System.Text;
using System.Text.Json;

namespace SecurityCoop.Store.Tests;

public sealed class CanonicalTests
{
    private static string Of(string json) => Encoding.UTF8.GetString(Canonical.Bytes(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("""{ "b" : 1, "a" : [ true, false, null, {} , [] ] }""", """{"a":[true,false,null,{},[]],"b":1}""")]
    [InlineData("""{"é":1,"z":2,"Z":3,"":4}""", """{"":4,"Z":3,"z":2,"é":1}""")]
    // By UTF-16 code unit: U+1F600 begins with D83D and stands before U+FB33, which it would follow by code point.
    [InlineData("{\"\uFB33\":1,\"\U0001F600\":2,\"\u20AC\":3}", "{\"\u20AC\":3,\"\U0001F600\":2,\"\uFB33\":1}")]
    [InlineData("""["\u0041\/\u00e9\ud83d\ude00"]""", "[\"A/é\U0001F600\"]")]
    [InlineData("""["\u0008\u0009\u000a\u000c\u000d\u0001\u001F\"\\\u007f"]""", "[\"\\b\\t\\n\\f\\r\\u0001\\u001f\\\"\\\\\u007f\"]")]
    [InlineData("[9007199254740991,-9007199254740991,0]", "[9007199254740991,-9007199254740991,0]")]
    public void Json_has_one_form(string given, string canonical)
    {
        Of(given).ShouldBe(canonical);
        Of(canonical).ShouldBe(canonical);
    }

    [Theory]
    [InlineData("""{"a":{"b":[0,1.0]}}""", "/a/b/1")]
    [InlineData("""{"n":1e3}""", "/n")]
    [InlineData("""{"n":-0}""", "/n")]
    [InlineData("""{"n":9007199254740992}""", "/n")]
    [InlineData("""{"n":-9007199254740992}""", "/n")]
    [InlineData("""{"n":123456789012345678901234567890}""", "/n")]
    [InlineData("""{"a":1,"\u0061":2}""", "/a")]
    [InlineData("""{"x/y":{"~":"\ud800"}}""", "/x~1y/~0")]
    [InlineData("""["\udc00\ud800"]""", "/0")]
    [InlineData("""["a\u0000"]""", "/0")]
    [InlineData("""{"\u0000":1}""", "/\0")]
    [InlineData("""{"\ud800":1}""", "")]
    public void What_has_no_canonical_form_is_refused_with_its_place(string json, string pointer) =>
        Should.Throw<NotCanonical>(() => Of(json)).Pointer.ShouldBe(pointer);

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused() =>
        Should.Throw<NotCanonical>(() => Canonical.Bytes(new byte[] { (byte)'[', (byte)'"', 0xC3, (byte)'"', (byte)']' })).Pointer.ShouldBe("/0");

    [Fact]
    public void A_header_has_exactly_these_bytes()
    {
        var log = Guid.Parse("0f3c9f3e-0000-4000-8000-000000000001");
        var context = new EventContext("person-1", Guid.Parse("0f3c9f3e-0000-4000-8000-000000000002"), "restricted")
        {
            Effective = "", OnBehalfOf = "person-2", Reason = "a \"reason\"\n", Credibility = 3, Correlation = "k", Causation = "u",
            Corrects = Guid.Parse("0f3c9f3e-0000-4000-8000-000000000003"),
            Sources = [JsonDocument.Parse("""{"sentence":2,"document":"001"}""").RootElement, JsonDocument.Parse("""{"document":"002"}""").RootElement],
        };
        var e = new NewEvent(Guid.Parse("0f3c9f3e-0000-4000-8000-000000000004"), new Noted("x"), context);
        var (before, after) = Headers.Write(log, e, Sample.Types.Of(e.Event), "sample-1", new byte[32], [new("/name", "person-9", new byte[32], [])]);
        var bytes = Headers.Splice(before, new DateTime(2026, 11, 23, 13, 17, 22, DateTimeKind.Utc).AddMicroseconds(123456), "DK-ACT-0001", after, 1);

        var zeros = new string('0', 64);
        Encoding.UTF8.GetString(bytes).ShouldBe(
            $$"""{"actor":"person-1","body":"{{zeros}}","causation":"u","command_id":"0f3c9f3e-0000-4000-8000-000000000002","corrects":"0f3c9f3e-0000-4000-8000-000000000003","correlation":"k","credibility":3,"effective":"","event_id":"0f3c9f3e-0000-4000-8000-000000000004","log":"0f3c9f3e-0000-4000-8000-000000000001","marking":"restricted","on_behalf_of":"person-2","protected":[["/name","person-9","{{zeros}}"]],"reason":"a \"reason\"\n","recorded_at":"2026-11-23T13:17:22.123456Z","reference":"DK-ACT-0001","schema":1,"source":[{"document":"001","sentence":2},{"document":"002"}],"stream":"sample-1","type":"sample_noted","v":1,"version":1}""");
        Canonical.Bytes(bytes).ShouldBe(bytes, "a header is canonical JSON itself");
        var read = Headers.Read(bytes);
        (read.RecordedAt.Ticks % TimeSpan.TicksPerMillisecond / 10, read.Reference, read.Effective, read.Protected[0].Pointer).ShouldBe((456, "DK-ACT-0001", "", "/name"));
    }

    [Fact]
    public void A_header_leaves_out_what_is_absent()
    {
        var e = new NewEvent(Guid.Parse("0f3c9f3e-0000-4000-8000-000000000004"), new Noted("x"), new("a", Guid.Parse("0f3c9f3e-0000-4000-8000-000000000002"), "open"));
        var (before, after) = Headers.Write(Guid.Empty, e, Sample.Types.Of(e.Event), "s", new byte[32], []);
        Encoding.UTF8.GetString(Headers.Splice(before, DateTime.UnixEpoch, null, after, 12)).ShouldBe(
            $$"""{"actor":"a","body":"{{new string('0', 64)}}","command_id":"0f3c9f3e-0000-4000-8000-000000000002","event_id":"0f3c9f3e-0000-4000-8000-000000000004","log":"00000000-0000-0000-0000-000000000000","marking":"open","recorded_at":"1970-01-01T00:00:00.000000Z","schema":1,"stream":"s","type":"sample_noted","v":1,"version":12}""");
    }

    [Fact]
    public void A_header_that_is_too_long_is_refused() => Should.Throw<ArgumentException>(() => Headers.Write(
        Guid.Empty, new(Guid.Empty, new Noted("x"), new("a", Guid.Empty, "open") { Reason = new string('x', Headers.Longest) }), Sample.Types.Of(new Noted("x")), "s", new byte[32], []));
}
