using System.Linq.Expressions;
using ContainerGroups.Host.Rest.Fields;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Rest;

/// <summary>Tells which unique fields another row has already, in AWX's words; clients look for "already exists".</summary>
internal sealed class UniqueCheck<T>(Resource<T> resource)
    where T : class
{
    public async Task CheckAsync(Write<T> write, CancellationToken cancellationToken)
    {
        foreach (var field in resource.Fields.Where(field => field.Unique))
        {
            if (!write.Errors.Has(field.Name) && write.Body.Has(field.Name) && await ExistsAsync(write, [field], cancellationToken))
            {
                write.Errors.Add(field.Name, Message([field]));
            }
        }

        foreach (var fields in Together())
        {
            if (!fields.Any(field => write.Errors.Has(field.Name)) && fields.Any(field => write.Creating || write.Body.Has(field.Name))
                && await ExistsAsync(write, fields, cancellationToken))
            {
                write.Errors.Add(FieldErrors.WholeObject, Message(fields));
            }
        }
    }

    /// <summary>The answer when the database found the duplicate.</summary>
    public ApiException Duplicate()
    {
        var field = resource.Fields.FirstOrDefault(field => field.Unique);
        return field is not null
            ? ApiException.Invalid(field.Name, Message([field]))
            : ApiException.Invalid(FieldErrors.WholeObject, Message(Together().FirstOrDefault() ?? []));
    }

    private IEnumerable<IReadOnlyList<Field<T>>> Together() => resource.Rules.UniqueTogether
        .Select(names => (IReadOnlyList<Field<T>>)[.. names.Select(name => resource.Fields.Single(field => field.Name == name))]);

    private string Message(IReadOnlyList<Field<T>> fields)
    {
        var labels = fields.Select(field => field.Label).ToList();
        var list = labels.Count < 2 ? string.Concat(labels) : string.Join(", ", labels[..^1]) + " and " + labels[^1];
        return $"{resource.Title} with this {list} already exists.";
    }

    private static Task<bool> ExistsAsync(Write<T> write, IReadOnlyList<Field<T>> fields, CancellationToken cancellationToken)
    {
        var row = Expression.Parameter(typeof(T), "row");
        var id = write.Creating ? 0 : Resource<T>.KeyLambda.Compile()(write.Entity);
        Expression condition = Expression.NotEqual(Predicates.Apply(Resource<T>.KeyLambda, row), Predicates.Parameter(id, typeof(long)));
        foreach (var field in fields)
        {
            var column = Predicates.Apply(field.Column!, row);
            var value = Expression.Lambda<Func<T, object?>>(Expression.Convert(field.Column!.Body, typeof(object)), field.Column.Parameters)
                .Compile()(write.Entity);
            if (value is null)
            {
                // To a database no missing value is like another.
                return Task.FromResult(false);
            }

            condition = Expression.AndAlso(condition, Expression.Equal(column, Predicates.Parameter(value, column.Type)));
        }

        return write.Db.Set<T>().AnyAsync(Expression.Lambda<Func<T, bool>>(condition, row), cancellationToken);
    }
}
