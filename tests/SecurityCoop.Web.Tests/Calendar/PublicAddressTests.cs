using Microsoft.AspNetCore.Http;
using SecurityCoop.PrivateServer;
using Shouldly;
using Xunit;

namespace SecurityCoop.Web.Tests.Calendar;

/// <summary>With what the addresses that are handed out begin.</summary>
public sealed class PublicAddressTests
{
    static HttpRequest Request => new DefaultHttpContext { Request = { Scheme = "http", Host = new("127.0.0.1", 5080), PathBase = "/base" } }.Request;

    [Theory]
    [InlineData(null, "http://127.0.0.1:5080/base")]
    [InlineData("", "http://127.0.0.1:5080/base")]
    [InlineData("https://register.example", "https://register.example")]
    [InlineData("https://office.example/register/", "https://office.example/register")]
    public void It_is_the_configured_one_or_the_requests(string? configured, string address) => new PublicAddress(configured).Of(Request).ShouldBe(address);

    [Theory]
    [InlineData("register.example")]
    [InlineData("ftp://register.example")]
    [InlineData("https://register.example/?x=1")]
    [InlineData("https://user@register.example")]
    public void What_is_no_address_is_named_at_the_start(string configured) => Should.Throw<StartRefused>(() => new PublicAddress(configured)).Message.ShouldContain(configured);
}
