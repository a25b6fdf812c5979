using Microsoft.OData.Edm;
using Microsoft.OData.Edm.Csdl;
using Microsoft.OData.Edm.Vocabularies;

namespace ContainerGroups.Host.OData.Model;

/// <summary>The entity sets as a schema: what <c>$metadata</c> says, and what query options are read against.</summary>
internal static class EdmSchema
{
    public const string Namespace = "ContainerGroups";

    private const string Container = "Service";

    public static IEdmModel Build(IReadOnlyList<EntityModel> sets)
    {
        var schema = new EdmModel();
        var container = new EdmEntityContainer(Namespace, Container);
        var types = new Dictionary<EntityModel, EdmEntityType>();
        foreach (var set in sets)
        {
            types.Add(set, AddType(schema, set));
        }

        schema.AddElement(container);
        var entitySets = sets.ToDictionary(set => set, set => container.AddEntitySet(set.SetName, types[set]));
        foreach (var set in sets)
        {
            foreach (var navigation in set.Navigations)
            {
                var edm = types[set].AddUnidirectionalNavigation(Describe(set, navigation, types));
                entitySets[set].AddNavigationTarget(edm, entitySets[navigation.Target]);
            }

            Annotate(schema, entitySets[set], "Org.OData.Core.V1.Description", new EdmStringConstant(set.Description));
        }

        SchemaCapabilities.Add(schema, container, entitySets.Values);
        schema.SetEdmReferences([Reference("Core", "Core"), Reference("Capabilities", "Capabilities"), Reference("Validation", "Validation")]);
        return schema;
    }

    public static void Annotate(EdmModel schema, IEdmVocabularyAnnotatable target, string term, IEdmExpression value)
    {
        var found = schema.FindTerm(term) ?? throw new InvalidOperationException($"The term {term} is unknown.");
        var annotation = new EdmVocabularyAnnotation(target, found, value);
        annotation.SetSerializationLocation(schema, EdmVocabularyAnnotationSerializationLocation.Inline);
        schema.SetVocabularyAnnotation(annotation);
    }

    private static EdmReference Reference(string vocabulary, string alias)
    {
        var reference = new EdmReference(new Uri($"https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.{vocabulary}.V1.xml"));
        reference.AddInclude(new EdmInclude(alias, $"Org.OData.{vocabulary}.V1"));
        return reference;
    }

    private static EdmEntityType AddType(EdmModel schema, EntityModel set)
    {
        var type = new EdmEntityType(Namespace, set.TypeName);
        foreach (var property in set.Properties)
        {
            var edm = type.AddStructuralProperty(property.Name, TypeOf(property));
            if (property.Name == EntityModel.KeyName)
            {
                type.AddKeys(edm);
            }

            Annotate(schema, edm, property);
        }

        schema.AddElement(type);
        return type;
    }

    private static IEdmPrimitiveTypeReference TypeOf(EntityProperty property) => property.Kind == EdmPrimitiveTypeKind.DateTimeOffset
        ? EdmCoreModel.Instance.GetTemporal(property.Kind, 7, property.Nullable)
        : EdmCoreModel.Instance.GetPrimitive(property.Kind, property.Nullable);

    private static void Annotate(EdmModel schema, EdmStructuralProperty edm, EntityProperty property)
    {
        if (property.Description.Length > 0)
        {
            Annotate(schema, edm, "Org.OData.Core.V1.Description", new EdmStringConstant(property.Description));
        }

        if (property.AllowedValues.Count > 0)
        {
            var values = property.AllowedValues.Select(value => new EdmRecordExpression(new EdmPropertyConstructor("Value", new EdmStringConstant(value))));
            Annotate(schema, edm, "Org.OData.Validation.V1.AllowedValues", new EdmCollectionExpression(values));
        }
    }

    private static EdmNavigationPropertyInfo Describe(EntityModel set, EntityNavigation navigation, Dictionary<EntityModel, EdmEntityType> types)
    {
        var info = new EdmNavigationPropertyInfo
        {
            Name = navigation.Name,
            Target = types[navigation.Target],
            TargetMultiplicity = navigation switch
            {
                { IsCollection: true } => EdmMultiplicity.Many,
                { IsRequired: true } => EdmMultiplicity.One,
                _ => EdmMultiplicity.ZeroOrOne,
            },
        };
        if (navigation.ForeignKey is { } foreignKey)
        {
            info.DependentProperties = [(IEdmStructuralProperty)types[set].FindProperty(foreignKey)];
            info.PrincipalProperties = [(IEdmStructuralProperty)types[navigation.Target].FindProperty(EntityModel.KeyName)];
        }

        return info;
    }
}
