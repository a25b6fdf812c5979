namespace ContainerGroups.Host.Storage;

/// <summary>A browser, or a program that behaves like one, in which a user has logged in.</summary>
public sealed class LoginSession
{
    public long Id { get; set; }

    public long UserId { get; set; }

    public User User { get; set; } = null!;

    /// <summary>The digest of what the cookie holds, which itself is kept nowhere.</summary>
    public string KeyDigest { get; set; } = "";

    /// <summary>Of the user's password when the session began: with another password it is over.</summary>
    public string PasswordDigest { get; set; } = "";

    public DateTime Created { get; set; }

    /// <summary>Moves on with use.</summary>
    public DateTime Expires { get; set; }
}
