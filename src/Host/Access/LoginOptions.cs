using System.ComponentModel.DataAnnotations;

namespace ContainerGroups.Host.Access;

/// <summary>How callers prove who they are, and how patient the server is with those who can't.</summary>
internal sealed class LoginOptions
{
    public const string Section = "Login";

    /// <summary>Whether a name and a password may come with each request.</summary>
    public bool Basic { get; set; } = true;

    /// <summary>Failures for one user name that cost nothing but themselves.</summary>
    [Range(1, 50)]
    public int FreeFailures { get; set; } = 5;

    /// <summary>The same for one address, whatever the names; 0 to not count addresses, which all are one behind a proxy.</summary>
    [Range(0, 50)]
    public int FreeFailuresPerAddress { get; set; } = 20;

    /// <summary>The longest delay after a failure; it begins with a second and doubles.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a failure counts.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan FailureWindow { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a session lasts after its last use.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "365.00:00:00")]
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Sessions that a user may have at once, the oldest ends first; -1 for any number.</summary>
    [Range(-1, int.MaxValue)]
    public int SessionsPerUser { get; set; } = -1;

    [Range(typeof(TimeSpan), "00:00:01", "1000000.00:00:00")]
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromDays(365_000);

    [Range(typeof(TimeSpan), "00:00:01", "1000000.00:00:00")]
    public TimeSpan RefreshTokenLifetime { get; set; } = TimeSpan.FromSeconds(2_628_000);

    /// <summary>Origins, besides the server's own, whose pages may act with a user's session: <c>https://portal.example.org</c>.</summary>
    public IReadOnlyList<string> TrustedOrigins { get; set; } = [];
}
