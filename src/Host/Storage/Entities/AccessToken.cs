namespace ContainerGroups.Host.Storage;

/// <summary>An OAuth2 token that stands for its user: a personal one, or one that an application was given for the user.</summary>
public sealed class AccessToken : Entity
{
    public string Description { get; set; } = "";

    public long UserId { get; set; }

    public User User { get; set; } = null!;

    /// <summary>The application that may use it; null for a personal token.</summary>
    public long? ApplicationId { get; set; }

    public OAuthApplication? Application { get; set; }

    /// <summary>The digest of the token, which itself is kept nowhere.</summary>
    public string TokenDigest { get; set; } = "";

    /// <summary>The digest of what renews the token; null for one that can't be renewed.</summary>
    public string? RefreshDigest { get; set; }

    /// <summary>Until when it can be renewed.</summary>
    public DateTime? RefreshExpires { get; set; }

    public DateTime Expires { get; set; }

    /// <summary><c>read</c>, <c>write</c> or both, separated by a blank. To write includes to read.</summary>
    public string Scope { get; set; } = "write";

    /// <summary>The token itself while it is being made, to be shown once; never stored.</summary>
    public string? Token { get; set; }

    /// <summary>What renews it while it is being made, to be shown once; never stored.</summary>
    public string? RefreshToken { get; set; }
}

/// <summary>A program that gets tokens for users.</summary>
public sealed class OAuthApplication : NamedEntity
{
    public const string Confidential = "confidential";

    public const string Public = "public";

    public const string PasswordGrant = "password";

    public long OrganizationId { get; set; }

    public Organization Organization { get; set; } = null!;

    public string ClientId { get; set; } = "";

    /// <summary>The digest of its secret; empty for a public one, which has none.</summary>
    public string SecretDigest { get; set; } = "";

    /// <summary><see cref="Confidential"/> or <see cref="Public"/>.</summary>
    public string ClientType { get; set; } = Confidential;

    public string AuthorizationGrantType { get; set; } = PasswordGrant;

    public string RedirectUris { get; set; } = "";

    public bool SkipAuthorization { get; set; }

    public List<AccessToken> Tokens { get; } = [];

    /// <summary>Its secret while it is being made, to be shown once; never stored.</summary>
    public string? Secret { get; set; }
}
