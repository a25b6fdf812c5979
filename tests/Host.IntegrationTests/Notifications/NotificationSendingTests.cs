using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ContainerGroups.Host.IntegrationTests.Dispatch;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.IntegrationTests.Notifications;

/// <summary>What happens to jobs is told to those who want to know: at least once, whatever dies, and to nobody else.</summary>
[TestFixtureSource(typeof(DatabaseKinds))]
internal sealed class NotificationSendingTests(DatabaseKind kind)
{
    private DispatchRig _rig = null!;
    private WebhookReceiver _receiver = null!;
    private long _group;

    [SetUp]
    public async Task SetUpAsync()
    {
        _rig = await DispatchRig.CreateAsync(kind);
        _receiver = await WebhookReceiver.StartAsync();
    }

    [TearDown]
    public async Task TearDownAsync()
    {
        await _rig.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Test]
    public async Task EndOfAJob_IsToldOnce_AsAwxTellsIt_AndSigned()
    {
        var (admin, template) = await StartAsync("exit=0");
        var notification = await NotificationAsync(
            admin, """{"username":"me","password":"the password","secret":"the secret","http_method":"put","headers":{"X-Own":"mine"}}""");
        await PutOnAsync(admin, $"job_templates/{template}", "success", notification);
        await PutOnAsync(admin, "organizations/1", "success", notification);

        var job = await LaunchAsync(admin, template);
        await SettledAsync(1);

        var got = _receiver.All.Single();
        Assert.That((got.Method, got.Path, got.Headers["X-Own"].ToString(), got.Headers.ContentType.ToString()), Is.EqualTo(("PUT", "/hook", "mine", "application/json")));
        Assert.That(got.Headers.Authorization.ToString(), Is.EqualTo("Basic " + Convert.ToBase64String("me:the password"u8)));
        Assert.That(got.Headers["X-Hub-Signature-256"].ToString(), Is.EqualTo("sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData("the secret"u8, got.Body))));
        var told = JsonNode.Parse(got.Body)!;
        var row = await admin.GetAsync($"jobs/{job}/");
        Assert.That(((long)told["id"]!, told["status"]!.ToString(), told["name"]!.ToString()), Is.EqualTo((job, "successful", row["name"]!.ToString())));
        Assert.That((told["url"]!.ToString(), told["created_by"]!.ToString(), told["friendly_name"]!.ToString()), Is.EqualTo(($"/api/v2/jobs/{job}/", "admin", "Job")));
        Assert.That(DateTimeOffset.Parse(told["finished"]!.ToString(), null), Is.EqualTo(DateTimeOffset.Parse(row["finished"]!.ToString(), null)));
        Assert.That(told.AsObject().Select(member => member.Key), Is.EqualTo(new[]
        {
            "id", "name", "url", "created_by", "started", "finished", "status", "traceback", "job_explanation", "inventory", "project", "playbook",
            "credential", "limit", "extra_vars", "hosts", "friendly_name",
        }));
        var shown = (await admin.GetAsync($"jobs/{job}/notifications/"))["results"]!.AsArray().Single()!;
        Assert.That((shown["status"]!.ToString(), (int)shown["notifications_sent"]!, shown["recipients"]!.ToString(), (long)shown["body"]!["id"]!),
            Is.EqualTo(("successful", 1, $"{_receiver.Url}/hook", job)));
        Assert.That(got.Headers["X-Notification-Id"].ToString(), Is.EqualTo(shown["id"]!.ToString()));
        var recent = (await admin.GetAsync($"notification_templates/{notification}/"))["summary_fields"]!["recent_notifications"]!;
        Assert.That(recent.AsArray().Select(entry => entry!["status"]!.ToString()), Is.EqualTo(new[] { "successful" }));
    }

    [Test]
    public async Task StartAndFailure_AreToldToThoseWhoAskForThem()
    {
        var (admin, template) = await StartAsync("exit=3");
        foreach (var happened in new[] { "started", "success", "error" })
        {
            await PutOnAsync(admin, $"job_templates/{template}", happened, await NotificationAsync(admin, "{}", happened));
        }

        await LaunchAsync(admin, template);
        await SettledAsync(2);

        Assert.That(_receiver.All.Select(got => (got.Path, JsonNode.Parse(got.Body)!["friendly_name"]!.ToString())),
            Is.EquivalentTo(new[] { ("/started", "Job"), ("/error", "Job") }));
        Assert.That(JsonNode.Parse(_receiver.All.Single(got => got.Path == "/error").Body)!["status"]!.ToString(), Is.EqualTo("failed"));
    }

    [Test]
    public async Task RunningJobThatTheNextHostFindsAgainAfterAnOutage_IsToldAsStartedOnce()
    {
        var host = await _rig.StartHostAsync();
        var (admin, template) = await MakeAsync(host, "run_for=ever");
        await PutOnAsync(admin, $"job_templates/{template}", "started", await NotificationAsync(admin, "{}"));
        var job = await LaunchAsync(admin, template);
        await SettledAsync(1);
        await host.KillAsync();
        await using (var db = _rig.Open())
        {
            await db.Jobs.Where(j => j.Id == job).ExecuteUpdateAsync(s => s.SetProperty(j => j.JobExplanation, "The cluster can't be reached."));
        }

        await _rig.StartHostAsync();
        var found = await _rig.UntilAsync(job, j => j.JobExplanation.Length == 0, "it is shown to be well");

        await using var rows = _rig.Open();
        Assert.That(found.Status, Is.EqualTo(JobStatuses.Running));
        Assert.That(await rows.Notifications.CountAsync(n => n.Event == NotificationEvents.Started), Is.EqualTo(1));
    }

    [Test]
    public async Task CanceledInTheQueue_IsToldAsAnError()
    {
        var (admin, template) = await StartAsync("exit=0");
        await PutOnAsync(admin, "organizations/1", "error", await NotificationAsync(admin, "{}"));
        var job = new Job { Name = "waits", JobTemplateId = template, OrganizationId = 1, Status = JobStatuses.Pending, NotBefore = DateTime.MaxValue.ToUniversalTime() };
        await using (var db = _rig.Open())
        {
            db.Add(job);
            await db.SaveChangesAsync();
        }

        await admin.PostAsync($"jobs/{job.Id}/cancel/", "{}");
        await SettledAsync(1);

        Assert.That(JsonNode.Parse(_receiver.All.Single().Body)!["status"]!.ToString(), Is.EqualTo("canceled"));
    }

    [Test]
    public async Task ReceiverThatIsAway_IsTriedAgain_LaterAndLater()
    {
        _receiver.Answer = number => number < 2 ? 503 : 204;
        var (admin, template) = await StartAsync("exit=0");
        await PutOnAsync(admin, $"job_templates/{template}", "success", await NotificationAsync(admin, "{}"));
        await LaunchAsync(admin, template);

        await PostponedAsync(1);
        Assert.That((await RowAsync()).Error, Is.EqualTo("Error sending webhook notification: 503"));
        await PassAsync(TimeSpan.FromSeconds(10));
        await PostponedAsync(2);
        await PassAsync(TimeSpan.FromSeconds(20));
        await SettledAsync(1);

        Assert.That(_receiver.All.Select(got => got.Headers["X-Notification-Id"].ToString()).Distinct().Count(), Is.EqualTo(1), "it can be told that it is the same");
        Assert.That(_receiver.All, Has.Count.EqualTo(3));
        var row = await RowAsync();
        Assert.That((row.Status, row.Error, row.Attempts, row.NotificationsSent), Is.EqualTo((NotificationStatuses.Successful, "", 3, 1)));
    }

    [Test]
    public async Task ReceiverThatStaysAway_IsGivenUp()
    {
        _rig.Settings["Notifications:GiveUpAfter"] = "00:00:15";
        _receiver.Answer = _ => 500;
        var (admin, template) = await StartAsync("exit=0");
        await PutOnAsync(admin, $"job_templates/{template}", "success", await NotificationAsync(admin, "{}"));
        await LaunchAsync(admin, template);

        await PostponedAsync(1);
        await PassAsync(TimeSpan.FromSeconds(10));
        await SettledAsync(1);

        var row = await RowAsync();
        Assert.That((row.Status, row.Error, row.NotificationsSent), Is.EqualTo((NotificationStatuses.Failed, "Error sending webhook notification: 500", 0)));
    }

    [TestCase(404, "404")]
    [TestCase(302, "302; redirects are not followed")]
    public async Task AnswerThatWillNotChange_IsTheEnd(int status, string error)
    {
        _receiver.Answer = _ => status;
        var (admin, template) = await StartAsync("exit=0");
        await PutOnAsync(admin, $"job_templates/{template}", "success", await NotificationAsync(admin, "{}"));

        await LaunchAsync(admin, template);
        await SettledAsync(1);

        Assert.That((await RowAsync()).Error, Is.EqualTo($"Error sending webhook notification: {error}"));
        Assert.That(_receiver.All, Has.Count.EqualTo(1));
    }

    [TestCase("Notifications:BlockedNetworks:0", "127.0.0.0/8", "127.0.0.1 is in a network that nothing is sent to (Notifications:BlockedNetworks).")]
    [TestCase("Notifications:AllowedHosts:0", "*.example.org", "127.0.0.1 is not among the hosts of Notifications:AllowedHosts.")]
    public async Task PlaceThatIsOutOfBounds_GetsNothing(string key, string value, string error)
    {
        _rig.Settings[key] = value;
        var (admin, template) = await StartAsync("exit=0");
        await PutOnAsync(admin, $"job_templates/{template}", "success", await NotificationAsync(admin, "{}"));

        await LaunchAsync(admin, template);
        await SettledAsync(1);

        var row = await RowAsync();
        Assert.That((row.Status, row.Error), Is.EqualTo((NotificationStatuses.Failed, "Error sending webhook notification: " + error)));
        Assert.That(_receiver.All, Is.Empty);
    }

    [Test]
    public async Task HostThatDiesWhileItTells_LeavesItToTheNext()
    {
        _receiver.Answer = number => number == 0 ? null : 200;
        var host = await _rig.StartHostAsync();
        var (admin, template) = await MakeAsync(host, "exit=0");
        await PutOnAsync(admin, $"job_templates/{template}", "success", await NotificationAsync(admin, "{}"));
        await LaunchAsync(admin, template);
        await _rig.EventuallyAsync(() => _receiver.All.Count == 1, "somebody is told");

        await host.KillAsync();
        await _rig.StartHostAsync();
        await PassAsync(TimeSpan.FromMinutes(1));
        await SettledAsync(1);

        Assert.That(_receiver.All.Select(got => got.Headers["X-Notification-Id"].ToString()).Distinct().Count(), Is.EqualTo(1));
        Assert.That(_receiver.All, Has.Count.EqualTo(2));
        Assert.That((await RowAsync()).Status, Is.EqualTo(NotificationStatuses.Successful));
    }

    private async Task<(ApiClient Admin, long Template)> StartAsync(string script) => await MakeAsync(await _rig.StartHostAsync(), script);

    private async Task<(ApiClient Admin, long Template)> MakeAsync(DispatchHost host, string script)
    {
        _group = await _rig.GroupAsync();
        var template = new JobTemplate { Name = script, JobType = JobTypes.Command, Command = """["fake"]""", OrganizationId = 1 };
        template.InstanceGroups.Add(new JobTemplateInstanceGroup { InstanceGroupId = _group });
        await using var db = _rig.Open();
        db.Add(template);
        await db.SaveChangesAsync();
        return (host.Admin(), template.Id);
    }

    private Task<long> NotificationAsync(ApiClient admin, string more, string path = "hook")
    {
        var configuration = new JsonObject { ["url"] = $"{_receiver.Url}/{path}", ["headers"] = new JsonObject() };
        foreach (var (name, value) in JsonNode.Parse(more)!.AsObject())
        {
            configuration[name] = value!.DeepClone();
        }

        return admin.CreateAsync("notification_templates/", new JsonObject
        {
            ["name"] = path,
            ["organization"] = 1,
            ["notification_type"] = "webhook",
            ["notification_configuration"] = configuration,
        }.ToJsonString());
    }

    private static async Task PutOnAsync(ApiClient admin, string owner, string happened, long notification)
    {
        var answer = await admin.PostAsync($"{owner}/notification_templates_{happened}/", $$"""{"id":{{notification}}}""");
        Assert.That((int)answer.Status, Is.EqualTo(204), answer.Text);
    }

    private static async Task<long> LaunchAsync(ApiClient admin, long template)
    {
        var answer = await admin.PostAsync($"job_templates/{template}/launch/", "{}");
        Assert.That((int)answer.Status, Is.EqualTo(201), answer.Text);
        return (long)answer["id"]!;
    }

    private async Task<Notification> RowAsync()
    {
        await using var db = _rig.Open();
        return await db.Notifications.AsNoTracking().SingleAsync();
    }

    /// <summary>Waits until as many are done, and no more are under way.</summary>
    private Task SettledAsync(int count) => UntilAsync(
        rows => rows.Count == count && rows.All(row => row.Status != NotificationStatuses.Pending && row.NextAttempt is null), $"{count} are told or given up");

    /// <summary>Waits until so many attempts have failed, and the next is to come later.</summary>
    private Task PostponedAsync(int attempts) => UntilAsync(
        rows => rows.Any(row => row.Attempts == attempts && row.Error.Length > 0 && _receiver.All.Count == attempts
            && row.NextAttempt == _rig.Clock.GetUtcNow().UtcDateTime + (TimeSpan.FromSeconds(10) * Math.Pow(2, attempts - 1))),
        $"attempt {attempts} has failed");

    /// <summary>Lets time pass. Whoever was about to wait when the clock was moved is called.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        await _rig.PassTimeAsync(time);
        _rig.Pulse(WakeUpNames.Notifications);
    }

    private async Task UntilAsync(Func<IReadOnlyList<Notification>, bool> condition, string what)
    {
        IReadOnlyList<Notification> rows = [];
        await _rig.EventuallyAsync(
            async () =>
            {
                await using var db = _rig.Open();
                rows = await db.Notifications.AsNoTracking().ToListAsync();
                return condition(rows);
            },
            () => $"{what}: {string.Join("; ", rows.Select(row => $"{row.Event} {row.Status} {row.Attempts} {row.NextAttempt:O} {row.Error}"))}");
    }
}
