using FluentValidation;

namespace ContainerGroups.Host.Rest;

/// <summary>What a resource does around a write besides its field rules.</summary>
internal sealed class WriteRules<T>
    where T : class
{
    /// <summary>Turns a body into the one that the fields describe.</summary>
    public List<Action<RequestBody>> Rewrites { get; } = [];

    /// <summary>Rules on the entity as it would be stored; the names of properties become names of fields.</summary>
    public List<IValidator<T>> Validators { get; } = [];

    /// <summary>Rules that need the database, the body, or what was before.</summary>
    public List<Func<Write<T>, CancellationToken, Task>> Checks { get; } = [];

    /// <summary>Run before the row is stored, in its transaction.</summary>
    public List<Func<Write<T>, CancellationToken, Task>> BeforeSave { get; } = [];

    /// <summary>Run after the row is stored, in its transaction: the id is known.</summary>
    public List<Func<Write<T>, CancellationToken, Task>> AfterSave { get; } = [];

    /// <summary>Run after a change is committed; for wake-ups.</summary>
    public List<Func<CancellationToken, Task>> AfterCommit { get; } = [];

    /// <summary>Run before a row is removed, in its transaction; throws to refuse.</summary>
    public List<Func<Removal<T>, CancellationToken, Task>> BeforeDelete { get; } = [];

    /// <summary>Run after a row is removed, in its transaction.</summary>
    public List<Func<Removal<T>, CancellationToken, Task>> AfterDelete { get; } = [];

    /// <summary>Removes a row in another way than by deleting it, and gives the status to answer with; null for the plain way.</summary>
    public Func<Removal<T>, CancellationToken, Task<int>>? Delete { get; set; }

    /// <summary>Columns that are unique only together.</summary>
    public List<IReadOnlyList<string>> UniqueTogether { get; } = [];

    /// <summary>Makes a row with its defaults; null where rows are not made here.</summary>
    public Func<T>? Create { get; set; }
}
