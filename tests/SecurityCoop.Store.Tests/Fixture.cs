namespace SecurityCoop.Store.Tests;

/// <summary>Files that tests read: an export of November 2026 with its keys, its bundle, and the key that verifies it.</summary>
internal static class Fixture
{
    public const int Size = 126;

    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    public static string Folder { get; } = Path.Combine(Root, "tests", "SecurityCoop.Store.Tests", "fixtures");

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Folder, name));

    public static string[] Lines(string name) => File.ReadAllLines(Path.Combine(Folder, name));

    private static string FindRoot()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "SecurityCoop.sln")))
            root = root.Parent ?? throw new DirectoryNotFoundException("No SecurityCoop.sln above the tests.");
        return root.FullName;
    }
}
