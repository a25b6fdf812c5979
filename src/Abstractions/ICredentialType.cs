namespace ContainerGroups.Abstractions;

/// <summary>A kind of secret: which values it has, what makes them legal, how they are tried, how they reach a job.
/// One instance serves all credentials of the type, on any thread.</summary>
public interface ICredentialType
{
    /// <summary>The stable name of the type, as AWX calls it: <c>kubernetes_bearer_token</c>. Unique among all plugins.</summary>
    string Namespace { get; }

    /// <summary>AWX's kind: <c>ssh</c>, <c>vault</c>, <c>scm</c>, <c>cloud</c>, <c>net</c>, <c>registry</c>, <c>kubernetes</c>, …
    /// A credential of kind <c>kubernetes</c> can make an instance group a container group.</summary>
    string Kind { get; }

    /// <summary>What a person reads: <c>OpenShift or Kubernetes API Bearer Token</c>. Unique with <see cref="Kind"/>.</summary>
    string Name { get; }

    /// <summary>A sentence on what the type is for; may be empty.</summary>
    string Description { get; }

    /// <summary>The values of a credential of this type, in the order in which a form shows them.</summary>
    IReadOnlyList<InputField> Inputs { get; }

    /// <summary>
    /// Checks what the schema can't say. Called with values that have passed the schema (types, choices, known ids; required values
    /// may still be missing). Returns every error at once; empty means legal. Fast, without I/O, repeatable.
    /// </summary>
    IReadOnlyList<InputError> Validate(InputValues inputs);

    /// <summary>
    /// Tries the credential: is the other side reachable, does it accept the credential, which permissions are missing. Bounded by
    /// the host to 30 seconds. Failures are results, not exceptions. Changes nothing on the other side.
    /// </summary>
    Task<ConnectionTest> TestConnectionAsync(InputValues inputs, CancellationToken cancellationToken);
}

/// <summary>An extra ability of a credential type: it puts its values into the environment of a job that uses the credential.</summary>
public interface IJobInjector
{
    /// <summary>Which variables, extra variables and files the job gets. Called once per attempt of a job; without I/O, repeatable.
    /// The result travels in the job's payload only.</summary>
    JobInjection Inject(InputValues inputs);
}

/// <summary>What a credential adds to a job. Everything here may be secret.</summary>
public sealed record JobInjection
{
    /// <summary>Environment variables by name. In a value, <c>{{file:ID}}</c> becomes the absolute path of the file of that id.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Ansible extra variables by name; values may hold <c>{{file:ID}}</c> too. Ignored by jobs without Ansible.</summary>
    public IReadOnlyDictionary<string, string> ExtraVars { get; init; } = new Dictionary<string, string>();

    /// <summary>Files by id (letters, digits, underscores), written with mode 0600 inside the environment and gone with it.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();
}

/// <summary>What trying a credential showed.</summary>
public sealed record ConnectionTest
{
    /// <summary>Whether the other side answered; null when the type has no other side to ask.</summary>
    public bool? Reachable { get; init; }

    /// <summary>Whether it accepted the credential; null when that was not learned.</summary>
    public bool? Authenticated { get; init; }

    /// <summary>Permissions that jobs need and that this credential lacks, by name (<c>create pods/exec</c>).</summary>
    public IReadOnlyList<string> MissingPermissions { get; init; } = [];

    /// <summary>What was found and what to do, in plain sentences, without secrets.</summary>
    public required string Message { get; init; }

    /// <summary>More facts for the reader, by name (<c>version</c>, <c>user</c>).</summary>
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>();
}
