using ContainerGroups.Host.Projects;

namespace ContainerGroups.Host.Tests.Projects;

public sealed class GitSourceTests
{
    private static readonly string[] Protocols = ["https", "ssh"];

    [TestCase("https://example.org/team/repo.git")]
    [TestCase("HTTPS://example.org/repo")]
    [TestCase("ssh://git@example.org:2222/repo")]
    [TestCase("git@example.org:team/repo.git")]
    public void Address_OfAnAllowedKind_IsTaken(string url) => Assert.That(GitSource.FaultOfUrl(url, Protocols), Is.Null);

    [TestCase("--upload-pack=touch x", "dash")]
    [TestCase("ext::sh -c id", "spaces")]
    [TestCase("ext::id", "helpers")]
    [TestCase("file:///etc", "protocol file is not allowed")]
    [TestCase("/etc", "Give a URL")]
    [TestCase("../repo", "Give a URL")]
    [TestCase("http://example.org/x", "protocol http is not allowed")]
    [TestCase("https://user:secret@example.org/x", "must not hold a password or token")]
    [TestCase("ssh://-oProxyCommand=id/x", "")]
    [TestCase("-oProxyCommand=id:x", "dash")]
    [TestCase("x@-oProxyCommand=id:y", "Give a URL")]
    [TestCase("https://example.org/x\ny", "control")]
    public void Address_OfAnotherKind_IsRefused(string url, string cause) =>
        Assert.That(GitSource.FaultOfUrl(url, Protocols), Is.Not.Null.And.Contains(cause).And.Not.Contains("secret"));

    [TestCase("main", true)]
    [TestCase("", true)]
    [TestCase("feature/x", true)]
    [TestCase("-x", false)]
    [TestCase("a b", false)]
    public void Branch_IsOneWordWithoutDash(string branch, bool legal) => Assert.That(GitSource.FaultOfWord(branch) is null, Is.EqualTo(legal));
}
