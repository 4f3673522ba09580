namespace SecurityCoop.Register;

/// <summary>The name under which an event is stored, for ever: stream and event in snake case.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class WireNameAttribute(string name, int schema = 1) : Attribute
{
    public string Name => name;
    /// <summary>Raised when a released event gains a field that older readers would misread.</summary>
    public int Schema => schema;
}
