using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.ApiTests.Api;

/// <summary>Rows of every kind, related to each other, as an installation in use has them.</summary>
internal static class SampleRows
{
    public static async Task InsertAsync(ApiServer server, int count)
    {
        await using var db = server.Database.Open();
        for (var i = 0; i < count; i++)
        {
            var unique = Guid.NewGuid().ToString("N");
            var organization = new Organization { Name = $"d {unique}", CreatedById = 1 };
            var team = new Team { Name = $"x + {unique}", Organization = organization, CreatedById = 1, ModifiedById = 1 };
            var user = new User { Username = unique };
            var instance = new Instance { Hostname = $"n{unique}.example.org", CreatedById = 1 };
            var group = new InstanceGroup { Name = $"g/{unique}", CreatedById = 1 };
            db.Add(team);
            var application = new OAuthApplication { Name = $"a {unique}", Organization = organization, ClientId = unique, CreatedById = 1 };
            db.Add(new AccessToken
            {
                User = user,
                Application = application,
                TokenDigest = $"t {unique}",
                RefreshDigest = $"r {unique}",
                Expires = DateTime.UtcNow.AddDays(1),
            });
            db.Add(new InstanceGroupMember { InstanceGroup = group, Instance = instance });
            db.Add(new InstanceGroupMember { InstanceGroupId = 1, Instance = instance });
            var environment = new ExecutionEnvironment { Name = $"e {unique}", Image = "a/b:c", Organization = organization, CreatedById = 1 };
            var project = new Project
            {
                Name = $"p {unique}",
                Organization = organization,
                DefaultEnvironment = environment,
                ScmType = ScmTypes.Git,
                ScmUrl = "https://example.org/x.git",
                CreatedById = 1,
            };
            var inventory = new Inventory { Name = $"i {unique}", Organization = organization, CreatedById = 1 };
            var host = new InventoryHost { Name = "h1", Inventory = inventory, CreatedById = 1 };
            var inner = new InventoryGroup { Name = "web", Inventory = inventory, CreatedById = 1 };
            db.Add(new InventoryGroupHost { Group = inner, Host = host });
            var template = new JobTemplate
            {
                Name = $"t {unique}",
                Organization = organization,
                Project = project,
                Inventory = inventory,
                ExecutionEnvironment = environment,
                Playbook = "site.yml",
                CreatedById = 1,
            };
            var job = new Job
            {
                Name = template.Name,
                JobTemplate = template,
                Project = project,
                Inventory = inventory,
                Organization = organization,
                InstanceGroup = group,
                ExecutionNode = instance.Hostname,
                Status = JobStatuses.Successful,
                ExecutionEnvironment = environment,
                CreatedById = 1,
                EventProcessingFinished = true,
            };
            var label = new Label { Name = $"l {unique}", Organization = organization, CreatedById = 1 };
            template.Labels.Add(new JobTemplateLabel { Label = label });
            job.Labels.Add(new JobLabel { Label = label });
            inventory.Labels.Add(new InventoryLabel { Label = label });
            db.Add(job);
            db.Add(new ProjectUpdate { Name = project.Name, Project = project, Status = JobStatuses.Successful, CreatedById = 1, EventProcessingFinished = true });
            var command = new AdHocCommand
            {
                Name = "ping",
                ModuleName = "ping",
                Inventory = inventory,
                Organization = organization,
                InstanceGroup = group,
                ExecutionEnvironment = environment,
                Status = JobStatuses.Successful,
                CreatedById = 1,
                EventProcessingFinished = true,
            };
            db.Add(command);
            await db.SaveChangesAsync();
            db.Add(new JobEvent { JobId = command.Id, Counter = 1, Event = "runner_on_ok", HostId = host.Id, HostName = "h1", Created = DateTime.UtcNow });
            db.Add(new JobEvent { JobId = job.Id, Counter = 1, Event = "runner_on_ok", HostId = host.Id, HostName = "h1", Created = DateTime.UtcNow });
            db.Add(new JobHostSummary { JobId = job.Id, HostId = host.Id, HostName = "h1", Ok = 1, Created = DateTime.UtcNow });
            db.Add(RoleGrant.ToUser(ObjectRole.TeamMember, team.Id, user.Id));
            db.Add(RoleGrant.ToUser(ObjectRole.OrganizationMember, organization.Id, user.Id));
            db.Add(new ActivityEntry
            {
                Operation = ActivityOperations.Associate,
                ActorId = 1,
                Object1 = "team",
                Object1Id = team.Id,
                Object2 = "user",
                Object2Id = user.Id,
                Association = "users",
                Timestamp = DateTime.UtcNow,
            });
            host.LastJobId = job.Id;
            await db.SaveChangesAsync();
        }
    }
}
