using System.Text;
using System.Text.Json;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.OData.Edm;
using Microsoft.OData.Edm.Csdl;
using Microsoft.OData.Edm.Validation;

namespace ContainerGroups.Host.ApiTests.OData.Clients;

/// <summary>A client that nobody here wrote understands the service by what its schema and its answers say.</summary>
internal sealed class LibraryClientTests(DatabaseKind kind) : ODataFixture(kind)
{
    private const int ManyJobs = 2500;

    private LibraryClient _client = null!;

    [OneTimeSetUp]
    public async Task ConnectAsync()
    {
        _client = new LibraryClient(new Uri(Server.Address, "/odata/"), "admin", ApiServer.Password);
        await _client.LearnSchemaAsync();
    }

    [OneTimeTearDown]
    public void Disconnect() => _client?.Dispose();

    [Test]
    public void Schema_IsUnderstoodAndValid()
    {
        _client.Schema.Validate(out var errors);

        // An allowed value may be of any primitive type; the library knows no value that is.
        Assert.That(errors.Where(error => error.ErrorCode != EdmErrorCode.ExpressionPrimitiveKindNotValidForAssertedType), Is.Empty);
        Assert.That(_client.Schema.EntityContainer.EntitySets().Count(), Is.EqualTo(18));
    }

    [Test]
    public async Task JsonSchema_SaysTheSame()
    {
        var answer = await AskAsync("$metadata?$format=json");

        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(answer.Text));
        Assert.That(CsdlReader.TryParse(ref reader, out var schema, out var errors), Is.True, string.Join('\n', errors ?? []));
        Assert.That(Described(schema), Is.EqualTo(Described(_client.Schema)));
    }

    [Test]
    public async Task ServiceDocument_NamesTheSetsOfTheSchema()
    {
        using var reader = await _client.ReaderAsync("");
        var document = reader.ReadServiceDocument();

        Assert.That(document.EntitySets.Select(set => set.Url), Is.EquivalentTo(_client.Schema.EntityContainer.EntitySets().Select(set => new Uri(_client.Root, set.Name))));
    }

    [Test]
    public async Task EverySet_IsReadToItsLastRow(
        [Values("application/json;odata.metadata=minimal", "application/json;odata.metadata=full", "application/json;odata.metadata=full;IEEE754Compatible=true")] string accept)
    {
        foreach (var set in _client.Schema.EntityContainer.EntitySets())
        {
            var rows = await _client.RowsAsync(set.Name, accept, pageSize: 2);

            var count = long.Parse((await AskAsync($"{set.Name}/$count")).Text, System.Globalization.CultureInfo.InvariantCulture);
            Assert.That(rows.Select(row => row.Resource.Id.AbsoluteUri), Is.Unique.And.Exactly((int)count).Items, set.Name);
        }
    }

    [Test]
    public async Task LargeSet_IsReadToItsLastRow_WithWhatIsExpanded()
    {
        await using (var db = Server.Database.Open())
        {
            db.AddRange(Enumerable.Range(1, ManyJobs).Select(i => new Job { Id = 100_000 + i, Name = $"many {i % 7}", JobTemplateId = 501, Created = DateTime.UnixEpoch }));
            await db.SaveChangesAsync();
        }

        var rows = await _client.RowsAsync("Jobs?$filter=startswith(Name,'many')&$orderby=Name desc&$expand=JobTemplate($select=Name)&$select=Id,Name");

        Assert.That(rows.Select(row => row["Id"]), Is.Unique.And.Exactly(ManyJobs).Items);
        Assert.That(rows.Select(row => row["Name"]), Is.Ordered.Descending);
        Assert.That(rows.Select(row => row.Below["JobTemplate"].Single()["Name"]).Distinct(), Is.EqualTo((string[])["Deploy"]));
        await using var cleaning = Server.Database.Open();
        cleaning.Jobs.RemoveRange(cleaning.Jobs.Where(job => job.Id > 100_000));
        await cleaning.SaveChangesAsync();
    }

    [Test]
    public async Task Expansion_IsNested()
    {
        var rows = await _client.RowsAsync("Jobs?$filter=Id le 4&$expand=Events($select=Id;$orderby=Id;$expand=Host($select=Name)),JobTemplate($expand=Organization)");

        Assert.That(rows[1].Below["Events"].Select(row => row["Id"]), Is.EqualTo((long[])[21, 22, 23]));
        Assert.That(rows[1].Below["Events"].SelectMany(row => row.Below["Host"]).Select(row => row["Name"]), Is.EqualTo((string[])["web1", "db1"]));
        Assert.That(rows[0].Below["JobTemplate"].Single().Below["Organization"].Single()["Name"], Is.EqualTo("Ops"));
        Assert.That(rows[3].Below["JobTemplate"], Is.Empty);
        Assert.That(rows[0]["Started"], Is.EqualTo(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
    }

    [Test]
    public async Task SingleThings_AreUnderstood()
    {
        using var property = await _client.ReaderAsync("Jobs(3)/ElapsedSeconds");
        using var reference = await _client.ReaderAsync("Jobs(1)/JobTemplate/$ref");
        using var references = await _client.ReaderAsync("Jobs(1)/Events/$ref");
        using var value = await _client.ReaderAsync("Jobs(1)/Name/$value", "text/plain");
        using var error = await _client.ReaderAsync("Jobs?$filter=Nothing eq 1");

        Assert.That(property.ReadProperty().Value, Is.EqualTo(10.5));
        Assert.That(reference.ReadEntityReferenceLink().Url.AbsoluteUri, Does.EndWith("/odata/JobTemplates(501)"));
        Assert.That(references.ReadEntityReferenceLinks().Links.Count(), Is.EqualTo(3));
        Assert.That(value.ReadValue(EdmCoreModel.Instance.GetString(false)), Is.EqualTo("Deploy"));
        Assert.That(error.ReadError().Code, Is.EqualTo("BadRequest"));
    }

    /// <summary>The names and types of everything in a schema.</summary>
    private static List<string> Described(IEdmModel schema) =>
    [
        .. from type in schema.SchemaElements.OfType<IEdmEntityType>()
        from property in type.DeclaredProperties
        orderby type.Name, property.Name
        // Of a way to one entity, the library reads from JSON that it may be absent, whatever is said.
        let isNullable = property is IEdmNavigationProperty || property.Type.IsNullable
        select $"{type.Name}/{property.Name} {property.Type.FullName()} {isNullable}",
    ];
}
