using System.Collections.Frozen;

namespace ContainerGroups.Host.Rest.Filters;

/// <summary>Names on which nobody may filter, whether a resource has such a field or not: an answer would tell something about a secret.</summary>
internal static class SensitiveNames
{
    private static readonly FrozenSet<string> All = FrozenSet.ToFrozenSet(
        [
            "password", "inputs", "pod_spec_override", "job_env", "job_args", "start_args", "extra_vars", "host_config_key",
            "survey_passwords", "token",
        ],
        StringComparer.Ordinal);

    public static bool Contains(string name) => All.Contains(name);
}
