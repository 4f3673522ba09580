using System.Text.Json.Serialization;

namespace SecurityCoop.Register.Time;

/// <summary>An answer about days of uncertain precision: in no possible case, in at least one, in every one.</summary>
[JsonConverter(typeof(SlugJson<Certainty>))]
public enum Certainty { No, Possible, Certain }
