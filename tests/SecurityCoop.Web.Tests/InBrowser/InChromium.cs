using Xunit;

namespace SecurityCoop.Web.Tests.InBrowser;

/// <summary>
/// Tests in Chromium: one host with the five communiqués for all of them, one test after the other, since two pages at once take two cores from every
/// other test. Whoever records something takes a partner that no communiqué and no other test names.
/// </summary>
[CollectionDefinition(nameof(InChromium))]
public sealed class InChromium : ICollectionFixture<SeededHost>;
