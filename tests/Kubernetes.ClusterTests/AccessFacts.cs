using System.Net;
using System.Text.Json.Nodes;

namespace ContainerGroups.Kubernetes.ClusterTests;

/// <summary>Who may do what with the seed's role, and how the rest is refused.</summary>
public sealed class AccessFacts(string kind) : ClusterFacts(kind)
{
    [Test]
    public async Task AnUnknownToken_IsUnauthorized()
    {
        var answer = await Cluster.SendAsync(HttpMethod.Get, Cluster.Pods, token: "nonsense");

        Assert.That((answer.Code, answer.Message, (string?)answer.Json["reason"]), Is.EqualTo((HttpStatusCode.Unauthorized, "Unauthorized", "Unauthorized")));
    }

    [Test]
    public async Task WithoutAToken_OneIsAnonymous()
    {
        var answer = await Cluster.SendAsync(HttpMethod.Get, Cluster.Pods, token: "");

        Assert.That((answer.Code, answer.Message), Is.EqualTo((HttpStatusCode.Forbidden,
            $"pods is forbidden: User \"system:anonymous\" cannot list resource \"pods\" in API group \"\" in the namespace \"{Cluster.Namespace}\"")));
    }

    [TestCase("GET", "/api/v1/namespaces/{ns}/events", "events is forbidden", "cannot list resource \"events\" in API group \"\" in the namespace \"{ns}\"")]
    [TestCase("GET", "/api/v1/namespaces/{ns}", "namespaces \"{ns}\" is forbidden", "cannot get resource \"namespaces\" in API group \"\" in the namespace \"{ns}\"")]
    [TestCase("GET", "/api/v1/namespaces/{ns}/pods/x/log", "pods \"x\" is forbidden", "cannot get resource \"pods/log\" in API group \"\" in the namespace \"{ns}\"")]
    [TestCase("GET", "/api/v1/namespaces/{ns}/pods/x/exec", "pods \"x\" is forbidden", "cannot get resource \"pods/exec\" in API group \"\" in the namespace \"{ns}\"")]
    [TestCase("POST", "/api/v1/namespaces/default/pods", "pods is forbidden", "cannot create resource \"pods\" in API group \"\" in the namespace \"default\"")]
    [TestCase("GET", "/api/v1/namespaces/no-such/pods", "pods is forbidden", "cannot list resource \"pods\" in API group \"\" in the namespace \"no-such\"")]
    [TestCase("GET", "/api/v1/pods", "pods is forbidden", "cannot list resource \"pods\" in API group \"\" at the cluster scope")]
    [TestCase("GET", "/api/v1/nodes", "nodes is forbidden", "cannot list resource \"nodes\" in API group \"\" at the cluster scope")]
    [TestCase("GET", "/api/v1/namespaces/{ns}/secrets/x", "secrets \"x\" is forbidden", "cannot get resource \"secrets\" in API group \"\" in the namespace \"{ns}\"")]
    [TestCase("DELETE", "/api/v1/namespaces/{ns}/pods", "pods is forbidden", "cannot deletecollection resource \"pods\" in API group \"\" in the namespace \"{ns}\"")]
    [TestCase("GET", "/apis/batch/v1/namespaces/{ns}/jobs", "jobs.batch is forbidden", "cannot list resource \"jobs\" in API group \"batch\" in the namespace \"{ns}\"")]
    public async Task WhatTheRoleDoesNotAllow_IsForbiddenByName(string method, string path, string subject, string what)
    {
        string In(string text) => text.Replace("{ns}", Cluster.Namespace, StringComparison.Ordinal);

        var answer = await Cluster.SendAsync(new HttpMethod(method), In(path));

        Assert.That((answer.Code, answer.Message, (string?)answer.Json["reason"]), Is.EqualTo((
            HttpStatusCode.Forbidden, $"{In(subject)}: User \"system:serviceaccount:{Cluster.Namespace}:awx\" {In(what)}", "Forbidden")));
    }

    [TestCase("create", "pods", "", true)]
    [TestCase("watch", "pods", "", true)]
    [TestCase("create", "pods", "exec", true)]
    [TestCase("get", "pods", "exec", false)]
    [TestCase("list", "events", "", false)]
    [TestCase("get", "pods", "log", false)]
    public async Task AReview_TellsWhatTheRoleAllows(string verb, string resource, string subresource, bool allowed)
    {
        var answer = await Cluster.SendAsync(HttpMethod.Post, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", new JsonObject
        {
            ["apiVersion"] = "authorization.k8s.io/v1",
            ["kind"] = "SelfSubjectAccessReview",
            ["spec"] = new JsonObject
            {
                ["resourceAttributes"] = new JsonObject
                {
                    ["namespace"] = Cluster.Namespace,
                    ["verb"] = verb,
                    ["resource"] = resource,
                    ["subresource"] = subresource,
                },
            },
        });

        Assert.That(answer.Code, Is.EqualTo(HttpStatusCode.Created), answer.Text);
        Assert.That((bool)answer.Json["status"]!["allowed"]!, Is.EqualTo(allowed));
    }

    [Test]
    public async Task TheVersion_IsForEverybody()
    {
        foreach (var token in new[] { null, "" })
        {
            var answer = await Cluster.SendAsync(HttpMethod.Get, "/version", token: token);
            Assert.That((string?)answer.Json["gitVersion"], Does.Match(@"^v1\.\d+\.\d+"));
        }
    }

    [Test]
    public async Task AnUnknownPath_IsForbidden_AndAnUnknownGroupNotThere()
    {
        var path = await Cluster.SendAsync(HttpMethod.Get, "/foo");
        Assert.That((path.Code, path.Message), Is.EqualTo((HttpStatusCode.Forbidden,
            $"forbidden: User \"system:serviceaccount:{Cluster.Namespace}:awx\" cannot get path \"/foo\"")));

        var group = await Cluster.SendAsync(HttpMethod.Get, "/apis/no-such-group/v1");
        Assert.That((group.Code, group.Text), Is.EqualTo((HttpStatusCode.NotFound, "404 page not found\n")));
    }

    [Test]
    public async Task WhoOneIs_IsToldSince1_28()
    {
        var answer = await Cluster.SendAsync(HttpMethod.Post, "/apis/authentication.k8s.io/v1/selfsubjectreviews", new JsonObject
        {
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["kind"] = "SelfSubjectReview",
        });

        if ((await MinorAsync()) >= 28)
        {
            Assert.That((string?)answer.Json["status"]!["userInfo"]!["username"], Is.EqualTo($"system:serviceaccount:{Cluster.Namespace}:awx"));
        }
        else
        {
            Assert.That((answer.Code, answer.Message), Is.EqualTo((HttpStatusCode.Forbidden,
                $"selfsubjectreviews.authentication.k8s.io is forbidden: User \"system:serviceaccount:{Cluster.Namespace}:awx\" cannot create resource \"selfsubjectreviews\" in API group \"authentication.k8s.io\" at the cluster scope")));
        }
    }

    private async Task<int> MinorAsync() =>
        int.Parse(((string)(await Cluster.SendAsync(HttpMethod.Get, "/version")).Json["minor"]!).TrimEnd('+'));
}
