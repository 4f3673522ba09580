using Shouldly;

namespace SecurityCoop.Web.Tests.Description;

/// <summary>Files that are written from the code, and compared with it: `UPDATE_DOCS=1 ./test -namespace '*.Description'` writes them anew.</summary>
static class Documents
{
    public static bool Update => Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1";

    public static string Root { get; } = Path.GetDirectoryName(HostFixture.Seeds)!;

    /// <param name="tests">Which tests write the file, as the test runner is told them.</param>
    public static void ShouldBeUpToDate(string path, string text, string tests = "-namespace '*.Description'")
    {
        var file = Path.Combine(Root, path);
        if (Update) File.WriteAllText(file, text);
        (File.Exists(file) ? File.ReadAllText(file) : "").ShouldBe(text, $"{path} no longer says what the code does: UPDATE_DOCS=1 ./test {tests} writes it anew.");
    }
}
