using System.Linq.Expressions;
using System.Reflection;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host.Rest;

internal sealed partial class ResourceBuilder<T>
{
    /// <summary>The fields that every object begins with: id, type, url, related, summary_fields, created, modified.</summary>
    public ResourceBuilder<T> Common() => Id().TypeField().Url().RelatedField().SummaryFields().Moments();

    public ResourceBuilder<T> Id()
    {
        var key = Resource<T>.KeyLambda;
        var read = key.Compile();
        return Add(new Field<T>
        {
            Name = "id",
            Kind = FieldKind.Integer,
            Label = "ID",
            ReadOnly = true,
            Column = key,
            Value = (row, _) => read(row),
            HelpText = $"Database ID for this {_verboseName}.",
        });
    }

    public ResourceBuilder<T> TypeField() => Add(new Field<T>
    {
        Name = "type",
        Kind = FieldKind.Choice,
        ReadOnly = true,
        Value = (_, _) => typeName,
        Choices = [(typeName, TypeLabels.Of(typeName, _verboseName))],
        HelpText = $"Data type for this {_verboseName}.",
    });

    /// <summary>The type of objects that are of several, by the column that tells them apart: <c>type=a,b</c> asks for some.</summary>
    public ResourceBuilder<T> TypeField(Expression<Func<T, string>> column, params (string Value, string Label)[] types)
    {
        var read = column.Compile();
        return Add(new Field<T>
        {
            Name = "type",
            Kind = FieldKind.Choice,
            ReadOnly = true,
            Column = column,
            Value = (row, _) => read(row),
            Choices = types,
            HelpText = $"Data type for this {_verboseName}.",
        });
    }

    public ResourceBuilder<T> Url() => Add(new Field<T>
    {
        Name = "url",
        Kind = FieldKind.String,
        ReadOnly = true,
        Value = (row, page) => UrlOf(row, page),
        HelpText = $"URL for this {_verboseName}.",
    });

    public ResourceBuilder<T> RelatedField() => Add(new Field<T>
    {
        Name = "related",
        Kind = FieldKind.Object,
        ReadOnly = true,
        Value = (row, page) => new JsonPart(writer => WriteRelated(writer, row, page)),
        HelpText = "Data structure with URLs of related resources.",
    });

    public ResourceBuilder<T> SummaryFields() => Add(new Field<T>
    {
        Name = "summary_fields",
        Kind = FieldKind.Object,
        ReadOnly = true,
        Value = (row, page) => new JsonPart(writer => WriteSummaries(writer, row, page)),
        HelpText = "Data structure with name/description for related resources.",
    });

    /// <summary>created and modified.</summary>
    public ResourceBuilder<T> Moments() => ReadOnly("created").ReadOnly("modified");

    /// <summary>The users who made and changed the object: links and summaries, no fields of their own in AWX.</summary>
    public ResourceBuilder<T> Authors()
    {
        AddHidden("created_by", "CreatedById", typeof(User));
        return AddHidden("modified_by", "ModifiedById", typeof(User));
    }

    /// <summary>A column under its own name, of the kind that its type implies, with the default that a fresh entity has.</summary>
    public ResourceBuilder<T> Field<TValue>(Expression<Func<T, TValue>> column, Action<Field<T>>? rules = null)
    {
        var property = PropertyOf(column);
        return Add(Column(SnakeCase.From(property.Name), column, property), rules);
    }

    /// <summary>A column under another name.</summary>
    public ResourceBuilder<T> Field<TValue>(string name, Expression<Func<T, TValue>> column, Action<Field<T>>? rules = null) =>
        Add(Column(name, column, PropertyOf(column)), rules);

    /// <summary>A column that clients can't set.</summary>
    public ResourceBuilder<T> ReadOnly<TValue>(Expression<Func<T, TValue>> column, Action<Field<T>>? rules = null) => Field(column, field =>
    {
        field.ReadOnly = true;
        rules?.Invoke(field);
    });

    /// <summary>A column that holds JSON.</summary>
    public ResourceBuilder<T> Json(Expression<Func<T, string>> column, FieldKind kind = FieldKind.Json, Action<Field<T>>? rules = null)
    {
        var read = column.Compile();
        return Field(column, field =>
        {
            field.Kind = kind;
            field.Value = (row, _) => new RawJson(read(row));
            rules?.Invoke(field);
        });
    }

    /// <summary>A foreign key. <c>OrganizationId</c> becomes the field <c>organization</c>.</summary>
    public ResourceBuilder<T> Reference<TTarget>(
        Expression<Func<T, long?>> column, Action<Field<T>>? rules = null, params string[] summaryKeys)
        where TTarget : class
    {
        var property = PropertyOf(column);
        var name = SnakeCase.From(property.Name)[..^"_id".Length];
        return Add(Column(name, column, property), field =>
        {
            field.Kind = FieldKind.Id;
            field.Reference = new ForeignKey(typeof(TTarget), summaryKeys.Length == 0 ? null : summaryKeys);
            field.AllowNull = property.PropertyType == typeof(long?);
            field.Required = !field.AllowNull;
            field.Default = null;
            rules?.Invoke(field);
        });
    }

    /// <summary>A value that is no column and needs nothing but the row.</summary>
    public ResourceBuilder<T> Computed(string name, FieldKind kind, Func<T, object?> value, Action<Field<T>>? rules = null) => Add(
        new Field<T> { Name = name, Kind = kind, ReadOnly = true, Value = (row, _) => value(row) }, rules);

    /// <summary>A value that needs what a loader fetched for the whole page.</summary>
    public ResourceBuilder<T> Computed<TData>(
        string name, FieldKind kind, Loader<T> loader, Func<T, TData, object?> value, Action<Field<T>>? rules = null) => Add(
        new Field<T> { Name = name, Kind = kind, ReadOnly = true, Loader = loader, Value = (row, page) => value(row, page.Data<TData>(loader)) },
        rules);

    /// <summary>A value that clients give and that is stored in another form, or not under this name.</summary>
    public ResourceBuilder<T> Input(
        string name, FieldKind kind, Action<T, object?> assign, Func<T, object?> shown, Action<Field<T>>? rules = null) => Add(
        new Field<T> { Name = name, Kind = kind, Assign = assign, Value = (row, _) => shown(row) }, rules);

    /// <summary>A part of <c>summary_fields</c> that is no foreign key. Null leaves it out.</summary>
    public ResourceBuilder<T> SummaryPart(string name, Func<T, RowPage, object?> value)
    {
        _summaries.Add(new Field<T> { Name = name, Kind = FieldKind.Object, Value = value });
        return this;
    }

    /// <summary>A part of <c>summary_fields</c> that needs what a loader fetched. Null leaves it out.</summary>
    public ResourceBuilder<T> SummaryPart<TData>(string name, Loader<T> loader, Func<T, TData, object?> value)
    {
        _summaries.Add(new Field<T>
        {
            Name = name,
            Kind = FieldKind.Object,
            Loader = loader,
            Value = (row, page) => value(row, page.Data<TData>(loader)),
        });
        return this;
    }

    private ResourceBuilder<T> ReadOnly(string name)
    {
        var property = typeof(T).GetProperty(SnakeCase.ToLabel(name))!;
        var row = Expression.Parameter(typeof(T), "row");
        return ReadOnly(Expression.Lambda<Func<T, DateTime>>(Expression.Property(row, property), row));
    }

    private ResourceBuilder<T> AddHidden(string name, string propertyName, Type target)
    {
        var property = typeof(T).GetProperty(propertyName)!;
        var row = Expression.Parameter(typeof(T), "row");
        var column = Expression.Lambda<Func<T, long?>>(Expression.Property(row, property), row);
        return Add(Column(name, column, property), field =>
        {
            field.Kind = FieldKind.Id;
            field.ReadOnly = true;
            field.Hidden = true;
            field.Reference = new ForeignKey(target);
        });
    }

    private ResourceBuilder<T> Add(Field<T> field, Action<Field<T>>? rules = null)
    {
        field.Label = field.Label.Length == 0 ? SnakeCase.ToLabel(field.Name) : field.Label;
        rules?.Invoke(field);
        _fields.Add(field);
        return this;
    }

    private Field<T> Column<TValue>(string name, Expression<Func<T, TValue>> column, PropertyInfo property)
    {
        var read = column.Compile();
        return new Field<T>
        {
            Name = name,
            Kind = KindOf(property.PropertyType),
            Column = property.PropertyType == typeof(TValue) ? column : Expression.Lambda(Expression.Property(column.Parameters[0], property), column.Parameters),
            Value = (row, _) => read(row),
            Assign = property.CanWrite ? Assignment(property) : null,
            AllowNull = Nullable.GetUnderlyingType(property.PropertyType) is not null,
            Default = _fresh is null ? null : property.GetValue(_fresh),
            Min = property.PropertyType == typeof(int) ? int.MinValue : null,
            Max = property.PropertyType == typeof(int) ? int.MaxValue : null,
        };
    }

    /// <summary>Stores a parsed value, whose type is wider than the property's; its range was checked.</summary>
    private static Action<T, object?> Assignment(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return (row, value) => property.SetValue(
            row, value is null || value.GetType() == type ? value : Convert.ChangeType(value, type, System.Globalization.CultureInfo.InvariantCulture));
    }

    private static FieldKind KindOf(Type type) => Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) switch
    {
        TypeCode.String => FieldKind.String,
        TypeCode.Int32 or TypeCode.Int64 => FieldKind.Integer,
        TypeCode.Boolean => FieldKind.Boolean,
        TypeCode.Double => FieldKind.Float,
        TypeCode.Decimal => FieldKind.Decimal,
        TypeCode.DateTime => FieldKind.DateTime,
        _ when type == typeof(Guid) => FieldKind.String,
        _ => throw new ArgumentException($"No kind of field holds a {type.Name}.", nameof(type)),
    };

    private static PropertyInfo PropertyOf(LambdaExpression column)
    {
        var body = column.Body is UnaryExpression { NodeType: ExpressionType.Convert } convert ? convert.Operand : column.Body;
        return body is MemberExpression { Member: PropertyInfo property }
            ? property
            : throw new ArgumentException($"{column} is no column.", nameof(column));
    }
}
