namespace ContainerGroups.Host.Storage;

/// <summary>A kind of secret: a plugin's, or one that a user has defined.</summary>
public sealed class CredentialType : NamedEntity
{
    /// <summary>AWX's kind: <c>ssh</c>, <c>vault</c>, <c>scm</c>, <c>cloud</c>, <c>net</c>, <c>registry</c>, <c>kubernetes</c>, …</summary>
    public string Kind { get; set; } = "";

    /// <summary>The name by which its plugin knows it; null for one that a user has defined.</summary>
    public string? Namespace { get; set; }

    /// <summary>Whether it comes from a plugin. It stays when the plugin goes, and its credentials with it.</summary>
    public bool Managed { get; set; }

    /// <summary>The schema, a JSON object as AWX writes it: <c>fields</c> and <c>required</c>.</summary>
    public string Inputs { get; set; } = "{}";

    /// <summary>What a job gets of a user-defined type, a JSON object: <c>env</c>, <c>extra_vars</c>, <c>file</c>; of managed types, empty.</summary>
    public string Injectors { get; set; } = "{}";
}

/// <summary>A secret and what belongs to it. The secret values themselves are in <see cref="CredentialSecret"/>.</summary>
public sealed class Credential : NamedEntity
{
    /// <summary>What stands in place of a secret value, here and in every answer.</summary>
    public const string Hidden = "$encrypted$";

    public long? OrganizationId { get; set; }

    public Organization? Organization { get; set; }

    /// <summary>The owner, when it is a user.</summary>
    public long? UserId { get; set; }

    public User? User { get; set; }

    /// <summary>The owner besides the organization, when it is a team.</summary>
    public long? TeamId { get; set; }

    public Team? Team { get; set; }

    public long CredentialTypeId { get; set; }

    public CredentialType CredentialType { get; set; } = null!;

    /// <summary>Whether the server made it; nobody may change it.</summary>
    public bool Managed { get; set; }

    /// <summary>The values by field, a JSON object; in place of secret ones, <see cref="Hidden"/>.</summary>
    public string Inputs { get; set; } = "{}";

    /// <summary>Changes with every change of a value, so that what was made of the old ones can be dropped.</summary>
    public Guid Version { get; set; }
}

/// <summary>One encrypted value. Nothing that can be asked for leads to the tables of these.</summary>
public abstract class StoredSecret
{
    /// <summary>Names the key that it is encrypted with.</summary>
    public string KeyId { get; set; } = "";

    /// <summary>Nonce, ciphertext and tag; bound to the place.</summary>
    public byte[] Data { get; set; } = [];

    /// <summary>To what the value belongs: nowhere else can it be decrypted.</summary>
    public abstract string Place { get; }
}

/// <summary>One secret value of a credential.</summary>
public sealed class CredentialSecret : StoredSecret
{
    public long CredentialId { get; set; }

    /// <summary>The id of the field.</summary>
    public string Field { get; set; } = "";

    public override string Place => $"credential\0{CredentialId}\0{Field}";

    /// <summary>For people.</summary>
    public override string ToString() => $"Field {Field} of credential {CredentialId}";
}

/// <summary>A password that was given at a job's launch: because a credential asks for it, until the job has ended; or an answer to a
/// survey's password question, which a launch of the same again needs.</summary>
public sealed class JobPassword : StoredSecret
{
    public long JobId { get; set; }

    /// <summary>AWX's name: <c>ssh_password</c>, <c>become_password</c>, <c>ssh_key_unlock</c>, <c>vault_password</c>,
    /// <c>vault_password.ID</c>; of an answer, the question's variable behind a prefix.</summary>
    public string Name { get; set; } = "";

    public override string Place => $"job\0{JobId}\0{Name}";

    /// <summary>For people.</summary>
    public override string ToString() => $"Password {Name} of job {JobId}";
}

/// <summary>A credential that the jobs of a template get.</summary>
public sealed class JobTemplateCredential
{
    public long JobTemplateId { get; set; }

    public long CredentialId { get; set; }

    public Credential Credential { get; set; } = null!;
}

/// <summary>A credential that a job gets, fixed when it was launched.</summary>
public sealed class JobCredential
{
    public long JobId { get; set; }

    public long CredentialId { get; set; }

    public Credential Credential { get; set; } = null!;
}
