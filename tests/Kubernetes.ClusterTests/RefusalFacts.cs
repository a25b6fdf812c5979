using System.Net;
using System.Text.Json.Nodes;

namespace ContainerGroups.Kubernetes.ClusterTests;

/// <summary>Pods that are refused when they are created, and in which words.</summary>
public sealed class RefusalFacts(string kind) : ClusterFacts(kind)
{
    private static IEnumerable<TestCaseData> InvalidPods()
    {
        yield return Case("no name", pod => pod["metadata"]!.AsObject().Remove("name"),
            "Pod \"\" is invalid: metadata.name: Required value: name or generateName is required");
        yield return Case("no containers", pod => pod["spec"]!["containers"] = new JsonArray(), "Pod \"bad\" is invalid: spec.containers: Required value");
        yield return Case("no spec", pod => pod.Remove("spec"), "Pod \"bad\" is invalid: spec.containers: Required value");
        yield return Case("no container name, no image", pod => Clear(Container(pod), "name", "image"),
            "Pod \"bad\" is invalid: [spec.containers[0].name: Required value, spec.containers[0].image: Required value]");
        yield return Case("restart policy", pod => pod["spec"]!["restartPolicy"] = "Sometimes",
            "Pod \"bad\" is invalid: spec.restartPolicy: Unsupported value: \"Sometimes\": supported values: \"Always\", \"OnFailure\", \"Never\"");
        yield return Case("pull policy", pod => Container(pod)["imagePullPolicy"] = "Perhaps",
            "Pod \"bad\" is invalid: spec.containers[0].imagePullPolicy: Unsupported value: \"Perhaps\": supported values: \"Always\", \"IfNotPresent\", \"Never\"");
        yield return Case("mount", pod => Container(pod)["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = "z", ["mountPath"] = "/z" }),
            "Pod \"bad\" is invalid: spec.containers[0].volumeMounts[0].name: Not found: \"z\"");
        yield return Case("limit", pod => Container(pod)["resources"] = Resources("2", "1"),
            "Pod \"bad\" is invalid: spec.containers[0].resources.requests: Invalid value: \"2\": must be less than or equal to cpu limit");
        yield return Case("label", pod => pod["metadata"]!["labels"] = new JsonObject { ["a"] = new string('b', 64) },
            $"Pod \"bad\" is invalid: metadata.labels: Invalid value: \"{new string('b', 64)}\": must be no more than 63 characters");
        yield return Case("deadline", pod => pod["spec"]!["activeDeadlineSeconds"] = 0,
            "Pod \"bad\" is invalid: spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive");
        yield return Case("image with spaces around it", pod => Container(pod)["image"] = " x ",
            "Pod \"bad\" is invalid: spec.containers[0].image: Invalid value: \" x \": must not have leading or trailing whitespace");
        yield return Case("environment", pod => Container(pod)["env"] = new JsonArray(new JsonObject { ["name"] = "" }),
            "Pod \"bad\" is invalid: spec.containers[0].env[0].name: Required value");

        static TestCaseData Case(string name, Action<JsonObject> spoil, string message) => new TestCaseData(spoil, message).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(InvalidPods))]
    public async Task AnInvalidPod_IsToldByField(Action<JsonObject> spoil, string message)
    {
        var pod = Pod("bad");
        spoil(pod);

        var answer = await Cluster.SendAsync(HttpMethod.Post, Cluster.Pods, pod);

        Assert.That(((int)answer.Code, answer.Message, (string?)answer.Json["reason"]), Is.EqualTo((422, Normal(message), "Invalid")));
        Assert.That(answer.Json["details"]!["causes"]!.AsArray().Select(cause => $"{cause!["field"]}: {cause["message"]}"), Has.All.Matches<string>(answer.Message.Contains));
    }

    [Test]
    public async Task AFieldOfAnotherType_CantBeDecoded()
    {
        var answer = await Cluster.SendAsync(HttpMethod.Post, Cluster.Pods, Pod("bad", changeContainer: container => container["image"] = 5));

        Assert.That((answer.Code, (string?)answer.Json["reason"]), Is.EqualTo((HttpStatusCode.BadRequest, "BadRequest")));
        Assert.That(answer.Message, Does.StartWith("Pod in version \"v1\" cannot be handled as a Pod: "));
    }

    [Test]
    public async Task AQuantityThatIsNone_CantBeDecoded()
    {
        var answer = await Cluster.SendAsync(HttpMethod.Post, Cluster.Pods, Pod("bad", changeContainer: container => container["resources"] = Resources("abc", "1")));

        Assert.That(answer.Code, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(answer.Message, Does.Contain("quantities must match the regular expression"));
    }

    [Test]
    public async Task AnotherNamespaceInTheBody_IsRefused()
    {
        var pod = Pod("bad");
        pod["metadata"]!["namespace"] = "default";

        var answer = await Cluster.SendAsync(HttpMethod.Post, Cluster.Pods, pod);

        Assert.That((answer.Code, answer.Message),
            Is.EqualTo((HttpStatusCode.BadRequest, "the namespace of the provided object does not match the namespace sent on the request")));
    }

    [Test]
    public async Task ATakenName_IsAConflict()
    {
        await CreateAsync(Pod("taken"));

        var again = await Cluster.SendAsync(HttpMethod.Post, Cluster.Pods, Pod("taken"));

        Assert.That((again.Code, again.Message, (string?)again.Json["reason"]),
            Is.EqualTo((HttpStatusCode.Conflict, "pods \"taken\" already exists", "AlreadyExists")));
    }

    [Test]
    public async Task AMissingServiceAccount_IsForbidden()
    {
        var answer = await Cluster.SendAsync(HttpMethod.Post, Cluster.Pods, Pod("bad", spec => spec["serviceAccountName"] = "ghost"));

        Assert.That((answer.Code, answer.Message), Is.EqualTo((HttpStatusCode.Forbidden,
            $"pods \"bad\" is forbidden: error looking up service account {Cluster.Namespace}/ghost: serviceaccount \"ghost\" not found")));
    }

    [Test]
    public async Task AQuota_IsToldWithItsNumbers()
    {
        await Cluster.Admin.SetQuotaAsync("small", new() { ["pods"] = "1", ["requests.cpu"] = "15m" });
        try
        {
            await CreateAsync(Pod("first"));

            var answer = await Cluster.SendAsync(HttpMethod.Post, Cluster.Pods, Pod("second"));

            Assert.That((answer.Code, answer.Message, (string?)answer.Json["reason"]), Is.EqualTo((HttpStatusCode.Forbidden,
                "pods \"second\" is forbidden: exceeded quota: small, requested: pods=1,requests.cpu=10m, used: pods=1,requests.cpu=10m, limited: pods=1,requests.cpu=15m",
                "Forbidden")));
        }
        finally
        {
            await Cluster.Admin.SetQuotaAsync("small", null);
        }
    }

    [Test]
    public async Task AQuotaOnWhatThePodDoesNotSay_WantsItSaid()
    {
        await Cluster.Admin.SetQuotaAsync("limits", new() { ["limits.cpu"] = "1", ["limits.memory"] = "1Gi" });
        try
        {
            var answer = await Cluster.SendAsync(HttpMethod.Post, Cluster.Pods, Pod("unlimited"));

            Assert.That((answer.Code, answer.Message), Is.EqualTo((HttpStatusCode.Forbidden,
                "pods \"unlimited\" is forbidden: failed quota: limits: must specify limits.cpu,limits.memory")));
        }
        finally
        {
            await Cluster.Admin.SetQuotaAsync("limits", null);
        }
    }

    private static JsonObject Container(JsonObject pod) => pod["spec"]!["containers"]![0]!.AsObject();

    private static JsonObject Resources(string request, string limit) => new()
    {
        ["requests"] = new JsonObject { ["cpu"] = request },
        ["limits"] = new JsonObject { ["cpu"] = limit },
    };

    private static void Clear(JsonObject @object, params string[] names)
    {
        foreach (var name in names)
        {
            @object.Remove(name);
        }
    }

    /// <summary>Later releases name the allowed values in the order of the alphabet.</summary>
    private string Normal(string message) => ListsSorted ? message.Replace("\"Always\", \"OnFailure\", \"Never\"", "\"Always\", \"Never\", \"OnFailure\"") : message;
}
