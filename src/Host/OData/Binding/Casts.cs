using System.Linq.Expressions;
using ContainerGroups.Host.Storage;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace ContainerGroups.Host.OData.Binding;

/// <summary><c>cast(X, Edm.Type)</c> between numbers, and of whole numbers to texts.</summary>
internal static class Casts
{
    private static readonly Dictionary<string, Type> Numbers = new()
    {
        ["Edm.Int32"] = typeof(int),
        ["Edm.Int64"] = typeof(long),
        ["Edm.Double"] = typeof(double),
        ["Edm.Decimal"] = typeof(double),
    };

    public static Expression Bind(SingleValueFunctionCallNode node, ExpressionBinder binder)
    {
        var parameters = node.Parameters.ToArray();
        var type = parameters is [_, ConstantNode { Value: string name }] ? name : null;
        if (type is null)
        {
            throw binder.Context.NotImplemented("cast takes a value and the name of a primitive type.");
        }

        var value = binder.Bind(parameters[0]);
        if (Literal.IsNull(value))
        {
            return value;
        }

        var from = Types.Bare(value.Type);
        if (Numbers.TryGetValue(type, out var to) && Types.IsNumber(from) && (to == typeof(double) || from != typeof(double)))
        {
            return Types.To(value, Types.IsNullable(value) ? Types.Lifted(to) : to);
        }

        if (Literal.TryRead<string>(value, out var text) && type != "Edm.String")
        {
            return Read(text, type, binder.Context);
        }

        return (type, from) switch
        {
            ("Edm.Date", _) when from == typeof(DateTime) => Types.Apply(value, x => Expression.Call(typeof(SqlMoments), nameof(SqlMoments.Day), null, x)),
            ("Edm.TimeOfDay", _) when from == typeof(DateTime) => Types.Apply(value, Times.Of),
            ("Edm.String", _) when from == typeof(string) => value,
            ("Edm.String", _) when from == typeof(int) || from == typeof(long) => Types.Apply(value, Text),
            _ => throw binder.Context.NotImplemented($"a cast from {from.Name} to {type} can't be left to the database."),
        };
    }

    /// <summary>What a literal says as a value of another type; null where it says nothing of that type.</summary>
    private static Expression Read(string text, string type, ReadContext context)
    {
        var primitive = EdmCoreModel.Instance.FindDeclaredType(type) as IEdmPrimitiveType ?? throw context.NotImplemented($"{type} is no primitive type.");
        try
        {
            var written = primitive.PrimitiveKind switch
            {
                EdmPrimitiveTypeKind.Duration => $"duration'{text}'",
                _ => text,
            };
            var value = ODataUriUtils.ConvertFromUriLiteral(written, ODataVersion.V4, EdmCoreModel.Instance, new EdmPrimitiveTypeReference(primitive, false));
            return Literal.Of(new ConstantNode(value, written, new EdmPrimitiveTypeReference(primitive, false)));
        }
        catch (Exception e) when (e is ODataException or FormatException or OverflowException or ArgumentException)
        {
            return Literal.Null;
        }
    }

    private static MethodCallExpression Text(Expression number) => Expression.Call(number, number.Type.GetMethod(nameof(ToString), [])!);
}
