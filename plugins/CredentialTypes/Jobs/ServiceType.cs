using ContainerGroups.Abstractions;

namespace ContainerGroups.CredentialTypes.Jobs;

/// <summary>
/// How the tasks of a job log in to a service: its values become environment variables and files of the job. Namespaces, names, fields
/// and variables are those of AWX's managed types (awx-plugins, <c>credentials/plugins.py</c> and <c>injectors.py</c>).
/// </summary>
internal sealed class ServiceType : ICredentialType, IJobInjector
{
    public required string Namespace { get; init; }

    public string Kind { get; init; } = "cloud";

    public required string Name { get; init; }

    public required string Description { get; init; }

    public required IReadOnlyList<InputField> Inputs { get; init; }

    /// <summary>What the values become in a job.</summary>
    public required Func<InputValues, JobInjection> Injection { get; init; }

    /// <summary>What else is wrong with values.</summary>
    public Func<InputValues, IEnumerable<InputError>> Rules { get; init; } = _ => [];

    public IReadOnlyList<InputError> Validate(InputValues inputs) =>
    [
        .. CredentialTypes.Rules.OneLine(inputs, [.. Inputs.Where(field => field is { Type: InputFieldType.String, Multiline: false }).Select(field => field.Id)]),
        .. Rules(inputs),
    ];

    public Task<ConnectionTest> TestConnectionAsync(InputValues inputs, CancellationToken cancellationToken) =>
        Task.FromResult(new ConnectionTest { Message = $"The values are well formed. Whether {Name} accepts them shows in a job." });

    public JobInjection Inject(InputValues inputs) => Injection(inputs);

    /// <summary>Variables from values; a value that is empty makes none, so that what the job's image sets stays.</summary>
    public static Dictionary<string, string> Variables(InputValues inputs, params (string Variable, string Field)[] pairs)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (variable, field) in pairs)
        {
            var value = inputs.TryGet(field, out var given) && given is bool flag ? flag ? "True" : "False" : inputs.GetString(field);
            if (!string.IsNullOrEmpty(value))
            {
                variables[variable] = value;
            }
        }

        return variables;
    }

    /// <summary>What stands in a variable for the path of a file.</summary>
    public static string PathOf(string file) => $"{{{{file:{file}}}}}";
}
