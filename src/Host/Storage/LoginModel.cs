using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Storage;

/// <summary>The tables of what a caller may show in place of a password.</summary>
internal static class LoginModel
{
    /// <summary>A SHA-256 in hexadecimal.</summary>
    private const int Digest = 64;

    private const int Word = 64;

    public static void Build(ModelBuilder b)
    {
        b.Entity<OAuthApplication>(e =>
        {
            e.Property(x => x.Name).HasMaxLength(255);
            e.HasIndex(x => new { x.OrganizationId, x.Name }).IsUnique();
            e.Property(x => x.ClientId).HasMaxLength(100);
            e.HasIndex(x => x.ClientId).IsUnique();
            e.Property(x => x.SecretDigest).HasMaxLength(Digest);
            e.Property(x => x.ClientType).HasMaxLength(Word);
            e.Property(x => x.AuthorizationGrantType).HasMaxLength(Word);
            e.Ignore(x => x.Secret);
            e.HasOne(x => x.Organization).WithMany().HasForeignKey(x => x.OrganizationId).OnDelete(DeleteBehavior.Cascade);
        });
        b.Entity<AccessToken>(e =>
        {
            e.HasIndex(x => x.TokenDigest).IsUnique();
            e.HasIndex(x => x.RefreshDigest).IsUnique();
            e.Property(x => x.TokenDigest).HasMaxLength(Digest);
            e.Property(x => x.RefreshDigest).HasMaxLength(Digest);
            e.Property(x => x.Scope).HasMaxLength(Word);
            e.Ignore(x => x.Token);
            e.Ignore(x => x.RefreshToken);
            e.HasOne(x => x.User).WithMany().HasForeignKey(x => x.UserId).OnDelete(DeleteBehavior.Cascade);
            e.HasOne(x => x.Application).WithMany(x => x.Tokens).HasForeignKey(x => x.ApplicationId).OnDelete(DeleteBehavior.Cascade);
        });
        b.Entity<LoginSession>(e =>
        {
            e.HasIndex(x => x.KeyDigest).IsUnique();
            e.HasIndex(x => x.Expires);
            e.Property(x => x.KeyDigest).HasMaxLength(Digest);
            e.Property(x => x.PasswordDigest).HasMaxLength(Digest);
            e.HasOne(x => x.User).WithMany().HasForeignKey(x => x.UserId).OnDelete(DeleteBehavior.Cascade);
        });
    }
}
