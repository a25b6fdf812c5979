using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace ContainerGroups.Host.OData.Model;

/// <summary>
/// Tells the parser of functions that it does not know: <c>case</c>, written with commas, of up to so many conditions, each with a value of
/// one type; and <c>totalseconds</c> of a duration without its prefix.
/// </summary>
internal static class NewerFunctions
{
    public const string Case = "case";

    private const int MostConditions = 8;

    private static readonly EdmPrimitiveTypeKind[] Kinds =
    [
        EdmPrimitiveTypeKind.String, EdmPrimitiveTypeKind.Int32, EdmPrimitiveTypeKind.Int64, EdmPrimitiveTypeKind.Double, EdmPrimitiveTypeKind.Boolean,
        EdmPrimitiveTypeKind.DateTimeOffset, EdmPrimitiveTypeKind.Date, EdmPrimitiveTypeKind.TimeOfDay,
    ];

    // The parser knows functions by the process, not by the schema.
    private static readonly Lazy<bool> Registered = new(Register);

    public static void EnsureKnown() => _ = Registered.Value;

    private static bool Register()
    {
        foreach (var kind in Kinds)
        {
            IEdmTypeReference type = EdmCoreModel.Instance.GetPrimitive(kind, true);
            IEdmTypeReference condition = EdmCoreModel.Instance.GetBoolean(true);
            for (var conditions = 1; conditions <= MostConditions; conditions++)
            {
                var arguments = Enumerable.Range(0, conditions * 2).Select(i => i % 2 == 0 ? condition : type).ToArray();
                CustomUriFunctions.AddCustomUriFunction(Case, new FunctionSignatureWithReturnType(type, arguments));
            }
        }

        CustomUriFunctions.AddCustomUriFunction(
            "totalseconds", new FunctionSignatureWithReturnType(EdmCoreModel.Instance.GetDecimal(true), EdmCoreModel.Instance.GetString(true)));
        return true;
    }
}
