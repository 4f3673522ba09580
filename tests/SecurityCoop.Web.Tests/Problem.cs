using System.Text.Json;
using Shouldly;

namespace SecurityCoop.Web.Tests;

/// <summary>What every refusal has to look like (RFC 9457).</summary>
public static class Problem
{
    /// <param name="field">JSON pointer of the field at fault ("?name" of a query parameter, "#name" of a header); null: the refusal names none.</param>
    public static void ShouldBeProblem(this Answer answer, int status, string slug, string? field = null)
    {
        ((int)answer.Status).ShouldBe(status, answer.Text);
        answer.MediaType.ShouldBe("application/problem+json", answer.Text);
        var problem = answer.Json;
        problem.GetProperty("type").GetString().ShouldBe($"/problems/{slug}", answer.Text);
        problem.GetProperty("status").GetInt32().ShouldBe(status);
        problem.GetProperty("title").GetString().ShouldNotBeNullOrWhiteSpace();
        if (field is null) problem.TryGetProperty("errors", out _).ShouldBeFalse(answer.Text);
        else problem.GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldBe([field], answer.Text);
    }
}
