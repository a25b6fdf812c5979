namespace ContainerGroups.Host.Credentials.Types;

/// <summary>AWX's kinds of credentials.</summary>
internal static class CredentialKinds
{
    public const string Machine = "ssh";
    public const string Vault = "vault";
    public const string Network = "net";
    public const string SourceControl = "scm";
    public const string Cloud = "cloud";
    public const string Registry = "registry";
    public const string Galaxy = "galaxy";
    public const string Kubernetes = "kubernetes";

    public static readonly (string, string)[] All =
    [
        (Machine, "Machine"), (Vault, "Vault"), (Network, "Network"), (SourceControl, "Source Control"), (Cloud, "Cloud"),
        (Registry, "Container Registry"), ("token", "Personal Access Token"), ("insights", "Insights"), ("external", "External"),
        (Kubernetes, "Kubernetes"), (Galaxy, "Galaxy/Automation Hub"), ("cryptography", "Cryptography"),
    ];

    /// <summary>Those of which users may define types.</summary>
    public static readonly (string, string)[] ForUsers = [.. All.Where(kind => IsForUsers(kind.Item1))];

    /// <summary>Whether users may define types of the kind.</summary>
    public static bool IsForUsers(string kind) => kind is Cloud or Network;

    /// <summary>Whether a job may have credentials of the kind.</summary>
    public static bool IsForJobs(string kind) => kind is not (SourceControl or Registry or Galaxy or "insights" or "external" or "cryptography" or "token");
}
