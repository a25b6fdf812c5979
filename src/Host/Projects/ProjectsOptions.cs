namespace ContainerGroups.Host.Projects;

/// <summary>The section <c>Projects</c> of the configuration.</summary>
internal sealed class ProjectsOptions
{
    public const string Section = "Projects";

    /// <summary>Below it lie the directories of manual projects; empty for <c>projects</c> in the data directory.</summary>
    public string Root { get; set; } = "";

    /// <summary>The git command.</summary>
    public string GitCommand { get; set; } = "git";

    /// <summary>Transports that git may use; <c>file</c> and <c>ext</c> would open this machine's files and programs to users.</summary>
    public List<string> GitProtocols { get; } = [];

    /// <summary>Project updates that run at once on this host.</summary>
    public int MaxConcurrentUpdates { get; set; } = 4;

    /// <summary>The longest archive that may be uploaded, in bytes.</summary>
    public long MaxArchiveBytes { get; set; } = 512L << 20;

    /// <summary>The most bytes that an archive may unpack to.</summary>
    public long MaxUnpackedBytes { get; set; } = 2L << 30;

    /// <summary>The most files and directories in an archive.</summary>
    public int MaxArchiveEntries { get; set; } = 100_000;

    /// <summary>How many times its own length an archive may unpack to, once that is more than 16 MiB.</summary>
    public int MaxArchiveRatio { get; set; } = 200;

    /// <summary>Unpacked project directories that this host keeps although nothing uses them.</summary>
    public int CachedSnapshots { get; set; } = 50;

    /// <summary>The protocols to allow: those configured, or the safe ones.</summary>
    public IReadOnlyList<string> AllowedProtocols => GitProtocols.Count > 0 ? GitProtocols : ["http", "https", "ssh", "git"];
}
