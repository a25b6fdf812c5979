using System.Text.RegularExpressions;
using ContainerGroups.Abstractions;

namespace ContainerGroups.Plugins.Testing;

/// <summary>
/// What every credential type has to keep. Derive a fixture from it for a type; all tests come along. Nothing is needed on the other
/// side: good inputs may point to a place where nobody answers.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract partial class CredentialTypeContract
{
    // Told apart from anything that a message holds by chance; not what a field would accept, so that it is complained about.
    private const string Marker = "s3cr3t marker\nwith-a-line";

    /// <summary>How long a test of the connection may take: the host waits no longer.</summary>
    protected virtual TimeSpan TestDeadline => TimeSpan.FromSeconds(30);

    /// <summary>Values that the type accepts, each required one among them.</summary>
    protected abstract IReadOnlyDictionary<string, object?> GoodInputs { get; }

    /// <summary>Values that the type refuses; each is put in the place of the good one.</summary>
    protected virtual IEnumerable<(string Field, object? Value)> BadValues => [];

    /// <summary>The type under test.</summary>
    protected ICredentialType Type { get; private set; } = null!;

    /// <summary>Makes the type, as the plugin does when it registers.</summary>
    protected abstract ICredentialType CreateType();

    /// <summary>Makes the type.</summary>
    [SetUp]
    public void MakeType() => Type = CreateType();

    /// <summary>Names are what the host accepts.</summary>
    [Test]
    public void Names_AreLegal()
    {
        Assert.That(Type.Namespace, Does.Match("^[A-Za-z0-9_-]{1,100}$"));
        Assert.That(Type.Kind, Does.Match("^[A-Za-z0-9_-]{1,100}$"));
        Assert.That(Type.Name, Is.Not.Null.And.Not.Empty);
        Assert.That(Type.Description, Is.Not.Null);
    }

    /// <summary>What the type says of itself never changes: the host asks once.</summary>
    [Test]
    public void WhatItSaysOfItself_IsAlwaysTheSame()
    {
        var other = CreateType();
        Assert.That((other.Namespace, other.Kind, other.Name), Is.EqualTo((Type.Namespace, Type.Kind, Type.Name)));
        Assert.That(other.Inputs.Select(field => field.Id), Is.EqualTo(Type.Inputs.Select(field => field.Id)));
    }

    /// <summary>The schema can make a form and a validation.</summary>
    [Test]
    public void Schema_IsSound()
    {
        Assert.That(Type.Inputs.Select(field => field.Id), Is.Unique);
        foreach (var field in Type.Inputs)
        {
            Assert.That(field.Id, Does.Match("^[A-Za-z_][A-Za-z0-9_]*$"));
            Assert.That(field.Label, Is.Not.Empty, field.Id);
            Assert.That(IsOfType(field.Default, field.Type), Is.True, $"the default of {field.Id} is not of its type");
            var forStrings = field.Secret || field.Multiline || field.AskAtRuntime || field.Format is not null || field.Choices.Count > 0;
            Assert.That(forStrings && field.Type != InputFieldType.String, Is.False, $"{field.Id} has an attribute that only strings can have");
            Assert.That(field.Choices.Count == 0 || field.Default is null || field.Choices.Contains((string)field.Default), Is.True, $"the default of {field.Id} is none of its choices");
        }
    }

    /// <summary>Good inputs are complete and legal.</summary>
    [Test]
    public void GoodInputs_AreAccepted()
    {
        Assert.That(GoodInputs.Keys, Is.SubsetOf(Type.Inputs.Select(field => field.Id)));
        Assert.That(Type.Inputs.Where(field => field.Required).Select(field => field.Id), Is.SubsetOf(GoodInputs.Keys), "required inputs");
        Assert.That(Validate(GoodInputs), Is.Empty);
    }

    /// <summary>A value that the type refuses is complained about by its field.</summary>
    [Test]
    public void BadValue_IsToldWithItsField()
    {
        foreach (var (field, value) in BadValues)
        {
            Assert.That(Validate(With(field, value)).Select(error => error.Field), Does.Contain(field), $"{field} = {value}");
        }
    }

    /// <summary>Values may be missing while a form is being filled in.</summary>
    [Test]
    public void MissingValues_AreNoException()
    {
        Assert.That(Validate(new Dictionary<string, object?>()), Is.Not.Null);
        foreach (var field in GoodInputs.Keys)
        {
            Assert.That(Validate(With(field, null)), Is.Not.Null, $"without {field}");
        }
    }

    /// <summary>Each complaint names a field of the type and says something.</summary>
    [Test]
    public void Complaints_NameAField()
    {
        var complaints = Type.Inputs.Where(field => field.Type == InputFieldType.String)
            .SelectMany(field => Validate(With(field.Id, Marker))).Concat(BadValues.SelectMany(bad => Validate(With(bad.Field, bad.Value)))).ToList();
        Assert.That(complaints.Select(error => error.Field).Except(Type.Inputs.Select(field => field.Id)), Is.Empty);
        Assert.That(complaints.Select(error => error.Message), Has.None.Empty);
    }

    /// <summary>The value of a secret stands in no complaint.</summary>
    [Test]
    public void Complaints_HoldNoSecret()
    {
        foreach (var secret in Type.Inputs.Where(field => field.Secret))
        {
            foreach (var error in Validate(With(secret.Id, Marker)))
            {
                Assert.That(HoldsSecret(error.Message), Is.False, $"the complaint about {error.Field} shows the value of {secret.Id}");
            }
        }
    }

    /// <summary>One instance serves all credentials, on any thread.</summary>
    [Test]
    public void Validation_FromManyThreads_IsTheSame()
    {
        var inputs = new InputValues(GoodInputs);
        var counts = new int[64];
        Parallel.For(0, counts.Length, i => counts[i] = Type.Validate(inputs).Count);
        Assert.That(counts, Is.All.Zero);
    }

    /// <summary>A test of the connection is a result, in time, that says something and holds no secret.</summary>
    [Test]
    public async Task TestOfTheConnection_IsAResult_WithoutSecrets()
    {
        var secret = Type.Inputs.FirstOrDefault(field => field.Secret);
        var inputs = new InputValues(secret is null ? GoodInputs : With(secret.Id, "s3cr3t-marker"));
        var test = await Type.TestConnectionAsync(inputs, CancellationToken.None).WaitAsync(TestDeadline);

        Assert.That(test.Message, Is.Not.Null.And.Not.Empty);
        Assert.That(test.Details.Values.Concat(test.MissingPermissions).Append(test.Message).Any(HoldsSecret), Is.False, "the result shows a secret");
    }

    /// <summary>A test of the connection ends when the host wants it to.</summary>
    [Test]
    public async Task TestOfTheConnection_ThatIsCanceled_EndsPromptly()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        var test = Task.Run(() => Type.TestConnectionAsync(new InputValues(GoodInputs), stop.Token));
        try
        {
            await test.WaitAsync(TimeSpan.FromSeconds(5));
        }
        catch (OperationCanceledException)
        {
            // As it should be; an answer that needs no connection is as good.
        }
    }

    /// <summary>What goes into a job is whole: each file that is named is there, each name is legal.</summary>
    [Test]
    public void Injection_IsWhole()
    {
        var injection = Type is IJobInjector injector ? injector.Inject(new InputValues(GoodInputs)) : new JobInjection();

        Assert.That(injection.Environment.Keys, Has.All.Match("^[A-Za-z_][A-Za-z0-9_]*$"));
        Assert.That(injection.Files.Keys, Has.All.Match("^[A-Za-z0-9_]+$"));
        var named = injection.Environment.Values.Concat(injection.ExtraVars.Values)
            .SelectMany(value => FileReference().Matches(value)).Select(match => match.Groups[1].Value);
        Assert.That(named.Except(injection.Files.Keys), Is.Empty, "files that are named and missing");
    }

    /// <summary>The good inputs with one value replaced, or left out when it is null.</summary>
    protected IReadOnlyDictionary<string, object?> With(string field, object? value) =>
        new Dictionary<string, object?>(GoodInputs) { [field] = value };

    private IReadOnlyList<InputError> Validate(IReadOnlyDictionary<string, object?> inputs) => Type.Validate(new InputValues(inputs));

    private static bool HoldsSecret(string text) =>
        text.Contains("s3cr3t", StringComparison.Ordinal) || text.Contains("with-a-line", StringComparison.Ordinal);

    private static bool IsOfType(object? value, InputFieldType type) => value is null || type switch
    {
        InputFieldType.Boolean => value is bool,
        InputFieldType.Integer => value is long,
        _ => value is string,
    };

    [GeneratedRegex(@"\{\{file:([^}]*)\}\}")]
    private static partial Regex FileReference();
}
