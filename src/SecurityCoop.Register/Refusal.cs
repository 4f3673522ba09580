namespace SecurityCoop.Register;

/// <summary>
/// What the model says no to. <see cref="Slug"/> is stable and becomes the problem document's type; <see cref="Args"/> fill its localised
/// sentence; <see cref="Field"/> is the JSON pointer of the field at fault, where one field is.
/// </summary>
public sealed class Refusal : Exception
{
    public string Slug { get; }
    public string? Field { get; }
    public IReadOnlyList<string> Args { get; }
    /// <summary>Whether the model says no to a well-formed command (409), and not the field at fault (400).</summary>
    public bool OfModel { get; }

    Refusal(string slug, string? field, IReadOnlyList<string> args, bool ofModel) : base($"{slug}: {string.Join(", ", args)}")
    {
        Slug = slug;
        Field = field;
        Args = args;
        OfModel = ofModel;
    }

    /// <summary>The model's rule <paramref name="slug"/> forbids the command (409).</summary>
    public static Refusal Because(string slug, params string[] args) => new(slug, null, args, true);

    /// <summary>The field at <paramref name="pointer"/> cannot be taken as it is (400).</summary>
    public static Refusal OfField(string pointer, string slug, params string[] args) => new(slug, pointer, args, false);

    /// <summary>The same rule without its words: each is replaced by <paramref name="instead"/>.</summary>
    public Refusal Without(string instead) => new(Slug, Field, [.. Args.Select(_ => instead)], OfModel);

    /// <summary>The same refusal of one among several things that a command asks for, at its pointer.</summary>
    public Refusal In(string pointer) => new(Slug, pointer + Field, Args, OfModel);
}
