using System.Globalization;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.ApiTests.OData;

/// <summary>The rows that the answers in <c>Queries/</c> were worked out from, by hand. Ids are fixed; nothing here is about to run.</summary>
internal static class FixedRows
{
    /// <summary>Stands wherever a row has something that nobody may find.</summary>
    public const string Secret = "sesame-7f3a";

    public static async Task InsertAsync(AppDb db)
    {
        db.Add(new CredentialType { Id = 751, Name = "Vault of secrets", Kind = "cloud", Inputs = $$"""{"fields":[{"id":"{{Secret}}"}]}""" });
        db.AddRange(
            new Organization { Id = 101, Name = "Ops", MaxHosts = 10 },
            new Organization { Id = 102, Name = "Dév", Description = "Zweites Büro" });
        await db.SaveChangesAsync();
        db.AddRange(
            new Credential
            {
                Id = 701,
                Name = "kube-token",
                OrganizationId = 101,
                CredentialTypeId = 751,
                Inputs = $$"""{"host":"{{Secret}}","bearer_token":"$encrypted$"}""",
            },
            new Project { Id = 201, Name = "site", OrganizationId = 101, ScmType = ScmTypes.Git, ScmUrl = $"https://user:{Secret}@git.example.org/x.git" },
            new Inventory { Id = 301, Name = "prod", OrganizationId = 101, Variables = Secret },
            new Inventory { Id = 302, Name = "empty", OrganizationId = 102 },
            new InstanceGroup { Id = 601, Name = "kube", IsContainerGroup = true, CredentialId = 701, PodSpecOverride = Secret, MaxForks = 7 },
            new InstanceGroup { Id = 602, Name = "metal", ExecutionBackend = "local_instance" });
        await db.SaveChangesAsync();
        db.Add(new CredentialSecret { CredentialId = 701, Field = "bearer_token", KeyId = Secret, Data = [1, 2, 3] });
        db.AddRange(
            new InventoryHost { Id = 401, Name = "web1", InventoryId = 301, LastJobId = 3, Variables = Secret },
            new InventoryHost { Id = 402, Name = "web2", InventoryId = 301, Enabled = false },
            new InventoryHost { Id = 403, Name = "db1", InventoryId = 301, LastJobId = 5, HasActiveFailures = true });
        db.AddRange(
            new JobTemplate { Id = 501, Name = "Deploy", OrganizationId = 101, InventoryId = 301, ProjectId = 201, Forks = 5, Playbook = "site.yml", ExtraVars = Secret, HostConfigKey = Secret },
            new JobTemplate { Id = 502, Name = "It's 100% päck", OrganizationId = 102, JobType = JobTypes.Check },
            new JobTemplate { Id = 503, Name = "Unused", OrganizationId = 101, Forks = 20 });
        var nightly = new Schedule { Id = 801, Name = "nightly", JobTemplateId = 501, Rrule = "DTSTART:20300101T030000Z RRULE:FREQ=DAILY;INTERVAL=1", ExtraData = $$"""{"pw":"{{Secret}}"}""" };
        nightly.Labels.Add(new ScheduleLabel { Label = new Label { Id = 851, Name = "night", OrganizationId = 101 } });
        db.AddRange(nightly, new JobTemplateLabel { JobTemplateId = 501, LabelId = 851 });
        await db.SaveChangesAsync();
        db.AddRange(Jobs());
        await db.SaveChangesAsync();
        db.AddRange(Events());
        db.AddRange(Summaries());
        db.AddRange(Phases());
        await db.SaveChangesAsync();
    }

    private static DateTime At(string moment) =>
        DateTime.Parse(moment, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);

    private static IEnumerable<Job> Jobs()
    {
        yield return Job(1, "Deploy", JobStatuses.Successful, 501, 601, "2025-12-31T23:59:30", "2026-01-01T00:00:00", "2026-01-01T00:01:30", 90, 0);
        yield return Job(2, "Deploy", JobStatuses.Failed, 501, 601, "2026-01-01T23:59:00", "2026-01-01T23:59:59.5", "2026-01-02T00:00:29.5", 30, 2);
        yield return Job(3, "Check", JobStatuses.Successful, 502, 602, "2026-01-02T11:59:00", "2026-01-02T12:00:00", "2026-01-02T12:00:10.5", 10.5, 0);
        var canceled = Job(4, "O'Neil's 100%", JobStatuses.Canceled, null, null, "2026-01-02T23:00:00", null, "2026-01-03T00:00:00", 0, null);
        (canceled.JobType, canceled.LaunchType, canceled.CanceledOn) = (JobTypes.Command, LaunchTypes.Relaunch, At("2026-01-02T23:59:59"));
        yield return canceled;
        yield return Job(5, "Deploy", JobStatuses.Error, 501, 602, "2026-02-28T08:29:00", "2026-02-28T08:30:00", "2026-03-01T08:30:00", 86400, null);
        yield return Job(6, "Ünïcode 💥", JobStatuses.New, null, null, "2026-03-01T00:00:00", null, null, 0, null);
        yield return Job(7, "deploy", JobStatuses.Successful, 501, 601, "2026-03-15T09:58:00", "2026-03-15T10:00:00", "2026-03-15T10:00:20.25", 20.25, 0);
        yield return Job(8, "", JobStatuses.New, null, null, "2026-03-15T10:00:00", null, null, 0, null);
    }

    private static Job Job(
        long id, string name, string status, long? template, long? group, string created, string? started, string? finished, double seconds, int? exitCode) => new()
        {
            Id = id,
            Name = name,
            Status = status,
            Failed = status is JobStatuses.Failed or JobStatuses.Error or JobStatuses.Canceled,
            JobTemplateId = template,
            InstanceGroupId = group,
            OrganizationId = template is null ? null : template == 502 ? 102 : 101,
            Created = At(created),
            Started = started is null ? null : At(started),
            Finished = finished is null ? null : At(finished),
            ElapsedSeconds = seconds,
            ExitCode = exitCode,
            Forks = template == 501 ? 5 : 0,
            EventProcessingFinished = finished is not null,
            ExtraVars = Secret,
            JobArgs = Secret,
            JobEnv = $$"""{"TOKEN":"{{Secret}}"}""",
        };

    private static IEnumerable<JobEvent> Events()
    {
        yield return Event(11, 1, 1, "playbook_on_start", "", null, null);
        yield return Event(12, 1, 2, "runner_on_ok", "web1", 401, 1.5, changed: true);
        yield return Event(13, 1, 3, "runner_on_ok", "web2", 402, 2.5);
        yield return Event(21, 2, 1, "playbook_on_start", "", null, null);
        yield return Event(22, 2, 2, "runner_on_failed", "web1", 401, 0.5, failed: true);
        yield return Event(23, 2, 3, "runner_on_ok", "db1", 403, 3);
        yield return Event(31, 3, 1, "runner_on_ok", "other", null, null);
    }

    private static JobEvent Event(
        long id, long job, int counter, string name, string host, long? hostId, double? seconds, bool changed = false, bool failed = false) => new()
        {
            Id = id,
            JobId = job,
            Counter = counter,
            Event = name,
            HostName = host,
            HostId = hostId,
            DurationSeconds = seconds,
            Changed = changed,
            Failed = failed,
            Task = host.Length == 0 ? "" : "Install nginx",
            Created = At("2026-01-01T00:00:00").AddSeconds(id),
            EventData = $$"""{"x":"{{Secret}}"}""",
        };

    private static IEnumerable<JobHostSummary> Summaries()
    {
        var at = At("2026-01-01T00:01:30");
        yield return new JobHostSummary { Id = 901, JobId = 1, HostId = 401, HostName = "web1", Created = at, Ok = 2, Changed = 1, Processed = 1 };
        yield return new JobHostSummary { Id = 902, JobId = 1, HostId = 402, HostName = "web2", Created = at, Ok = 1, Processed = 1 };
        yield return new JobHostSummary { Id = 903, JobId = 2, HostId = 401, HostName = "web1", Created = at, Failures = 1, Processed = 1, Failed = true };
        yield return new JobHostSummary { Id = 904, JobId = 2, HostId = 403, HostName = "db1", Created = at, Ok = 1, Processed = 1 };
        yield return new JobHostSummary { Id = 905, JobId = 5, HostId = 403, HostName = "db1", Created = at, Dark = 1, Processed = 1, Failed = true };
    }

    private static IEnumerable<JobPhase> Phases()
    {
        yield return new JobPhase { Id = 801, JobId = 1, Name = "created", At = At("2025-12-31T23:59:30") };
        yield return new JobPhase { Id = 802, JobId = 1, Attempt = 1, Name = "claimed", At = At("2025-12-31T23:59:40") };
        yield return new JobPhase { Id = 803, JobId = 1, Attempt = 1, Name = "started", At = At("2026-01-01T00:00:00") };
        yield return new JobPhase { Id = 804, JobId = 2, Name = "created", At = At("2026-01-01T23:59:00") };
        yield return new JobPhase { Id = 805, JobId = 2, Attempt = 1, Name = "claimed", At = At("2026-01-01T23:59:05"), Detail = "by first.example.org" };
    }
}
