using System.Linq.Expressions;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Rest;

/// <summary>One creation or change under way: the entity already has the body's values, nothing is stored yet.</summary>
internal sealed class Write<T>(ApiCall call, T entity, RequestBody body, bool creating)
    where T : class
{
    public ApiCall Call => call;

    public AppDb Db => call.Db;

    public T Entity => entity;

    public RequestBody Body => body;

    public bool Creating => creating;

    public FieldErrors Errors { get; } = new();

    /// <summary>What a check leaves for the steps that store; null for nothing.</summary>
    public object? Prepared { get; set; }

    /// <summary>What the row had before; the default value for a new row.</summary>
    public TValue? Before<TValue>(Expression<Func<T, TValue>> property) =>
        creating ? default : call.Db.Entry(entity).Property(property).OriginalValue;

    /// <summary>What a plain function gave for the row before; the default value for a new row.</summary>
    public TValue? BeforeOf<TValue>(Func<T, TValue> read) =>
        creating ? default : read((T)call.Db.Entry(entity).OriginalValues.ToObject());

    /// <summary>Whether a row that exists would get another value.</summary>
    public bool Changes<TValue>(Expression<Func<T, TValue>> property) =>
        !creating && !EqualityComparer<TValue>.Default.Equals(
            call.Db.Entry(entity).Property(property).OriginalValue, call.Db.Entry(entity).Property(property).CurrentValue);
}

/// <summary>One deletion under way.</summary>
internal sealed record Removal<T>(ApiCall Call, T Entity)
    where T : class
{
    public AppDb Db => Call.Db;
}
