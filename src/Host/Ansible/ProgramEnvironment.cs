using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ContainerGroups.Host.Ansible.Secrets;
using ContainerGroups.Host.Credentials.Injection;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Ansible;

/// <summary>The variables that a job's program gets from us, and how they are shown.</summary>
internal static partial class ProgramEnvironment
{
    public static Dictionary<string, string> OfCommand(Job job) => new()
    {
        ["JOB_ID"] = job.Id.ToString(CultureInfo.InvariantCulture),
        ["LANG"] = "C.UTF-8",
    };

    public static Dictionary<string, string> OfPlaybook(Job job, string revision)
    {
        var environment = OfAnsible(job);
        environment["PROJECT_REVISION"] = revision;
        return environment;
    }

    /// <summary>By the command's id ansible-runner knows that there is no play, and tells of hosts alone.</summary>
    public static Dictionary<string, string> OfModule(AdHocCommand command)
    {
        var environment = OfAnsible(command);
        environment["AD_HOC_COMMAND_ID"] = command.Id.ToString(CultureInfo.InvariantCulture);
        return environment;
    }

    private static Dictionary<string, string> OfAnsible(Job job)
    {
        var environment = OfCommand(job);
        // Colours are part of the stored text; the plain text is made from it by taking them out.
        environment["ANSIBLE_FORCE_COLOR"] = "True";
        environment["ANSIBLE_HOST_KEY_CHECKING"] = "False";
        environment["ANSIBLE_INVENTORY_UNPARSED_FAILED"] = "True";
        environment["ANSIBLE_PARAMIKO_RECORD_HOST_KEYS"] = "False";
        environment["ANSIBLE_RETRY_FILES_ENABLED"] = "False";
        if (job.InventoryId is { } inventory)
        {
            environment["INVENTORY_ID"] = inventory.ToString(CultureInfo.InvariantCulture);
        }

        return environment;
    }

    /// <summary>With what the credentials add; the variables that make the job ours stay ours.</summary>
    public static IReadOnlyDictionary<string, string> With(Dictionary<string, string> own, CredentialFiles secrets) =>
        secrets.Environment.Where(variable => !own.ContainsKey(variable.Key)).Concat(own).ToDictionary(v => v.Key, v => v.Value);

    /// <summary>As JSON, with everything masked that is secret, or may be by its name: AWX's rule.</summary>
    public static string Masked(IReadOnlyDictionary<string, string> own, CredentialFiles? secrets = null) => JsonSerializer.Serialize(
        (secrets?.ShownEnvironment ?? []).Where(variable => !own.ContainsKey(variable.Key)).Concat(own)
            .ToDictionary(v => v.Key, v => IsSecret(v.Key) ? CredentialInjector.Mask : v.Value));

    private static bool IsSecret(string name) => !IsAnsibleSetting(name) && SecretName().IsMatch(name);

    private static bool IsAnsibleSetting(string name) =>
        name.StartsWith("ANSIBLE_", StringComparison.Ordinal)
        && !name.StartsWith("ANSIBLE_NET", StringComparison.Ordinal)
        && !name.StartsWith("ANSIBLE_GALAXY_SERVER", StringComparison.Ordinal);

    [GeneratedRegex("API|TOKEN|KEY|SECRET|PASS", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretName();
}
