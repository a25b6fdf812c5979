using System.Net;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.Api;

internal sealed class OptionsTests(DatabaseKind kind) : ApiFixture(kind)
{
    [Test]
    public async Task InstanceGroups_TellEveryFieldThatAwxTells()
    {
        var answer = await Admin.OptionsAsync("instance_groups/");

        var post = answer["actions"]!["POST"]!;
        Assert.That(
            post.AsObject().Select(pair => pair.Key),
            Is.SupersetOf(new[]
            {
                "name", "max_concurrent_jobs", "max_forks", "is_container_group", "credential", "policy_instance_percentage",
                "policy_instance_minimum", "policy_instance_list", "pod_spec_override",
            }));
        Assert.That(post["name"]!["required"]!.GetValue<bool>(), Is.True);
        Assert.That((int)post["name"]!["max_length"]!, Is.EqualTo(250));
        Assert.That(post["credential"]!["type"]!.ToString(), Is.EqualTo("id"));
        Assert.That((int)post["policy_instance_percentage"]!["max_value"]!, Is.EqualTo(100));
        Assert.That((int)post["max_forks"]!["default"]!, Is.Zero);
        Assert.That(post["policy_instance_list"]!["type"]!.ToString(), Is.EqualTo("json"));
        Assert.That(post["policy_instance_list"]!["default"]!.AsArray(), Is.Empty);
        Assert.That((int)answer["max_page_size"]!, Is.EqualTo(200));
        Assert.That(answer["actions"]!["GET"]!["capacity"]!["filterable"]!.GetValue<bool>(), Is.False);
        Assert.That(answer["actions"]!["GET"]!["max_forks"]!["filterable"]!.GetValue<bool>(), Is.True);
    }

    [Test]
    public async Task MissingObject_StillTellsTheMethods()
    {
        var answer = await Admin.OptionsAsync("organizations/424242/");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(answer.Headers["Allow"], Is.EqualTo("GET, PUT, PATCH, DELETE, HEAD, OPTIONS"));
        Assert.That(answer["actions"]!.AsObject().Select(pair => pair.Key), Is.EqualTo(new[] { "GET" }));
    }

    [Test]
    public async Task AttachOnlyList_TakesAnIdAlone()
    {
        var answer = await Admin.OptionsAsync("instance_groups/1/instances/");

        Assert.That(answer["actions"]!["POST"]!.AsObject().Select(pair => pair.Key), Is.EqualTo(new[] { "id" }));
    }

    [Test]
    public async Task EveryResource_DescribesItself()
    {
        foreach (var (key, url) in (await Admin.GetAsync("/api/v2/")).Json.AsObject())
        {
            var answer = await Admin.OptionsAsync(url!.ToString());
            Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), key);
        }
    }
}
