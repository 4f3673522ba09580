namespace SecurityCoop.Register;

/// <summary>The country whose service keeps the register.</summary>
public static class HomeCountry
{
    /// <summary>ISO 3166-1 code of the country whose service keeps the register.</summary>
    public const string Code = "MA";

    /// <summary>The home country is no partner: what it does is done by "home" (model.md, "Settled in November 2026").</summary>
    /// <exception cref="Refusal">home-is-no-partner, at <paramref name="pointer"/>.</exception>
    public static void CheckForeign(string code, string pointer)
    {
        if (code == Code) throw Refusal.OfField(pointer, "home-is-no-partner", code, Meetings.Statements.Home);
    }
}
