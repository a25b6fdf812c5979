using System.Text;
using ContainerGroups.Host.Projects;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.Tests.Projects;

public sealed class PlaybooksTests
{
    [TestCase("site.yml", true)]
    [TestCase("a/b.yaml", true)]
    [TestCase("site.json", false)]
    [TestCase(".hidden.yml", false)]
    [TestCase(".github/ci.yml", false)]
    [TestCase("roles/x/main.yml", false)]
    [TestCase("x/tasks/main.yml", false)]
    [TestCase("group_vars/all.yml", false)]
    [TestCase("host_vars/h.yml", false)]
    [TestCase("tasks.yml", true)]
    public void Path_DecidesWhetherItMayBeOne(string path, bool expected) => Assert.That(Playbooks.MayBeAt(path), Is.EqualTo(expected));

    [TestCase("- hosts: all\n", true)]
    [TestCase("---\n# c\n-   name: x\n    hosts: web", true)]
    [TestCase("- import_playbook: other.yml", true)]
    [TestCase("- ansible.builtin.import_playbook: other.yml", true)]
    [TestCase("[{\"hosts\": \"all\"}]", false)]
    [TestCase("$ANSIBLE_VAULT;1.1;AES256\n6162", true)]
    [TestCase("x\n$ANSIBLE_VAULT;1.1;AES256", false)]
    [TestCase("a: 1\nhostsx: 2\n", false)]
    [TestCase("", false)]
    public async Task Content_DecidesWhetherItIsOne(string content, bool expected)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(content));

        Assert.That(await Playbooks.LooksLikeOneAsync(stream, CancellationToken.None), Is.EqualTo(expected));
    }

    [Test]
    public async Task Directory_IsSearched_WithoutFollowingLinks()
    {
        using var directory = new TemporaryDirectory();
        Directory.CreateDirectory(directory.File("sub"));
        await File.WriteAllTextAsync(directory.File("sub/z.yml"), "- hosts: all");
        await File.WriteAllTextAsync(directory.File("a.yml"), "- hosts: all");
        await File.WriteAllTextAsync(directory.File("vars.yml"), "a: 1");
        File.CreateSymbolicLink(directory.File("loop"), ".");
        File.CreateSymbolicLink(directory.File("link.yml"), "a.yml");

        Assert.That(await Playbooks.FindAsync(directory.Path, CancellationToken.None), Is.EqualTo(new[] { "a.yml", "sub/z.yml" }));
    }
}
