using SecurityCoop.PrivateServer;
using SecurityCoop.Register;
using SecurityCoop.Register.Markings;
using SecurityCoop.Web.Access;

namespace SecurityCoop.Web.Broker;

/// <summary>The message broker, an AMQP 0-9-1 server such as RabbitMQ, to which events leave and from which commands come.</summary>
/// <param name="Address">With user, password and virtual host; never logged.</param>
/// <param name="Exchange">The topic exchange that takes the events.</param>
/// <param name="Marking">What is marked higher leaves the register without its content.</param>
/// <param name="Declare">Whether the host makes what is missing of exchange and queues.</param>
/// <param name="Commands">From which queue commands are taken, and in whose name; null: none are.</param>
sealed record BrokerSettings(Uri Address, string Exchange, Marking Marking, bool Declare, CommandQueue? Commands)
{
    const string NoRoles = "none";

    /// <summary>Register:Broker, the address, and what stands below it. Null: there is no broker.</summary>
    /// <exception cref="StartRefused">A setting makes no sense, or roles or clearance are not given.</exception>
    public static BrokerSettings? Of(IConfiguration configuration)
    {
        if (configuration["Register:Broker"] is not { Length: > 0 } given) return null;
        // The address holds a password, so that the line does not repeat it.
        if (!Uri.TryCreate(given, UriKind.Absolute, out var address) || address.Scheme is not ("amqp" or "amqps") || address.Host == "")
            throw new StartRefused("Register__Broker is no address that begins with amqp:// or amqps://.");
        var settings = configuration.GetSection("Register:Broker");
        return new(
            address, Name(settings, "Exchange", "securitycoop.events"), configuration.MarkingOf("Register:Broker:Marking", Marking.Open),
            settings["Declare"] switch
            {
                null or "" or "true" => true, "false" => false,
                var other => throw new StartRefused($"Register__Broker__Declare: {other} is neither true nor false."),
            },
            CommandsOf(configuration, settings));
    }

    static CommandQueue? CommandsOf(IConfiguration configuration, IConfigurationSection settings)
    {
        if (settings["Roles"] is not { Length: > 0 } named)
            throw new StartRefused("Register__Broker__Roles: say which roles the queue's commands are given with (recorder, …), or none.");
        if (named == NoRoles) return null;
        HashSet<Role> roles = [.. Words(named).Select(n => Slug.TryParse<Role>(n, out var role) ? role
            : throw new StartRefused($"Register__Broker__Roles: {n} is no role ({string.Join(", ", Enum.GetValues<Role>().Select(Slug.Of))})."))];
        if (settings["Clearance"] is not { Length: > 0 })
            throw new StartRefused("Register__Broker__Clearance: say which is the highest marking that the queue's commands may see.");
        if (settings["Subject"] is not { Length: > 0 and <= 100 } subject || subject.Any(c => c < '!' || c > '~'))
            throw new StartRefused("Register__Broker__Subject: say in whose name the queue's commands are recorded, an id without spaces.");
        HashSet<string> groups = [.. Words(settings["Groups"] ?? "")];
        if (groups.FirstOrDefault(g => !MarkingDecisions.IsGroup(g)) is { } odd)
            throw new StartRefused($"Register__Broker__Groups: {odd} is no name of a group.");
        var clearance = configuration.MarkingOf("Register:Broker:Clearance", Marking.Open);
        return new(Name(settings, "Queue", "securitycoop.commands"), new(subject, roles, clearance) { Groups = groups });
    }

    static string[] Words(string list) => list.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    // What the broker, its tools and an address of Wolverine's take alike.
    static string Name(IConfigurationSection settings, string setting, string usual)
    {
        var name = settings[setting] is { Length: > 0 } given ? given : usual;
        return name.Length <= 100 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-' or '_') ? name
            : throw new StartRefused($"Register__Broker__{setting}: {name} is no name of lower-case letters, digits, dots, dashes and underscores.");
    }

    /// <summary>Nothing of the password.</summary>
    public override string ToString() => $"broker {Address.Host}";
}

/// <summary>A queue of commands.</summary>
/// <param name="Caller">In whose name they are decided and recorded, whoever sent them: no token travels in a message.</param>
sealed record CommandQueue(string Name, Caller Caller)
{
    /// <summary>Where it is said of messages that were no commands, without their content.</summary>
    public string DeadLetters => $"{Name}.dead";
}
