using ContainerGroups.Host.Cli;

namespace ContainerGroups.Host.Tests.Cli;

public sealed class ApiErrorTests
{
    [TestCase("""{"detail": "Not found."}""", "Not found.")]
    [TestCase("""{"name": ["This field is required."], "playbook": ["Too long.", "Not there."]}""", "name: This field is required. playbook: Too long. Not there.")]
    [TestCase("""{"__all__": ["Already exists."]}""", "Already exists.")]
    [TestCase("<html>\nbad gateway</html>", "<html> bad gateway</html>")]
    [TestCase("", "")]
    public void Body_IsOneLine(string body, string expected) => Assert.That(ApiError.Describe(body), Is.EqualTo(expected));
}
