using System.Net;
using System.Xml.Linq;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.ApiTests.OData;

/// <summary>What is not in the schema is not to be found: not by reading, and not by asking questions about it.</summary>
internal sealed class HiddenTests(DatabaseKind kind) : ODataFixture(kind)
{
    private static readonly Dictionary<string, Type> Rows = new()
    {
        ["Organizations"] = typeof(Organization),
        ["InstanceGroups"] = typeof(InstanceGroup),
        ["Instances"] = typeof(Instance),
        ["ExecutionEnvironments"] = typeof(ExecutionEnvironment),
        ["CredentialTypes"] = typeof(CredentialType),
        ["Credentials"] = typeof(Credential),
        ["Plugins"] = typeof(PluginStatus),
        ["Projects"] = typeof(Project),
        ["Inventories"] = typeof(Inventory),
        ["Hosts"] = typeof(InventoryHost),
        ["JobTemplates"] = typeof(JobTemplate),
        ["Jobs"] = typeof(Job),
        ["JobEvents"] = typeof(JobEvent),
        ["JobHostSummaries"] = typeof(JobHostSummary),
        ["JobPhases"] = typeof(JobPhase),
        ["Schedules"] = typeof(Schedule),
        ["Labels"] = typeof(Label),
        ["ActivityStream"] = typeof(ActivityEntry),
    };

    /// <summary>By name, beside those found by comparing: a list that nobody can shorten without noticing.</summary>
    private static readonly string[] Secrets =
    [
        "Credentials/Inputs", "CredentialTypes/Injectors", "Jobs/ExtraVars", "Jobs/JobEnv", "Jobs/JobArgs", "Jobs/EnvironmentHandle", "JobTemplates/ExtraVars",
        "JobTemplates/HostConfigKey", "Hosts/Variables", "Inventories/Variables", "Inventories/Source", "Projects/ScmUrl", "JobEvents/EventData",
        "InstanceGroups/PodSpecOverride", "InstanceGroups/BackendSettings", "Plugins/Directory",
        "Schedules/ExtraData", "ActivityStream/Changes",
    ];

    [Test]
    public async Task Column_OutsideOfTheSchema_CanNotBeAskedAbout()
    {
        var hidden = (await HiddenAsync()).ToList();

        Assert.That(hidden.Select(pair => $"{pair.Set}/{pair.Name}"), Is.SupersetOf(Secrets));
        foreach (var (set, name) in hidden)
        {
            foreach (var url in Questions(set, name))
            {
                var answer = await AskAsync(url);
                Assert.That((int)answer.Status, Is.InRange(400, 404), $"{url}\n{answer.Text}");
            }
        }
    }

    [TestCase("Users")]
    [TestCase("CredentialSecrets")]
    [TestCase("AccessTokens")]
    [TestCase("OAuthApplications")]
    [TestCase("LoginSessions")]
    [TestCase("Installation")]
    [TestCase("OutputChunks")]
    [TestCase("Credentials(701)/Secrets")]
    [TestCase("Credentials(701)/User")]
    [TestCase("Jobs(1)/Credentials")]
    [TestCase("Organizations(101)/Members")]
    [TestCase("Organizations(101)/Teams")]
    public async Task Table_OutsideOfTheSchema_IsNotThere(string url) => Assert.That((await AskAsync(url)).Status, Is.EqualTo(HttpStatusCode.NotFound));

    [Test]
    public async Task Answers_HoldNoSecret()
    {
        foreach (var set in Rows.Keys)
        {
            var answer = await AskAsync($"{set}?$expand=*");
            Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), $"{set} {answer.Text}");
            Assert.That(answer.Text, Does.Not.Contain(FixedRows.Secret).And.Not.Contain("$encrypted$"), set);
        }
    }

    [Test]
    public async Task Questions_FindNoSecret()
    {
        foreach (var (set, texts) in await TextsAsync())
        {
            Assert.That(await IdsAsync($"{set}?$search=sesame"), Is.Empty, set);
            foreach (var text in texts)
            {
                Assert.That(await IdsAsync($"{set}?$filter=contains({text},'sesame')"), Is.Empty, $"{set}/{text}");
            }
        }
    }

    [Test]
    public async Task CallerWhoMaySeeNothing_SeesNothing_ByAnyWay()
    {
        await Admin.CreateAsync("users/", """{"username":"nobody","password":"n0-secrets-here"}""");
        using var nobody = Server.ClientFor("nobody", "n0-secrets-here");
        foreach (var set in Rows.Keys.Where(set => set is not ("CredentialTypes" or "ExecutionEnvironments" or "ActivityStream")))
        {
            Assert.That((await nobody.GetAsync($"/odata/{set}/$count")).Text, Is.EqualTo("0"), set);
            Assert.That((await nobody.GetAsync($"/odata/{set}?$expand=*")).Json["value"]!.AsArray(), Is.Empty, set);
        }

        // What happened to his own account everybody may know.
        var told = (await nobody.GetAsync("/odata/ActivityStream")).Json["value"]!.AsArray();
        Assert.That(told.Select(entry => (entry!["Operation"]!.ToString(), entry["Object1"]!.ToString(), entry["ObjectName"]!.ToString())), Is.EqualTo(new[] { ("create", "user", "nobody") }));
        Assert.That((await nobody.GetAsync("/odata/Jobs(1)")).Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await nobody.GetAsync("/odata/Jobs(1)/Events")).Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await nobody.GetAsync("/odata/CredentialTypes(751)/Credentials")).Json["value"]!.AsArray(), Is.Empty);
        Assert.That((await nobody.GetAsync("/odata/CredentialTypes(751)?$expand=Credentials")).Json["Credentials"]!.AsArray(), Is.Empty);
        Assert.That((await nobody.GetAsync("/odata/CredentialTypes/$count?$filter=Credentials/any()")).Text, Is.EqualTo("0"));
        Assert.That((await nobody.GetAsync("/odata/CredentialTypes/$count?$filter=Credentials/$count%20gt%200")).Text, Is.EqualTo("0"));
    }

    private static IEnumerable<string> Questions(string set, string name) =>
    [
        $"{set}?$filter={name}%20ne%20null", $"{set}?$filter=contains({name},'s')", $"{set}?$orderby={name}", $"{set}?$select={name}", $"{set}?$expand={name}",
        $"{set}?$apply=groupby(({name}))", $"{set}?$apply=aggregate({name}%20with%20max%20as%20M)", $"{set}?$compute=length({name})%20as%20L",
        $"{set}?$filter={name}/any()", $"{set}?$filter={name}/$count%20gt%200", $"{set}(1)/{name}", $"{set}(1)/{name}/$value",
    ];

    private async Task<IEnumerable<(string Set, string Name)>> HiddenAsync()
    {
        var schema = await SchemaAsync();
        await using var db = Server.Database.Open();
        return [.. from pair in Rows
            let entity = db.Model.FindEntityType(pair.Value)!
            let names = entity.GetProperties().Select(property => property.Name).Concat(entity.GetNavigations().Select(navigation => navigation.Name))
            from name in names
            where !schema[pair.Key].Contains(name)
            select (pair.Key, name)];
    }

    private async Task<Dictionary<string, HashSet<string>>> SchemaAsync() => (await TypesAsync()).ToDictionary(
        pair => pair.Set, pair => pair.Type.Elements().Select(element => element.Attribute("Name")?.Value ?? "").ToHashSet(StringComparer.OrdinalIgnoreCase));

    private async Task<Dictionary<string, List<string>>> TextsAsync() => (await TypesAsync()).ToDictionary(
        pair => pair.Set,
        pair => pair.Type.Elements().Where(element => element.Attribute("Type")?.Value == "Edm.String").Select(element => element.Attribute("Name")!.Value).ToList());

    private async Task<List<(string Set, XElement Type)>> TypesAsync()
    {
        var root = XDocument.Parse((await AskAsync("$metadata")).Text).Root!;
        var types = root.Descendants().Where(element => element.Name.LocalName == "EntityType").ToDictionary(element => "ContainerGroups." + element.Attribute("Name")!.Value);
        return [.. root.Descendants().Where(element => element.Name.LocalName == "EntitySet")
            .Select(set => (set.Attribute("Name")!.Value, types[set.Attribute("EntityType")!.Value]))];
    }
}
