using Xunit;

namespace SecurityCoop.Web.Tests;

/// <summary>Tests that wait for a host under load of their own: beside browsers and other hosts they would measure these.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
