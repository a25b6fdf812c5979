using System.Linq.Expressions;
using ContainerGroups.Host.Access;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Rest;

/// <summary>Who, besides the administrators of the system, may write the rows of a resource. What no rule allows nobody else may.</summary>
internal sealed class AccessRules<T>
    where T : class
{
    private readonly Dictionary<string, Func<AppDb, Caller, Expression<Func<T, bool>>>> _rights = new(StringComparer.Ordinal);

    /// <summary>The kind of the objects' roles; null for objects without roles of their own.</summary>
    public string? Kind { get; set; }

    /// <summary>On which rows a caller has a role of the kind.</summary>
    public Func<AppDb, Caller, ObjectRole, Expression<Func<T, bool>>>? RoleCondition { get; set; }

    /// <summary>Whether the caller may make such an object at all; null for nobody.</summary>
    public Func<ApiCall, Task<bool>>? Creation { get; set; }

    /// <summary>What must hold for a new or changed row as the body would have it, besides the right to make or change it.</summary>
    public List<Func<Write<T>, CancellationToken, Task<bool>>> Writes { get; } = [];

    /// <summary>The rights by which the rules of one delegate are given are asked for together.</summary>
    public void Allow(IEnumerable<string> rights, Func<AppDb, Caller, Expression<Func<T, bool>>> rule)
    {
        foreach (var right in rights)
        {
            _rights.Add(right, rule);
        }
    }

    /// <summary>On which rows a caller has a right; null when nobody has it.</summary>
    public Func<AppDb, Caller, Expression<Func<T, bool>>>? Find(string right)
    {
        if (_rights.TryGetValue(right, out var rule))
        {
            return rule;
        }

        return RoleCondition is { } condition && FindRole(right) is { } role ? (db, caller) => condition(db, caller, role) : null;
    }

    /// <summary>The role of the kind that has this name.</summary>
    public ObjectRole? FindRole(string field) =>
        Kind is { } kind ? RoleDefinition.OfKind(kind).FirstOrDefault(role => role.Field == field)?.Role : null;
}
