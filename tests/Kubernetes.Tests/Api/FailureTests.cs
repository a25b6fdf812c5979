using System.Net;
using System.Text;
using ContainerGroups.Abstractions;
using ContainerGroups.Kubernetes.Api;

namespace ContainerGroups.Kubernetes.Tests.Api;

/// <summary>What refusals, in the words of real clusters and of what stands in front of them, are to the host and its user.</summary>
internal sealed class FailureTests
{
    private static readonly Uri Server = new("https://api.example.com:6443/");

    [TestCase(401, "Unauthorized", "Unauthorized", "", BackendFailureReason.Unauthorized, false, "put a new one into the credential")]
    [TestCase(403, "Forbidden", "pods \"p\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2", "pods",
        BackendFailureReason.QuotaExceeded, false, "ResourceQuota")]
    [TestCase(403, "Forbidden", "pods \"p\" is forbidden: failed quota: q: must specify limits.cpu", "pods",
        BackendFailureReason.Forbidden, false, "requests and limits")]
    [TestCase(403, "Forbidden", "pods is forbidden: User \"system:serviceaccount:a:b\" cannot create resource \"pods\" in API group \"\" in the namespace \"a\"", "pods",
        BackendFailureReason.Forbidden, false, "{apiGroups: [\"\"], resources: [\"pods\"], verbs: [\"create\"]} to the Role of the account in namespace a")]
    [TestCase(403, "Forbidden", "pods \"p\" is forbidden: User \"u\" cannot create resource \"pods/exec\" in API group \"\" in the namespace \"a\"", "pods",
        BackendFailureReason.Forbidden, false, "create pods/exec is missing")]
    [TestCase(403, "Forbidden", "pods \"p\" is forbidden: error looking up service account a/x: serviceaccount \"x\" not found", "pods",
        BackendFailureReason.Forbidden, false, "Create that service account")]
    [TestCase(403, "Forbidden", "pods \"p\" is forbidden: violates PodSecurity \"restricted:latest\": runAsNonRoot != true", "pods",
        BackendFailureReason.Forbidden, false, "security context")]
    [TestCase(400, "BadRequest", "admission webhook \"w\" denied the request: no", "", BackendFailureReason.InvalidSettings, false, "pod spec override")]
    [TestCase(422, "Invalid", "Pod \"p\" is invalid: spec.containers[0].image: Required value", "Pod",
        BackendFailureReason.InvalidSettings, false, "pod spec override")]
    [TestCase(404, "NotFound", "namespaces \"a\" not found", "namespaces", BackendFailureReason.InvalidSettings, false, "metadata.namespace")]
    [TestCase(404, "NotFound", "pods \"p\" not found", "pods", BackendFailureReason.EnvironmentLost, false, "deleted")]
    [TestCase(409, "Conflict", "Operation cannot be fulfilled on resourcequotas \"q\": the object has been modified; please apply your changes to the latest version and try again",
        "resourcequotas", BackendFailureReason.QuotaExceeded, true, "at once")]
    [TestCase(409, "AlreadyExists", "pods \"p\" already exists", "pods", BackendFailureReason.Unknown, false, "")]
    [TestCase(429, "TooManyRequests", "too many requests", "", BackendFailureReason.Unreachable, true, "fewer requests")]
    [TestCase(500, "InternalError", "Internal error occurred: failed calling webhook \"w\": connection refused", "", BackendFailureReason.Unreachable, true, "webhook named there")]
    [TestCase(503, "ServiceUnavailable", "etcdserver: leader changed", "", BackendFailureReason.Unreachable, true, "trying again later")]
    public async Task ARefusal_IsToldInKubernetesWords_WithWhatToDo(
        int code, string reason, string message, string kind, BackendFailureReason expected, bool transient, string advice)
    {
        var failure = await ReadAsync(code, "application/json", Statuses.Failure(code, reason, message, kind));

        var told = failure.ToBackendException("create pod p");

        Assert.That((failure.Reason, failure.Message, told.Reason, told.IsTransient), Is.EqualTo((reason, message, expected, transient)));
        Assert.That(told.Message, Does.StartWith($"Could not create pod p: {message}").And.Contain(advice));
    }

    [Test]
    public async Task CausesThatTheMessageDoesNotName_AreTold()
    {
        var failure = await ReadAsync(422, "application/json", Statuses.Failure(422, "Invalid", "Pod is invalid", field: "spec.x"));

        Assert.That(failure.Causes.Single().Field, Is.EqualTo("spec.x"));
        Assert.That(failure.ToBackendException("create pod p").Message, Does.Contain("Pod is invalid; spec.x: it is wrong."));
    }

    [TestCase(403, "application/json", "", "api.example.com:6443 answers 403 Forbidden without a reason")]
    [TestCase(502, "text/html", "<html>secret", "answers 502 Bad Gateway with text/html instead of Kubernetes' own words, perhaps from a proxy on the way")]
    [TestCase(429, "text/plain", "Too many requests, please try again later.\n", "429 Too Many Requests: Too many requests, please try again later.")]
    [TestCase(404, "text/plain", "404 page not found\n", "404 page not found")]
    [TestCase(400, "text/plain", "Authorization: Bearer abc", "answers 400 Bad Request without a reason")]
    [TestCase(500, "application/json", "{\"kind\":\"Other\"}", "answers 500 Internal Server Error without a reason")]
    [TestCase(500, "application/json", "{\"kind\":\"Stat", "answers 500 Internal Server Error without a reason")]
    public async Task ARefusalWithoutAStatus_SaysWhoAnsweredWhat(int code, string type, string body, string expected)
    {
        var failure = await ReadAsync(code, type, body);

        Assert.That(failure.Message, Does.EndWith(expected));
        Assert.That((failure.Reason, (int)failure.StatusCode!), Is.EqualTo(("", code)));
    }

    [Test]
    public async Task ARedirect_SaysWhereItLeads_AndNotHow()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.Found);
        response.Headers.Location = new Uri("https://login.example.com/authorize?state=secret");

        var failure = await ApiFailures.ReadAsync(response, Server, new FakeClock(), CancellationToken.None);

        Assert.That(failure.Message, Does.Contain("points to login.example.com,").And.Not.Contain("secret"));
        Assert.That(failure.ToBackendException("x").Message, Does.Contain("not of a console or a login page"));
    }

    [Test]
    public async Task TheTimeToWait_IsTheHeadersOrTheStatuses()
    {
        var body = Statuses.Failure(429, "TooManyRequests", "slow down", retryAfter: 7);

        Assert.That((await ReadAsync(429, "application/json", body)).RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(7)));
        Assert.That((await ReadAsync(429, "application/json", body, "2")).ToBackendException("x").RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(2)));
    }

    private static async Task<ApiException> ReadAsync(int code, string type, string body, string? retryAfter = null)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)code) { Content = new StringContent(body, Encoding.UTF8, type) };
        if (retryAfter is not null)
        {
            response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        }

        return await ApiFailures.ReadAsync(response, Server, new FakeClock(), CancellationToken.None);
    }
}
