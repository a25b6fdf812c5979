namespace ContainerGroups.Kubernetes.PodSpecs;

/// <summary>Who gave a field of the effective pod its value.</summary>
internal static class FieldOrigins
{
    /// <summary>The default pod in code.</summary>
    public const string Default = "default";

    /// <summary>The group's pod spec override.</summary>
    public const string Group = "group";

    /// <summary>The job: what makes the pod its own, and what no override can change.</summary>
    public const string Job = "job";

    /// <summary>The execution environment that the job or its template names.</summary>
    public const string ExecutionEnvironment = "execution environment";

    /// <summary>The default execution environment of the project, the organization or the server.</summary>
    public const string DefaultEnvironment = "default execution environment";
}
