namespace ContainerGroups.Host.Credentials;

/// <summary>What a job has to log in elsewhere, in clear: read once, for all the steps of its run.</summary>
internal sealed record JobCredentialSet
{
    public static JobCredentialSet Empty { get; } = new();

    /// <summary>The job's own, in the order of their ids, without what was given at launch.</summary>
    public IReadOnlyList<OpenCredential> OfJob { get; init; } = [];

    /// <summary>By which its instance group is reached; null without one.</summary>
    public OpenCredential? OfGroup { get; init; }

    /// <summary>What was given at launch to those that ask for it, by name.</summary>
    public IReadOnlyDictionary<string, string> Passwords { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public IEnumerable<OpenCredential> All => OfGroup is null ? OfJob : OfJob.Append(OfGroup);

    /// <summary>Counts only.</summary>
    public override string ToString() => $"{OfJob.Count} credentials and {Passwords.Count} passwords";
}
