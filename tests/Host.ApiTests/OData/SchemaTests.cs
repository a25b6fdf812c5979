using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.OData;

/// <summary>The schema is a contract: a property that is renamed or gone breaks somebody's report, and shows here first.</summary>
internal sealed class SchemaTests(DatabaseKind kind) : ODataFixture(kind)
{
    [TestCase("$metadata", "metadata.approved.xml")]
    [TestCase("$metadata?$format=json", "metadata.approved.json")]
    public async Task Schema_IsTheApprovedOne(string url, string file)
    {
        var answer = await AskAsync(url);

        var path = Path.Combine(Repository.Root, "tests/Host.ApiTests/OData", file);
        var approved = File.Exists(path) ? await File.ReadAllTextAsync(path) : "";
        if (approved.TrimEnd() != answer.Text.TrimEnd())
        {
            await File.WriteAllTextAsync(Path.Combine(TestContext.CurrentContext.WorkDirectory, file.Replace("approved", "received")), answer.Text);
        }

        Assert.That(answer.Text.TrimEnd(), Is.EqualTo(approved.TrimEnd()));
    }
}
