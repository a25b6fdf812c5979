
namespace ContainerGroups.Tests.Shared;

/// <summary>Tests with a client that keeps cookies, a fresh one for each.</summary>
internal abstract class BrowserFixture(DatabaseKind kind) : ApiFixture(kind)
{
    protected TestBrowser Browser { get; private set; } = null!;

    [SetUp]
    public void OpenBrowser() => Browser = new TestBrowser(Server.Address);

    [TearDown]
    public void CloseBrowser() => Browser.Dispose();
}
