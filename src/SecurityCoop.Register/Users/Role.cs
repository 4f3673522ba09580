using System.Text.Json.Serialization;

namespace SecurityCoop.Register.Users;

/// <summary>What somebody may do. A steward is also recorder, validator and auditor; each of these is also reader; an administrator is nothing else.</summary>
[JsonConverter(typeof(SlugJson<Role>))]
public enum Role { Reader, Recorder, Validator, Steward, Auditor, Administrator }
