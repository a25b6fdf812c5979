using Microsoft.OData.Edm;
using Microsoft.OData.Edm.Vocabularies;

namespace ContainerGroups.Host.OData.Model;

/// <summary>What the service can do, in the words of the Capabilities vocabulary.</summary>
internal static class SchemaCapabilities
{
    private const string Capabilities = "Org.OData.Capabilities.V1.";

    public static readonly IReadOnlyList<string> Functions =
    [
        "concat", "contains", "endswith", "indexof", "length", "startswith", "substring", "tolower", "toupper", "trim",
        "year", "month", "day", "hour", "minute", "second", "fractionalseconds", "date", "now", "maxdatetime", "mindatetime",
        "totaloffsetminutes", "totalseconds", "round", "floor", "ceiling", "cast",
    ];

    public static void Add(EdmModel schema, EdmEntityContainer container, IEnumerable<EdmEntitySet> sets)
    {
        Annotate(schema, container, "KeyAsSegmentSupported", new EdmBooleanConstant(true));
        Annotate(schema, container, "CrossJoinSupported", new EdmBooleanConstant(false));
        Annotate(schema, container, "BatchSupported", new EdmBooleanConstant(true));
        Annotate(schema, container, "AsynchronousRequestsSupported", new EdmBooleanConstant(false));
        Annotate(schema, container, "FilterFunctions", new EdmCollectionExpression(Functions.Select(name => new EdmStringConstant(name))));
        foreach (var set in sets)
        {
            Annotate(schema, set, "InsertRestrictions", No("Insertable"));
            Annotate(schema, set, "UpdateRestrictions", No("Updatable"));
            Annotate(schema, set, "DeleteRestrictions", No("Deletable"));
        }
    }

    private static EdmRecordExpression No(string property) => new(new EdmPropertyConstructor(property, new EdmBooleanConstant(false)));

    private static void Annotate(EdmModel schema, IEdmVocabularyAnnotatable target, string term, IEdmExpression value) =>
        EdmSchema.Annotate(schema, target, Capabilities + term, value);
}
