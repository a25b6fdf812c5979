using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.Access;

/// <summary>
/// One object of every kind, all of one organization and of one another's use, and people who have each one role on one of them. Every
/// name holds the kind of its object, so that an answer that tells of an object tells which.
/// </summary>
internal sealed class AccessWorld
{
    /// <summary>Each caller's name, and the role that the caller has; null for none of its own.</summary>
    public static readonly IReadOnlyList<(string Name, ObjectRole? Role)> Callers =
    [
        ("anonymous", null),
        ("nobody", null),
        ("sys-admin", ObjectRole.SystemAdministrator),
        ("sys-auditor", ObjectRole.SystemAuditor),
        ("org-admin", ObjectRole.OrganizationAdmin),
        ("org-auditor", ObjectRole.OrganizationAuditor),
        ("org-member", ObjectRole.OrganizationMember),
        ("org-execute", ObjectRole.OrganizationExecute),
        ("org-project", ObjectRole.OrganizationProjectAdmin),
        ("org-inventory", ObjectRole.OrganizationInventoryAdmin),
        ("org-credential", ObjectRole.OrganizationCredentialAdmin),
        ("org-template", ObjectRole.OrganizationJobTemplateAdmin),
        ("org-image", ObjectRole.OrganizationExecutionEnvironmentAdmin),
        ("team-admin", ObjectRole.TeamAdmin),
        ("team-member", ObjectRole.TeamMember),
        ("project-admin", ObjectRole.ProjectAdmin),
        ("project-use", ObjectRole.ProjectUse),
        ("project-update", ObjectRole.ProjectUpdate),
        ("inventory-admin", ObjectRole.InventoryAdmin),
        ("inventory-use", ObjectRole.InventoryUse),
        ("inventory-adhoc", ObjectRole.InventoryAdhoc),
        ("template-admin", ObjectRole.JobTemplateAdmin),
        ("template-execute", ObjectRole.JobTemplateExecute),
        ("template-read", ObjectRole.JobTemplateRead),
        ("credential-admin", ObjectRole.CredentialAdmin),
        ("credential-use", ObjectRole.CredentialUse),
        ("group-admin", ObjectRole.InstanceGroupAdmin),
        ("group-use", ObjectRole.InstanceGroupUse),
    ];

    /// <summary>The ids, by the word that stands for them in URLs.</summary>
    public required IReadOnlyDictionary<string, long> Ids { get; init; }

    /// <summary>What the names of its objects begin with, by kind.</summary>
    public static string Mark(string kind) => $"mark-{kind}-";

    /// <summary>Makes the people once, with one password for all.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> AddCallersAsync(ApiServer server, string passwordHash)
    {
        await using var db = server.Database.Open();
        var users = Callers.Where(caller => caller.Name != "anonymous").Select(caller => new User
        {
            Username = caller.Name,
            PasswordHash = passwordHash,
            IsSuperuser = caller.Role == ObjectRole.SystemAdministrator,
            IsSystemAuditor = caller.Role == ObjectRole.SystemAuditor,
        }).ToList();
        db.AddRange(users);
        await db.SaveChangesAsync();
        return users.ToDictionary(user => user.Username, user => user.Id);
    }

    public static async Task<AccessWorld> MakeAsync(ApiServer server, IReadOnlyDictionary<string, long> callers)
    {
        var unique = Guid.NewGuid().ToString("N");
        await using var db = server.Database.Open();
        var organization = new Organization { Name = Name("organization") };
        var user = new User { Username = Name("user") };
        var environment = new ExecutionEnvironment { Name = Name("image"), Image = "a/b:c", Organization = organization };
        var project = new Project { Name = Name("project"), Organization = organization, ScmType = ScmTypes.Archive };
        var inventory = new Inventory { Name = Name("inventory"), Organization = organization };
        var host = new InventoryHost { Name = Name("host"), Inventory = inventory };
        var part = new InventoryGroup { Name = Name("part"), Inventory = inventory };
        var credential = new Credential { Name = Name("credential"), Organization = organization, CredentialType = new CredentialType { Name = $"type {unique}", Kind = "cloud" } };
        var instance = new Instance { Hostname = Name("instance"), NodeType = NodeTypes.Execution };
        var group = new InstanceGroup { Name = Name("group") };
        var template = new JobTemplate
        {
            Name = Name("template"),
            Organization = organization,
            Project = project,
            Inventory = inventory,
            ExecutionEnvironment = environment,
            Playbook = "site.yml",
        };
        template.Credentials.Add(new JobTemplateCredential { Credential = credential });
        var label = new Label { Name = Name("label"), Organization = organization };
        template.Labels.Add(new JobTemplateLabel { Label = label });
        inventory.Labels.Add(new InventoryLabel { Label = label });
        var asking = new JobTemplate
        {
            Name = Name("asking"),
            Organization = organization,
            Project = project,
            Playbook = "site.yml",
            AskInventoryOnLaunch = true,
            AskCredentialOnLaunch = true,
            AskInstanceGroupsOnLaunch = true,
            AskLabelsOnLaunch = true,
        };
        var otherProject = new Project { Name = Name("other"), Organization = organization, ScmType = ScmTypes.Archive };
        var otherInventory = new Inventory { Name = Name("other"), Organization = organization };
        var team = new Team { Name = Name("team"), Organization = organization };
        db.AddRange(user, team, asking, otherProject, otherInventory, host, part, template, new InstanceGroupMember { InstanceGroup = group, Instance = instance });
        var job = new Job
        {
            Name = Name("job"),
            JobTemplate = template,
            Project = project,
            Inventory = inventory,
            Organization = organization,
            InstanceGroup = group,
            ExecutionEnvironment = environment,
            Status = JobStatuses.Successful,
            EventProcessingFinished = true,
        };
        job.Credentials.Add(new JobCredential { Credential = credential });
        job.Labels.Add(new JobLabel { Label = label });
        var update = new ProjectUpdate { Name = Name("update"), Project = project, Organization = organization, Status = JobStatuses.Successful };
        var adhoc = new AdHocCommand
        {
            Name = Name("adhoc"),
            ModuleName = "ping",
            Inventory = inventory,
            Organization = organization,
            Credential = credential,
            InstanceGroup = group,
            ExecutionEnvironment = environment,
            Status = JobStatuses.Successful,
            EventProcessingFinished = true,
        };
        var schedule = new Schedule { Name = Name("schedule"), JobTemplate = template, Rrule = "DTSTART:20300101T000000Z RRULE:FREQ=DAILY;INTERVAL=1", Inventory = inventory };
        schedule.Labels.Add(new ScheduleLabel { Label = label });
        var nightly = new Schedule { Name = Name("nightly"), Project = project, Rrule = schedule.Rrule };
        var hook = new NotificationTemplate
        {
            Name = Name("hook"),
            Organization = organization,
            NotificationConfiguration = """{"url":"http://127.0.0.1:9/","http_method":"POST","disable_ssl_verification":false,"username":"","password":"","headers":{},"secret":""}""",
        };
        var notification = new Notification { NotificationTemplate = hook, UnifiedJob = job, Status = NotificationStatuses.Failed, Error = Name("notice") };
        db.AddRange(schedule, nightly, job, update, adhoc, notification, new InventoryGroupHost { Group = part, Host = host });
        await db.SaveChangesAsync();
        var happened = new JobEvent { JobId = job.Id, Counter = 1, Event = "runner_on_ok", HostId = host.Id, HostName = "printed", Stdout = Name("event"), Created = DateTime.UtcNow };
        var summary = new JobHostSummary { JobId = job.Id, HostId = host.Id, HostName = "printed", Created = DateTime.UtcNow };
        var outcome = new JobEvent { JobId = adhoc.Id, Counter = 1, Event = "runner_on_ok", HostId = host.Id, HostName = "printed", Stdout = Name("outcome"), Created = DateTime.UtcNow };
        db.AddRange(happened, outcome, summary, new JobPhase { JobId = job.Id, Name = "created", Detail = Name("phase"), At = DateTime.UtcNow });
        db.Add(RoleGrant.ToUser(ObjectRole.OrganizationMember, organization.Id, user.Id));
        var ids = new Dictionary<string, long>
        {
            ["organization"] = organization.Id,
            ["user"] = user.Id,
            ["team"] = team.Id,
            ["image"] = environment.Id,
            ["project"] = project.Id,
            ["inventory"] = inventory.Id,
            ["host"] = host.Id,
            ["part"] = part.Id,
            ["credential"] = credential.Id,
            ["instance"] = instance.Id,
            ["group"] = group.Id,
            ["template"] = template.Id,
            ["label"] = label.Id,
            ["job"] = job.Id,
            ["update"] = update.Id,
            ["adhoc"] = adhoc.Id,
            ["schedule"] = schedule.Id,
            ["nightly"] = nightly.Id,
            ["hook"] = hook.Id,
            ["notice"] = notification.Id,
            ["asking"] = asking.Id,
            ["other-project"] = otherProject.Id,
            ["other-inventory"] = otherInventory.Id,
            ["type"] = credential.CredentialTypeId,
        };
        foreach (var (name, role) in Callers)
        {
            if (role is { } given && RoleDefinition.Of(given).Kind is { Length: > 0 } kind)
            {
                db.Add(RoleGrant.ToUser(given, ids[WordOf(kind)], callers[name]));
                if (kind == ObjectKinds.JobTemplate)
                {
                    db.Add(RoleGrant.ToUser(given, asking.Id, callers[name]));
                }

                if (given == ObjectRole.InventoryUse)
                {
                    // One who has the use of the inventory may execute templates too: together they make a launch.
                    db.Add(RoleGrant.ToUser(ObjectRole.JobTemplateExecute, asking.Id, callers[name]));
                }

                if (given == ObjectRole.InventoryAdmin)
                {
                    db.Add(RoleGrant.ToUser(ObjectRole.ProjectUse, project.Id, callers[name]));
                }
            }
        }

        // What the team is given: the roles of its members.
        db.Add(RoleGrant.ToTeam(ObjectRole.JobTemplateExecute, template.Id, team.Id));
        await db.SaveChangesAsync();
        host.LastJobId = job.Id;
        await db.SaveChangesAsync();
        var told = Told(ids, unique).ToList();
        db.AddRange(told);
        await db.SaveChangesAsync();
        ids["told"] = told.Single(entry => entry is { Object1: "job_template", Object2Id: null }).Id;
        ids["event"] = happened.Id;
        ids["outcome"] = outcome.Id;
        ids["summary"] = summary.Id;
        return new AccessWorld { Ids = ids };

        string Name(string kind) => Mark(kind) + unique;
    }

    /// <summary>An entry of the activity stream about each object, and one about two.</summary>
    private static IEnumerable<ActivityEntry> Told(Dictionary<string, long> ids, string unique)
    {
        (string Word, string Type)[] types =
        [
            ("organization", "organization"), ("user", "user"), ("team", "team"), ("image", "execution_environment"), ("project", "project"),
            ("inventory", "inventory"), ("host", "host"), ("part", "group"), ("credential", "credential"), ("instance", "instance"),
            ("group", "instance_group"), ("template", "job_template"), ("job", "job"), ("adhoc", "ad_hoc_command"), ("label", "label"),
        ];
        foreach (var (word, type) in types)
        {
            var name = Mark(word) + unique;
            yield return new ActivityEntry
            {
                Operation = ActivityOperations.Create,
                Object1 = type,
                Object1Id = ids[word],
                ObjectName = name,
                Changes = $$"""{"name":"{{name}}"}""",
                Timestamp = DateTime.UtcNow,
            };
        }

        yield return new ActivityEntry
        {
            Operation = ActivityOperations.Associate,
            Object1 = "job_template",
            Object1Id = ids["template"],
            Object2 = "credential",
            Object2Id = ids["credential"],
            Association = "credentials",
            Timestamp = DateTime.UtcNow,
        };
    }

    private static string WordOf(string kind) => kind switch
    {
        ObjectKinds.JobTemplate => "template",
        ObjectKinds.InstanceGroup => "group",
        _ => kind,
    };
}
