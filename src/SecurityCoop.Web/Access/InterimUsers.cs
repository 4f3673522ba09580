namespace SecurityCoop.Web.Access;

/// <summary>Interim: users of the provider in memory.</summary>
sealed class InterimUsers : IProviderUsers
{
    readonly System.Collections.Concurrent.ConcurrentDictionary<(string, string), string> subjects = [];
    public Task<string?> Find(string issuer, string issuerSubject, CancellationToken stop) => Task.FromResult(subjects.GetValueOrDefault((issuer, issuerSubject)));
    public Task<string> FindOrMake(string issuer, string issuerSubject, string? name, CancellationToken stop) =>
        Task.FromResult(subjects.GetOrAdd((issuer, issuerSubject), _ => $"user-{Guid.CreateVersion7()}"));
}
