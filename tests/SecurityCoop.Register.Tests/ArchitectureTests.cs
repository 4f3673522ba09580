using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Shouldly;
using Xunit;

namespace SecurityCoop.Register.Tests;

/// <summary>The model is pure: nothing but the runtime's own libraries, no clock, no chance. Time and identifiers come with the command.</summary>
public class ArchitectureTests
{
    static readonly string[] banned =
    [
        "DateTime.get_Now", "DateTime.get_UtcNow", "DateTime.get_Today", "DateTimeOffset.get_Now", "DateTimeOffset.get_UtcNow",
        "Guid.NewGuid", "Guid.CreateVersion7", "Environment.get_TickCount", "Environment.get_TickCount64",
    ];
    static readonly string[] bannedTypes =
    [
        "Random", "Stopwatch", "TimeProvider", "RandomNumberGenerator", "File", "FileStream", "Directory", "Console", "Process", "Thread", "Task", "HttpClient", "Socket",
    ];

    [Fact]
    public void The_model_uses_no_clock_no_chance_and_no_io() => With(model =>
    {
        var members = model.MemberReferences.Select(model.GetMemberReference).Where(m => m.Parent.Kind == HandleKind.TypeReference)
            .Select(m => $"{model.GetString(model.GetTypeReference((TypeReferenceHandle)m.Parent).Name)}.{model.GetString(m.Name)}").ToHashSet();
        members.ShouldContain("DateOnly.AddMonths", "the test reads what the model calls");
        members.Intersect(banned).ShouldBeEmpty();
        model.TypeReferences.Select(t => model.GetString(model.GetTypeReference(t).Name)).Intersect(bannedTypes).ShouldBeEmpty();
    });

    [Fact]
    public void The_model_references_no_package_and_no_other_project() => With(model =>
    {
        var references = model.AssemblyReferences.Select(a => model.GetString(model.GetAssemblyReference(a).Name)).ToList();
        references.ShouldContain("System.Runtime");
        references.Where(r => !r.StartsWith("System.", StringComparison.Ordinal)).ShouldBeEmpty();
    });

    static void With(Action<MetadataReader> look)
    {
        using var file = File.OpenRead(typeof(EventTypes).Assembly.Location);
        using var pe = new PEReader(file);
        look(pe.GetMetadataReader());
    }
}
