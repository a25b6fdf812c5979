namespace ContainerGroups.Host.Storage;

/// <summary>Where playbooks come from.</summary>
public sealed class Project : NamedEntity
{
    public long? OrganizationId { get; set; }

    public Organization? Organization { get; set; }

    /// <summary>One of <see cref="ScmTypes"/>.</summary>
    public string ScmType { get; set; } = ScmTypes.Manual;

    public string ScmUrl { get; set; } = "";

    /// <summary>Branch, tag or commit; empty for the repository's default branch.</summary>
    public string ScmBranch { get; set; } = "";

    public string ScmRefspec { get; set; } = "";

    public bool ScmClean { get; set; }

    public bool ScmTrackSubmodules { get; set; }

    public bool ScmDeleteOnUpdate { get; set; }

    public bool ScmUpdateOnLaunch { get; set; }

    /// <summary>Seconds during which an update counts as fresh.</summary>
    public int ScmUpdateCacheTimeout { get; set; }

    /// <summary>The commit, or the archive's digest, that the stored files are of.</summary>
    public string ScmRevision { get; set; } = "";

    /// <summary>The playbooks at <see cref="ScmRevision"/>, relative paths, a JSON array; of no use for manual projects, which change at any time.</summary>
    public string PlaybookFiles { get; set; } = "[]";

    public bool AllowOverride { get; set; }

    public long? CredentialId { get; set; }

    /// <summary>Seconds; 0 for no limit.</summary>
    public int Timeout { get; set; }

    /// <summary>For manual projects, the directory below <c>Projects:Root</c>; for others, chosen by the server.</summary>
    public string LocalPath { get; set; } = "";

    /// <summary>AWX's project status; see <see cref="ProjectStatuses"/>.</summary>
    public string Status { get; set; } = ProjectStatuses.NeverUpdated;

    public DateTime? LastUpdated { get; set; }

    public bool LastUpdateFailed { get; set; }

    public long? DefaultEnvironmentId { get; set; }

    public ExecutionEnvironment? DefaultEnvironment { get; set; }
}

/// <summary>AWX's kinds of source.</summary>
public static class ScmTypes
{
    public const string Manual = "";
    public const string Git = "git";
    public const string Archive = "archive";
}

/// <summary>AWX's project statuses, besides those of an update.</summary>
public static class ProjectStatuses
{
    public const string NeverUpdated = "never updated";
    public const string Ok = "ok";
    public const string Missing = "missing";
}

/// <summary>A piece of an uploaded archive. Kept in the store, so that every host of the installation can unpack it.</summary>
public sealed class ProjectArchiveChunk
{
    public long ProjectId { get; set; }

    /// <summary>SHA-256 of the whole archive, lower-case hexadecimal.</summary>
    public string Digest { get; set; } = "";

    /// <summary>From 0, without gaps.</summary>
    public int Sequence { get; set; }

    /// <summary>When it was stored or, of the first piece, last found to be what a new upload holds; UTC.</summary>
    public DateTime Stored { get; set; }

    public byte[] Data { get; set; } = [];
}
