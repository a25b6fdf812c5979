using ContainerGroups.Abstractions;

namespace ContainerGroups.Host.Plugins;

/// <summary>Collects what one plugin registers. Nothing of it is used until the plugin has returned from Register in time.</summary>
/// <param name="calls">The line to the plugin.</param>
/// <param name="taken">What the plugins before it gave; their names are taken.</param>
/// <param name="credentialInputs">The schema of a credential type, by namespace, as it is when it is asked for.</param>
internal sealed class PluginRegistration(PluginCalls calls, PluginSet taken, Func<string, IReadOnlyList<InputField>?> credentialInputs)
    : IPluginRegistry
{
    private const int MaxNameLength = 100;

    private readonly Lock _lock = new();
    private readonly List<IExecutionBackend> _backends = [];
    private readonly List<ICredentialType> _credentialTypes = [];
    private bool _closed;

    public void AddExecutionBackend(IExecutionBackend backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        var guarded = GuardedBackend.Wrap(backend, calls, credentialInputs);
        CheckName(guarded.Name, "name of an execution backend");
        CheckSchema(guarded.Settings, $"execution backend {guarded.Name}");
        if (guarded.Capabilities is null)
        {
            throw new ArgumentException($"The execution backend {guarded.Name} has no capabilities.");
        }

        lock (_lock)
        {
            ThrowIfClosed();
            var owner = _backends.Any(own => own.Name == guarded.Name) ? "this plugin itself" : Owner(taken.PluginOfBackend(guarded.Name));
            if (owner is not null)
            {
                throw new ArgumentException($"The execution backend '{guarded.Name}' is already offered by {owner}.");
            }

            _backends.Add(guarded);
        }
    }

    public void AddCredentialType(ICredentialType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var guarded = GuardedCredentialType.Wrap(type, calls);
        CheckName(guarded.Namespace, "namespace of a credential type");
        CheckName(guarded.Kind, $"kind of the credential type {guarded.Namespace}");
        CheckSchema(guarded.Inputs, $"credential type {guarded.Namespace}");
        if (string.IsNullOrWhiteSpace(guarded.Name))
        {
            throw new ArgumentException($"The credential type {guarded.Namespace} has no name for people.");
        }

        lock (_lock)
        {
            ThrowIfClosed();
            var owner = _credentialTypes.Any(own => own.Namespace == guarded.Namespace)
                ? "this plugin itself"
                : Owner(taken.PluginOfCredentialType(guarded.Namespace));
            if (owner is not null)
            {
                throw new ArgumentException($"The credential type '{guarded.Namespace}' is already offered by {owner}.");
            }

            _credentialTypes.Add(guarded);
        }
    }

    /// <summary>Ends the registration; a plugin that kept the registry, or comes too late, gets an exception from now on.</summary>
    public (IReadOnlyList<IExecutionBackend> Backends, IReadOnlyList<ICredentialType> CredentialTypes) Close()
    {
        lock (_lock)
        {
            _closed = true;
            return (_backends, _credentialTypes);
        }
    }

    private static void CheckName(string? name, string what)
    {
        if (string.IsNullOrEmpty(name) || name.Length > MaxNameLength || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
        {
            throw new ArgumentException(
                $"The {what} must be ASCII letters, digits, '_' and '-', at most {MaxNameLength}: '{name}' is not.");
        }
    }

    private static void CheckSchema(IReadOnlyList<InputField>? fields, string what)
    {
        var faults = fields is null ? ["It has no list of inputs."] : InputFieldRules.Check(fields);
        if (faults.Count > 0)
        {
            throw new ArgumentException($"The inputs of the {what} can't be used. {string.Join(" ", faults)}");
        }
    }

    private static string? Owner(PluginInfo? plugin) => plugin is null ? null : $"the plugin {plugin.Id}";

    private void ThrowIfClosed()
    {
        if (_closed)
        {
            throw new InvalidOperationException("The registration of this plugin is over.");
        }
    }
}
