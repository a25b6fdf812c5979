using ContainerGroups.Host.Projects;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.Tests.Projects;

public sealed class ManualProjectsTests
{
    private TemporaryDirectory _directory = null!;
    private ManualProjects _projects = null!;

    private string Root => _directory.File("root");

    [SetUp]
    public void SetUp()
    {
        _directory = new TemporaryDirectory();
        _projects = new ManualProjects(new ProjectPaths(Root, _directory.File("cache")));
        Directory.CreateDirectory(Path.Combine(Root, "web", "deep"));
        Directory.CreateDirectory(_directory.File("outside"));
        File.CreateSymbolicLink(Path.Combine(Root, "escape"), _directory.File("outside"));
        File.CreateSymbolicLink(Path.Combine(Root, "inside"), "web/deep");
        File.CreateSymbolicLink(Path.Combine(Root, "web", "up"), "../../outside");
        File.CreateSymbolicLink(Path.Combine(Root, "circle"), "circle");
    }

    [TearDown]
    public void TearDown() => _directory.Dispose();

    [TestCase("web", "web")]
    [TestCase("web/deep", "web/deep")]
    [TestCase("inside", "web/deep")]
    public void PathInside_IsFound(string path, string real) =>
        Assert.That(_projects.Find("p", path), Is.EqualTo(Path.Combine(RealPath.Of(Root), real)));

    [TestCase("")]
    [TestCase("/etc")]
    [TestCase("../outside")]
    [TestCase("web/../../outside")]
    [TestCase("web/./deep")]
    [TestCase(".")]
    [TestCase("escape")]
    [TestCase("escape/x")]
    [TestCase("web/up")]
    [TestCase("circle")]
    [TestCase("a\0b")]
    public void PathThatLeadsOut_IsRefused(string path)
    {
        Assert.That(_projects.FaultOf(path), Is.Not.Null);
        Assert.That(() => _projects.Find("p", path), Throws.TypeOf<ProjectUnavailableException>());
    }

    [Test]
    public void PathThatIsNotThere_IsLegalButUnavailable()
    {
        Assert.That(_projects.FaultOf("later"), Is.Null);
        Assert.That(() => _projects.Find("mine", "later"), Throws.TypeOf<ProjectUnavailableException>()
            .With.Message.Contains("\"later\" of project \"mine\" does not exist below"));
    }

    [Test]
    public void Candidates_AreTheDirectoriesInside() => Assert.That(_projects.Candidates(), Is.EqualTo(new[] { "inside", "web" }));
}
