using System.Text.Json.Nodes;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Ansible;

/// <summary>The extra variables by which a playbook knows its job, under AWX's two prefixes.</summary>
internal static class MetaVariables
{
    private static readonly string[] Prefixes = ["awx", "tower"];

    public static string Json(Job job, User? launchedBy, string revision)
    {
        var variables = new JsonObject();
        foreach (var prefix in Prefixes)
        {
            Add(variables, prefix, job, revision);
            if (launchedBy is not null)
            {
                Add(variables, prefix, launchedBy);
            }
        }

        return variables.ToJsonString();
    }

    private static void Add(JsonObject variables, string prefix, Job job, string revision)
    {
        variables[$"{prefix}_job_id"] = job.Id;
        variables[$"{prefix}_job_launch_type"] = job.LaunchType;
        if (job.JobTemplate is { } template)
        {
            variables[$"{prefix}_job_template_id"] = template.Id;
            variables[$"{prefix}_job_template_name"] = template.Name;
        }

        if (job.Inventory is { } inventory)
        {
            variables[$"{prefix}_inventory_id"] = inventory.Id;
            variables[$"{prefix}_inventory_name"] = inventory.Name;
        }

        if (job.Project is { } project)
        {
            variables[$"{prefix}_project_revision"] = revision;
            variables[$"{prefix}_project_scm_branch"] = job.ScmBranch.Length > 0 ? job.ScmBranch : project.ScmBranch;
        }
    }

    private static void Add(JsonObject variables, string prefix, User user)
    {
        variables[$"{prefix}_user_id"] = user.Id;
        variables[$"{prefix}_user_name"] = user.Username;
        variables[$"{prefix}_user_email"] = user.Email;
        variables[$"{prefix}_user_first_name"] = user.FirstName;
        variables[$"{prefix}_user_last_name"] = user.LastName;
    }
}
