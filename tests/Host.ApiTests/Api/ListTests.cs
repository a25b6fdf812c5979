using System.Net;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.Api;

/// <summary>Filters, order, search and pages, on rows of their own.</summary>
internal sealed class ListTests(DatabaseKind kind) : ApiFixture(kind)
{
    [OneTimeSetUp]
    public async Task FillAsync()
    {
        var ops = await Admin.CreateAsync("organizations/", """{"name":"Ops","description":"runs things","max_hosts":10}""");
        var dev = await Admin.CreateAsync("organizations/", """{"name":"Dev 100%_","description":"writes things","max_hosts":200}""");
        await Admin.CreateAsync("teams/", $$"""{"name":"alpha","organization":{{ops}},"description":"first"}""");
        await Admin.CreateAsync("teams/", $$"""{"name":"Beta","organization":{{ops}}}""");
        await Admin.CreateAsync("teams/", $$"""{"name":"gamma","organization":{{dev}}}""");
        foreach (var name in (string[])["ann", "bob", "cid"])
        {
            var user = await Admin.CreateAsync("users/", $$"""{"username":"{{name}}","password":"x","email":"{{name}}@example.org"}""");
            await Admin.PostAsync("teams/alpha++Ops/users/", $$"""{"id":{{user}}}""");
            if (name == "bob")
            {
                await Admin.PostAsync("teams/gamma++Dev 100%25_/users/", $$"""{"id":{{user}}}""");
            }
        }
    }

    [TestCase("name=Ops", "Ops")]
    [TestCase("name__exact=ops", "")]
    [TestCase("name__iexact=oPS", "Ops")]
    [TestCase("name__contains=p", "Ops")]
    [TestCase("name__icontains=EV 1", "Dev 100%_")]
    [TestCase("name__contains=%25", "Dev 100%_")]
    [TestCase("name__contains=_", "Dev 100%_")]
    [TestCase("name__startswith=De", "Default,Dev 100%_")]
    [TestCase("name__istartswith=dE", "Default,Dev 100%_")]
    [TestCase("name__endswith=s", "Ops")]
    [TestCase("name__iendswith=S", "Ops")]
    [TestCase("name__regex=^D.v", "Dev 100%_")]
    [TestCase("name__iregex=^d.v|ops", "Dev 100%_,Ops")]
    [TestCase("name__in=Ops,Default", "Default,Ops")]
    [TestCase("max_hosts__gt=10", "Dev 100%_")]
    [TestCase("max_hosts__gte=10", "Dev 100%_,Ops")]
    [TestCase("max_hosts__lt=10", "Default")]
    [TestCase("max_hosts__lte=10", "Default,Ops")]
    [TestCase("max_hosts=99999999999", "")]
    [TestCase("max_hosts__in=10,200", "Dev 100%_,Ops")]
    [TestCase("max_hosts__contains=0", "Default,Dev 100%_,Ops")]
    [TestCase("max_hosts__int=10", "Ops")]
    [TestCase("name__gt=E", "Ops")]
    [TestCase("default_environment__isnull=true", "Default,Dev 100%_,Ops")]
    [TestCase("default_environment__isnull=False", "")]
    [TestCase("default_environment=null", "Default,Dev 100%_,Ops")]
    [TestCase("default_environment=None", "Default,Dev 100%_,Ops")]
    [TestCase("not__name=Ops", "Default,Dev 100%_")]
    [TestCase("or__name=Ops&or__name=Default", "Default,Ops")]
    [TestCase("or__name=Ops&or__not__max_hosts__lt=11", "Dev 100%_,Ops")]
    [TestCase("or__name=Ops&or__name=Default&max_hosts=10", "Ops")]
    [TestCase("name__contains=D&name__contains=f", "Default")]
    [TestCase("teams__name=alpha", "Ops")]
    [TestCase("teams__name=alpha&teams__description=first", "Ops")]
    [TestCase("teams__name=Beta&teams__description=first", "")]
    [TestCase("chain__teams__name=Beta&chain__teams__description=first", "Ops")]
    [TestCase("not__teams__name=alpha", "Default,Dev 100%_")]
    [TestCase("teams__isnull=true", "Default")]
    [TestCase("teams__users__username=bob", "Dev 100%_,Ops")]
    [TestCase("teams__users__email__startswith=cid", "Ops")]
    [TestCase("teams__search=alph", "Ops")]
    [TestCase("teams__search=alph,irst", "Ops")]
    [TestCase("teams__search=alph,nothing", "")]
    [TestCase("teams__search=alph&teams__search=amm", "Dev 100%_,Ops")]
    [TestCase("created_by__username=admin", "Dev 100%_,Ops")]
    [TestCase("created_by__username__in=admin,x", "Dev 100%_,Ops")]
    [TestCase("search=THINGS", "Dev 100%_,Ops")]
    [TestCase("search=things runs", "Ops")]
    [TestCase("search=%25", "Dev 100%_")]
    [TestCase("created__gt=2020-01-01", "Default,Dev 100%_,Ops")]
    [TestCase("created__gt=2999-01-01T00:00:00Z", "")]
    [TestCase("created__lt=2999-01-01T00:00:00.123456+02:00", "Default,Dev 100%_,Ops")]
    [TestCase("pk__gt=0&id__gte=1", "Default,Dev 100%_,Ops")]
    [TestCase("order_by=-name", "Ops,Dev 100%_,Default")]
    [TestCase("order_by=-max_hosts,name", "Dev 100%_,Ops,Default")]
    [TestCase("order=max_hosts", "Default,Ops,Dev 100%_")]
    [TestCase("format=json&no_truncate=1&type=organization&validate=x", "Default,Dev 100%_,Ops")]
    public async Task Filter_GivesExactlyTheRows(string query, string names)
    {
        var answer = await Admin.GetAsync("organizations/?" + query);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(string.Join(",", answer.Names), Is.EqualTo(names));
    }

    [TestCase("order_by=organization__name,name", "gamma,Beta,alpha")]
    [TestCase("organization__name=Ops&order_by=-name", "alpha,Beta")]
    [TestCase("organization__max_hosts__gt=100", "gamma")]
    [TestCase("organization__teams__name=Beta&order_by=id", "alpha,Beta")]
    public async Task ForeignKey_LeadsToTheOtherObject(string query, string names)
    {
        var answer = await Admin.GetAsync("teams/?" + query);

        // Whether capitals come first is the database's own rule.
        Assert.That(answer.Names, Is.EquivalentTo(names.Split(',')), answer.Text);
    }

    [TestCase("organizations/?order_by=", "created_by__", "id")]
    [TestCase("organizations/?order_by=-", "created_by__", "id")]
    [TestCase("groups/?", "children__", "name=x")]
    [TestCase("groups/?chain__", "children__", "name=x")]
    [TestCase("groups/?or__not__", "children__", "name=x")]
    [TestCase("organizations/?", "created_by__", "id=1")]
    public async Task Path_HasALimitThatIsNamed(string before, string relation, string after)
    {
        async Task<ApiAnswer> AskAsync(int relations) => await Admin.GetAsync(before + string.Concat(Enumerable.Repeat(relation, relations)) + after);

        var deepest = await AskAsync(10);
        var tooDeep = await AskAsync(11);
        var absurd = await AskAsync(500);

        Assert.That(deepest.Status, Is.EqualTo(HttpStatusCode.OK), deepest.Text);
        Assert.That(tooDeep.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(tooDeep["detail"]!.ToString(), Does.Match($"^The field '({relation}){{8,11}}.*' follows more than 10 relations\\.$"));
        Assert.That(absurd.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(absurd["detail"]!.ToString(), Has.Length.LessThan(200));
    }

    [TestCase("organizations/?order_by=", "name,", 151)]
    [TestCase("organizations/?order_by=", "created_by__created_by__created_by__created_by__created_by__id,", 26)]
    [TestCase("groups/?", "not__children__children__children__children__children__name=x&", 26)]
    [TestCase("organizations/?", "role_level=read_role&", 151)]
    public async Task Parts_OfAQueryHaveALimitTogether(string before, string part, int count)
    {
        var answer = await Admin.GetAsync(before + string.Concat(Enumerable.Repeat(part, count)));

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest), answer.Text);
        Assert.That(answer["detail"]!.ToString(), Does.StartWith("The query has more than 150 conditions"));
    }

    [TestCase("nothing=1", "Organization has no field named 'nothing'")]
    [TestCase("related=1", "Organization has no field named 'related'")]
    [TestCase("teams__nothing=1", "Team has no field named 'nothing'")]
    [TestCase("name__nothing=1", "Organization has no field named 'name__nothing'")]
    [TestCase("order_by=nothing", "Organization has no field named 'nothing'")]
    [TestCase("max_hosts=many", "Field 'max_hosts' expected a number but got 'many'.")]
    [TestCase("default_environment=x", "Invalid default_environment id: x")]
    [TestCase("name__in=", "The list of values for name__in is empty.")]
    [TestCase("max_hosts__iexact=1", "Unsupported lookup 'iexact' for max_hosts: it is no text.")]
    [TestCase("created__gt=yesterday", "'yesterday' is no moment: created takes ISO 8601, such as 2026-01-31T23:59:59Z.")]
    [TestCase("name=%00", "The value of name holds a null character.")]
    public async Task BadFilter_IsToldByName(string query, string detail)
    {
        var answer = await Admin.GetAsync("organizations/?" + query);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(answer["detail"]!.ToString(), Is.EqualTo(detail));
    }

    [TestCase("name__regex=(")]
    [TestCase("name__regex=(a)\\1")]
    [TestCase("name__iregex=*")]
    public async Task BadRegularExpression_IsABadRequest(string query) =>
        Assert.That((await Admin.GetAsync("organizations/?" + query)).Status, Is.EqualTo(HttpStatusCode.BadRequest));

    [TestCase("users/?password=x", "password")]
    [TestCase("users/?password__startswith=A", "password")]
    [TestCase("organizations/?users__password__startswith=A", "password")]
    [TestCase("instance_groups/?pod_spec_override__contains=x", "pod_spec_override")]
    [TestCase("instance_groups/?order_by=pod_spec_override", "pod_spec_override")]
    public async Task SecretField_CantBeAskedAbout(string path, string field)
    {
        var answer = await Admin.GetAsync(path);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(answer["detail"]!.ToString(), Is.EqualTo($"Filtering on {field} is not allowed."));
    }

    [Test]
    public async Task ManyConditions_AreRefused_NotFailedUpon()
    {
        var query = string.Join('&', Enumerable.Range(0, 400).Select(i => $"max_hosts__gt={i}"));

        var answer = await Admin.GetAsync("organizations/?" + query);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(answer["detail"]!.ToString(), Does.StartWith("The query has more than"));
    }

    [Test]
    public async Task Pages_AreLinked_AndKeepTheQuery()
    {
        var first = await Admin.GetAsync("organizations/?page_size=1&order_by=name&name__contains=e");
        var second = await Admin.GetAsync(first["next"]!.ToString());

        Assert.That((int)first["count"]!, Is.EqualTo(2));
        Assert.That(first["previous"], Is.Null);
        Assert.That(first["next"]!.ToString(), Is.EqualTo("/api/v2/organizations/?page_size=1&order_by=name&name__contains=e&page=2"));
        Assert.That(second.Names, Is.EqualTo(new[] { "Dev 100%_" }));
        Assert.That(second["next"], Is.Null);
        Assert.That(second["previous"]!.ToString(), Does.EndWith("page=1"));
    }

    [TestCase("page=0")]
    [TestCase("page=4&page_size=1")]
    [TestCase("page=x")]
    [TestCase("page=99999999999999999999")]
    public async Task PageThatIsNot_IsNotFound(string query)
    {
        var answer = await Admin.GetAsync("organizations/?" + query);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(answer["detail"]!.ToString(), Is.EqualTo("Invalid page."));
    }

    [Test]
    public async Task PageSize_IsCapped_AndTheLinksSaySo()
    {
        for (var i = 0; i < 201; i++)
        {
            await Server.InsertAsync(new ContainerGroups.Host.Storage.ExecutionEnvironment { Name = $"image {i:000}", Image = "x" });
        }

        var answer = await Admin.GetAsync("execution_environments/?page_size=1000");

        Assert.That(answer["results"]!.AsArray(), Has.Count.EqualTo(200));
        Assert.That(answer["next"]!.ToString(), Is.EqualTo("/api/v2/execution_environments/?page_size=200&page=2"));
    }

    [Test]
    public async Task CountDisabled_GivesRowsAlone()
    {
        var answer = await Admin.GetAsync("organizations/?count_disabled=1&page_size=2");

        Assert.That(answer.Json.AsObject().Select(pair => pair.Key), Is.EqualTo(new[] { "results" }));
        Assert.That(answer["results"]!.AsArray(), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task EmptyList_HasAFirstPage()
    {
        var answer = await Admin.GetAsync("organizations/?name=nothing&page=1");

        Assert.That((int)answer["count"]!, Is.Zero);
    }
}
