namespace SecurityCoop.Register.Time;

/// <summary>An answer about days of uncertain precision: in no possible case, in at least one, in every one.</summary>
public enum Certainty { No, Possible, Certain }
