using System.Text.Json.Nodes;
using ContainerGroups.Host.Inventories;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.IntegrationTests.Inventories;

/// <summary>What Ansible sees in a job's payload is what it would have seen in the file that people wrote.</summary>
public sealed class AnsibleComparisonTests(DatabaseKind kind) : OnBothDatabases(kind)
{
    private static IEnumerable<TestCaseData> Corpus() => InventoryCorpus.All.Select(e => new TestCaseData(e.Name, e.Text).SetArgDisplayNames(e.Name));

    [TestCaseSource(nameof(Corpus))]
    public async Task RenderedInventory_IsWhatAnsibleReadsInTheSource(string name, string text)
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory.File("source"), text);
        await RenderAsync(await ImportAsync(name, text), directory.Path);

        var expected = await AnsibleTool.ListAsync(directory.File("source"));
        var actual = await AnsibleTool.ListAsync(directory.File(InventoryFiles.HostsFile));

        Assert.That(Normal(JsonNode.Parse(actual)), Is.EqualTo(Normal(JsonNode.Parse(expected))));
    }

    [Test]
    public async Task DisabledHosts_AreLeftOut_AndOwnVariablesWin()
    {
        using var directory = new TemporaryDirectory();
        var id = await ImportAsync("disabled", "[web]\nweb[1:3]\n[all:vars]\nsite=source\nkept=1\n");
        await using (var db = Open())
        {
            db.Hosts.Single(h => h.InventoryId == id && h.Name == "web2").Enabled = false;
            db.Inventories.Single(i => i.Id == id).Variables = "site: own\n";
            await db.SaveChangesAsync();
        }

        await RenderAsync(id, directory.Path);

        var seen = JsonNode.Parse(await AnsibleTool.ListAsync(directory.File(InventoryFiles.HostsFile)))!;
        Assert.That(seen["web"]!["hosts"]!.ToJsonString(), Is.EqualTo("""["web1","web3"]"""));
        Assert.That(seen["_meta"]!["hostvars"]!["web1"]!.ToJsonString(), Is.EqualTo("""{"kept":1,"site":"own"}"""));
    }

    [Test]
    public async Task SourceSavedAgain_KeepsRowsOfTheSameName()
    {
        var id = await ImportAsync("again", "[web]\na x=1\nb\n[old]\nb\n");
        long a;
        await using (var db = Open())
        {
            var host = db.Hosts.Single(h => h.InventoryId == id && h.Name == "a");
            (a, host.Description) = (host.Id, "mine");
            await db.SaveChangesAsync();
        }

        await ImportAsync(id, "[web]\na x=2\nc\n");

        await using var after = Open();
        var hosts = after.Hosts.Where(h => h.InventoryId == id).OrderBy(h => h.Name).ToList();
        Assert.That(hosts.Select(h => (h.Name, h.Variables, h.Description)), Is.EqualTo(new[] { ("a", "{\"x\":2}", "mine"), ("c", "", "") }));
        Assert.That(hosts[0].Id, Is.EqualTo(a));
        Assert.That(after.Groups.Where(g => g.InventoryId == id).Select(g => g.Name), Is.EqualTo(new[] { "web" }));
    }

    [Test]
    public async Task TenThousandHosts_AreRendered()
    {
        using var directory = new TemporaryDirectory();
        var id = await ImportAsync("many", "[web]\nweb[00001:10000] rack=7\n[web:vars]\na=b\n");

        await RenderAsync(id, directory.Path);

        var hosts = JsonNode.Parse(await File.ReadAllTextAsync(directory.File(InventoryFiles.HostsFile)))!["all"]!["hosts"]!.AsObject();
        Assert.That(hosts, Has.Count.EqualTo(10_000));
        Assert.That(hosts["web09999"]!.ToJsonString(), Is.EqualTo("""{"rack":7}"""));
    }

    private async Task<long> ImportAsync(string name, string text)
    {
        await using var db = Open();
        var organization = new Organization { Name = Guid.NewGuid().ToString() };
        var inventory = new Inventory { Name = name, Organization = organization, Source = text };
        db.Inventories.Add(inventory);
        await db.SaveChangesAsync();
        await ImportAsync(inventory.Id, text);
        return inventory.Id;
    }

    private async Task ImportAsync(long id, string text)
    {
        await using var db = Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await InventoryImport.RunAsync(db, db.Inventories.Single(i => i.Id == id), InventorySource.Read(text), CancellationToken.None);
        await transaction.CommitAsync();
    }

    private async Task RenderAsync(long id, string directory)
    {
        await using var db = Open();
        foreach (var file in await InventoryFiles.RenderAsync(db, id, CancellationToken.None))
        {
            await File.WriteAllBytesAsync(Path.Combine(directory, file.Path), file.Content.ToArray());
        }
    }

    /// <summary>Order is nothing that Ansible keeps here: it prints sets.</summary>
    private static string Normal(JsonNode? node) => node switch
    {
        JsonObject o => "{" + string.Join(",", o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}:{Normal(p.Value)}")) + "}",
        JsonArray { Parent: JsonObject parent } names when names.GetPropertyName() is "hosts" or "children" && parent.Parent?.Parent is null =>
            "[" + string.Join(",", names.Select(Normal).Order(StringComparer.Ordinal)) + "]",
        JsonArray a => "[" + string.Join(",", a.Select(Normal)) + "]",
        null => "null",
        _ => node.ToJsonString(),
    };
}
