namespace SecurityCoop.Register.Time;

/// <summary>Why a text is no date: the character at which it goes wrong, counted from 0, and a short reason.</summary>
public sealed record EdtfFault(int Position, string Reason);

/// <summary>A text that <see cref="Edtf.Parse"/> cannot read.</summary>
public sealed class EdtfException(string text, EdtfFault fault)
    : FormatException($"'{text}' is not an EDTF date: {fault.Reason} (at character {fault.Position}).")
{
    public EdtfFault Fault { get; } = fault;
}
