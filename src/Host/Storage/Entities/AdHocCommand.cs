namespace ContainerGroups.Host.Storage;

/// <summary>One module run on hosts of an inventory without a playbook: a job in all that concerns its run, a kind of its own to clients.</summary>
public sealed class AdHocCommand : Job
{
    /// <summary>One of AWX's modules for ad hoc commands; the name too.</summary>
    public string ModuleName { get; set; } = "command";

    public string ModuleArgs { get; set; } = "";

    /// <summary>What it was launched to log in with, the one of <see cref="Job.Credentials"/>; null when that is gone.</summary>
    public long? CredentialId { get; set; }

    public Credential? Credential { get; set; }
}
