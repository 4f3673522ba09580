using System.Text;
using SecurityCoop.Ledger;

namespace SecurityCoop.Ledger.Tests;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[1,-1,0,9007199254740991,-9007199254740991]")]
    [InlineData("""{"":1,"A":2,"a":[{"b":null}],"é":true,"\n":false}""", false)]
    [InlineData("""{"\n":false,"A":2,"a":[{"b":null}],"é":true}""")]
    [InlineData("\"\\u0001\\u001f\\b\\t\\n\\f\\r\\\"\\\\/\"")]
    [InlineData("{\"\U0001F600\":1,\"\uFB33\":2}")]
    [InlineData("{\"\uFB33\":1,\"\U0001F600\":2}", false)]
    [InlineData("[-0]", false)]
    [InlineData("[01]", false)]
    [InlineData("[1.0]", false)]
    [InlineData("[1e2]", false)]
    [InlineData("[-]", false)]
    [InlineData("[9007199254740992]", false)]
    [InlineData("[100000000000000000000]", false)]
    [InlineData("""{"a":1,"a":1}""", false)]
    [InlineData("""{"b":1,"a":1}""", false)]
    [InlineData("{ }", false)]
    [InlineData("[1, 2]", false)]
    [InlineData("[1,]", false)]
    [InlineData("""{"a":1,}""", false)]
    [InlineData("[1]x", false)]
    [InlineData("\"\\u0000\"", false)]
    [InlineData("\"\\u000a\"", false)]
    [InlineData("\"\\u001F\"", false)]
    [InlineData("\"\\u0041\"", false)]
    [InlineData("\"\\/\"", false)]
    [InlineData("\"\\ud83d\\ude00\"", false)]
    [InlineData("\"\n\"", false)]
    [InlineData("\"", false)]
    [InlineData("\"\\", false)]
    [InlineData("tru", false)]
    [InlineData("", false)]
    [InlineData("{", false)]
    [InlineData("[", false)]
    [InlineData("""{"a"}""", false)]
    public void Only_the_one_way_of_writing_is_canonical(string json, bool canonical = true) => CanonicalJson.Is(Encoding.UTF8.GetBytes(json)).ShouldBe(canonical);

    [Fact]
    public void Bytes_that_are_not_utf8_and_bottomless_nesting_are_refused()
    {
        CanonicalJson.Is([(byte)'"', 0xff, (byte)'"']).ShouldBeFalse();
        CanonicalJson.Is([(byte)'"', 0xed, 0xa0, 0x80, (byte)'"']).ShouldBeFalse("a lone surrogate");
        CanonicalJson.Is(Encoding.UTF8.GetBytes(new string('[', 100_000))).ShouldBeFalse();
    }
}
