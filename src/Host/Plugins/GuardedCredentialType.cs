using ContainerGroups.Abstractions;

namespace ContainerGroups.Host.Plugins;

/// <summary>A plugin's credential type as the rest of the host sees it; keeps the type's extra abilities.</summary>
internal class GuardedCredentialType : ICredentialType
{
    private static readonly TimeSpan TestDeadline = TimeSpan.FromSeconds(30);

    private readonly ICredentialType _type;
    private readonly PluginCalls _calls;

    private GuardedCredentialType(ICredentialType type, PluginCalls calls)
    {
        (_type, _calls) = (type, calls);
        Namespace = type.Namespace;
        Kind = type.Kind;
        Name = type.Name;
        Description = type.Description ?? "";
        Inputs = type.Inputs;
    }

    public string Namespace { get; }

    public string Kind { get; }

    public string Name { get; }

    public string Description { get; }

    public IReadOnlyList<InputField> Inputs { get; }

    /// <summary>Wraps a type so that it still is an <see cref="IJobInjector"/> when it was one.</summary>
    public static ICredentialType Wrap(ICredentialType type, PluginCalls calls) =>
        type is IJobInjector injector ? new Injecting(type, injector, calls) : new GuardedCredentialType(type, calls);

    public IReadOnlyList<InputError> Validate(InputValues inputs) =>
        _calls.Run(nameof(Validate), CallSecrets.Of(inputs, Inputs), () => _type.Validate(inputs));

    public async Task<ConnectionTest> TestConnectionAsync(InputValues inputs, CancellationToken cancellationToken)
    {
        try
        {
            return await _calls.RunAsync(
                nameof(TestConnectionAsync),
                CallSecrets.Of(inputs, Inputs),
                token => _type.TestConnectionAsync(inputs, token),
                TestDeadline,
                cancellationToken);
        }
        catch (BackendException e)
        {
            return new ConnectionTest { Message = e.Message };
        }
    }

    private sealed class Injecting(ICredentialType type, IJobInjector injector, PluginCalls calls)
        : GuardedCredentialType(type, calls), IJobInjector
    {
        public JobInjection Inject(InputValues inputs) =>
            _calls.Run(nameof(Inject), CallSecrets.Of(inputs, Inputs), () => injector.Inject(inputs));
    }
}
