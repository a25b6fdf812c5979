namespace ContainerGroups.Host.Output;

/// <summary>How long jobs, and who changed what, are kept: <c>Retention</c> of the configuration.</summary>
internal sealed class RetentionOptions
{
    public const string Section = "Retention";

    /// <summary>Days after its end for which a job is kept; 0 for ever.</summary>
    public int JobDays { get; set; } = 90;

    /// <summary>How much text all jobs together may have; beyond it the oldest go early. 0 for no limit.</summary>
    public long MaxOutputBytes { get; set; }

    /// <summary>Days for which an entry of the activity stream is kept; 0 for ever.</summary>
    public int ActivityDays { get; set; } = 355;

    /// <summary>How often is looked.</summary>
    public TimeSpan Period { get; set; } = TimeSpan.FromHours(1);
}
