using System.Globalization;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.ApiTests.Awx;

/// <summary>What no request can make, or only by running something: instances that are ready, jobs in every state, what jobs printed.</summary>
internal static class AwxSeed
{
    /// <summary>People without any role but what rows give them.</summary>
    public static readonly IReadOnlyList<string> Callers = ["nobody", "auditor", "member", "owner"];

    /// <summary>A host that lives as far as the database knows: its jobs are left alone.</summary>
    private const string Elsewhere = "elsewhere.example.org";

    public static async Task AddAsync(ApiServer server, string passwordHash, Dictionary<string, string> known)
    {
        var directory = Directory.CreateDirectory(Path.Combine(server.Database.DataPath, "projects", "tables"));
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "site.yml"), "- hosts: all");
        await using var db = server.Database.Open();
        foreach (var caller in Callers)
        {
            var user = new User { Username = caller, PasswordHash = passwordHash, IsSystemAuditor = caller == "auditor" };
            db.Add(user);
            await db.SaveChangesAsync();
            Keep(caller, user.Id);
        }

        var failed = new Project { Name = "failed", ScmType = ScmTypes.Git, ScmUrl = "https://127.0.0.1:1/x.git", Status = JobStatuses.Failed };
        var orphan = new JobTemplate { Name = "orphan", Playbook = "site.yml", AskInventoryOnLaunch = true };
        db.AddRange(failed, orphan);
        await db.SaveChangesAsync();
        Keep("failed_project", failed.Id);
        Keep("orphan_template", orphan.Id);
        var managed = new Credential { Name = "managed", Managed = true, CredentialTypeId = await db.CredentialTypes.Select(type => type.Id).FirstAsync() };
        db.Add(managed);
        await db.SaveChangesAsync();
        Keep("managed", managed.Id);
        await AddInstancesAsync(db, Keep);
        await AddJobsAsync(db, Keep);

        void Keep(string name, long id) => known[name] = id.ToString(CultureInfo.InvariantCulture);
    }

    private static async Task AddInstancesAsync(AppDb db, Action<string, long> keep)
    {
        foreach (var type in new[] { NodeTypes.Execution, NodeTypes.Hybrid, NodeTypes.Control, NodeTypes.Hop })
        {
            var instance = new Instance
            {
                Hostname = $"{type}.tables.example.org",
                NodeType = type,
                NodeState = NodeStates.Ready,
                Cpu = 4,
                Memory = 8L << 30,
                CpuCapacity = 16,
                MemCapacity = 61,
                Capacity = type == NodeTypes.Hop ? 0 : 61,
                ManagedByPolicy = false,

                // Nobody reports it: it must not be found silent while rows are asked.
                LastSeen = DateTime.UtcNow.AddDays(1),
            };
            db.Add(instance);
            await db.SaveChangesAsync();
            keep(type, instance.Id);
        }
    }

    /// <summary>A template's jobs, one for each status, on an execution instance or in a container group.</summary>
    private static async Task AddJobsAsync(AppDb db, Action<string, long> keep)
    {
        db.Add(new HostProcess { Hostname = Elsewhere, StartedAt = DateTime.UtcNow, LastSeen = DateTime.UtcNow.AddDays(1) });
        var group = new InstanceGroup { Name = "pods of the tables", IsContainerGroup = true, MaxForks = 20 };
        var plain = new InstanceGroup { Name = "machines of the tables", PolicyInstanceList = """["execution.tables.example.org"]""" };
        db.AddRange(group, plain);
        await db.SaveChangesAsync();
        db.Add(new InstanceGroupMember { InstanceGroup = plain, InstanceId = (await FindAsync(db, NodeTypes.Execution)).Id });
        keep("pods", group.Id);
        keep("machines", plain.Id);
        foreach (var status in new[] { "new", "pending", "waiting", "running", "successful", "failed", "error", "canceled" })
        {
            var job = NewJob(status, status is "running" or "waiting" ? group : null);
            db.Add(job);
            await db.SaveChangesAsync();
            keep($"{status}_job", job.Id);
        }

        foreach (var (name, stored) in new[] { ("storing", false), ("done", true) })
        {
            var own = new InstanceGroup { Name = $"{name} of the tables" };
            var ended = NewJob("successful", own);
            (ended.EventProcessingFinished, ended.Finished) = (stored, DateTime.UtcNow.AddHours(1));
            db.Add(ended);
            await db.SaveChangesAsync();
            keep(name, own.Id);
            keep($"{name}_job", ended.Id);
        }

        var onNode = NewJob("running", plain);
        (onNode.Name, onNode.ExecutionNode, onNode.TaskImpact) = ("on a machine", "execution.tables.example.org", 4);
        db.Add(onNode);
        await db.SaveChangesAsync();
        keep("node_job", onNode.Id);
    }

    private static Task<Instance> FindAsync(AppDb db, string type) =>
        db.Instances.SingleAsync(row => row.Hostname == $"{type}.tables.example.org");

    private static Job NewJob(string status, InstanceGroup? group) => new()
    {
        Name = $"{status} of the tables",
        Status = status,
        Failed = status is "failed" or "error" or "canceled",
        InstanceGroup = group,
        TaskImpact = 6,
        CreatedById = 1,
        ControllerNode = Elsewhere,
        Started = status is "new" or "pending" or "waiting" ? null : DateTime.UtcNow.AddMinutes(-5),
        Finished = status is "successful" or "failed" or "error" or "canceled" ? DateTime.UtcNow.AddMinutes(-3) : null,
        ElapsedSeconds = status == "successful" ? 120.5 : 0,
        EventProcessingFinished = status is "successful" or "failed" or "error" or "canceled",
    };
}
