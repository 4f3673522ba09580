namespace SecurityCoop.Web.Access;

/// <summary>The users that the provider knows, as the register knows them.</summary>
public interface IProviderUsers
{
    /// <summary>The register's subject of whoever the issuer calls by this id; null where they never signed in.</summary>
    Task<string?> Find(string issuer, string issuerSubject, CancellationToken stop);

    /// <summary>The same; who never signed in becomes a user without roles.</summary>
    /// <param name="name">What the provider calls them, where it says.</param>
    Task<string> FindOrMake(string issuer, string issuerSubject, string? name, CancellationToken stop);
}
