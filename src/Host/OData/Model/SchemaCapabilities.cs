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
        "time", "totaloffsetminutes", "totalseconds", "round", "floor", "ceiling", "cast", "matchespattern", "case",
    ];

    public static void Add(EdmModel schema, EdmEntityContainer container, IEnumerable<EdmEntitySet> sets)
    {
        Annotate(schema, container, "KeyAsSegmentSupported", new EdmBooleanConstant(true));
        Annotate(schema, container, "CrossJoinSupported", new EdmBooleanConstant(false));
        Annotate(schema, container, "BatchSupported", new EdmBooleanConstant(true));
        Annotate(schema, container, "BatchSupport", new EdmRecordExpression(
            new EdmPropertyConstructor("Supported", new EdmBooleanConstant(true)),
            new EdmPropertyConstructor("ContinueOnErrorSupported", new EdmBooleanConstant(true)),
            new EdmPropertyConstructor("SupportedFormats", Texts(["multipart/mixed", "application/json"]))));
        Annotate(schema, container, "QuerySegmentSupported", new EdmBooleanConstant(true));
        EdmSchema.Annotate(schema, container, "Org.OData.Core.V1.ODataVersions", new EdmStringConstant("4.0,4.01"));
        Annotate(schema, container, "ConformanceLevel", Level(schema, "Advanced"));
        Annotate(schema, container, "AsynchronousRequestsSupported", new EdmBooleanConstant(false));
        Annotate(schema, container, "FilterFunctions", Texts(Functions));
        foreach (var set in sets)
        {
            Annotate(schema, set, "InsertRestrictions", No("Insertable"));
            Annotate(schema, set, "UpdateRestrictions", No("Updatable"));
            Annotate(schema, set, "DeleteRestrictions", No("Deletable"));
        }
    }

    private static EdmEnumMemberExpression Level(EdmModel schema, string level) =>
        new(((IEdmEnumType)schema.FindTerm(Capabilities + "ConformanceLevel").Type.Definition).Members.Single(member => member.Name == level));

    private static EdmCollectionExpression Texts(IEnumerable<string> texts) => new(texts.Select(text => new EdmStringConstant(text)));

    private static EdmRecordExpression No(string property) => new(new EdmPropertyConstructor(property, new EdmBooleanConstant(false)));

    private static void Annotate(EdmModel schema, IEdmVocabularyAnnotatable target, string term, IEdmExpression value) =>
        EdmSchema.Annotate(schema, target, Capabilities + term, value);
}
