using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;

namespace ContainerGroups.Migrations;

/// <summary>
/// A model as C# calls of a <c>ModelBuilder</c> named <c>b</c>: what the comparison of models looks at and no more, so without
/// column types (each provider has its own) and without navigations (the database knows none).
/// </summary>
internal static class ModelText
{
    public static string Print(IModel model)
    {
        var text = new StringBuilder();
        foreach (var annotation in Annotations(model))
        {
            Line(text, $"b{annotation};");
        }

        var types = model.GetEntityTypes().Where(x => x.GetSqlQuery() is null).OrderBy(x => x.GetRootType() == x ? 0 : 1).ThenBy(x => x.Name, StringComparer.Ordinal).ToList();
        foreach (var type in types)
        {
            Entity(text, type);
        }

        foreach (var key in types.SelectMany(x => x.GetDeclaredForeignKeys()))
        {
            ForeignKey(text, key);
        }

        return text.ToString();
    }

    private static void Entity(StringBuilder text, IEntityType type)
    {
        Line(text, $"b.Entity({Literals.Of(type.Name)}, e =>");
        Line(text, "{");
        if (type.BaseType is { } parent)
        {
            Line(text, $"    e.HasBaseType({Literals.Of(parent.Name)});");
        }

        foreach (var property in type.GetDeclaredProperties())
        {
            Line(text, $"    {Property(property)};");
        }

        foreach (var key in type.GetDeclaredKeys())
        {
            Line(text, $"    e.{(key.IsPrimaryKey() ? "HasKey" : "HasAlternateKey")}({Names(key.Properties)});");
        }

        foreach (var index in type.GetDeclaredIndexes())
        {
            Line(text, $"    e.HasIndex({Names(index.Properties)}){(index.IsUnique ? ".IsUnique()" : "")}{Filter(index)};");
        }

        if (type.BaseType is null)
        {
            Line(text, $"    e.ToTable({Literals.Of(type.GetTableName())}, (string?)null);");
        }

        if (type.FindDiscriminatorProperty() is { } discriminator)
        {
            var value = type.GetDiscriminatorValue() is { } v && !type.IsAbstract() ? $".HasValue({Literals.Of(v)})" : "";
            Line(text, $"    e.HasDiscriminator<string>({Literals.Of(discriminator.Name)}){value};");
        }

        Line(text, "});");
    }

    private static string Property(IProperty property)
    {
        var type = property.GetTypeMapping().Converter?.ProviderClrType ?? property.ClrType;
        type = property.IsNullable && type.IsValueType && Nullable.GetUnderlyingType(type) is null ? typeof(Nullable<>).MakeGenericType(type) : type;
        var text = new StringBuilder($"e.Property<{Literals.TypeName(type)}>({Literals.Of(property.Name)})");
        Add(text, !property.IsNullable && !type.IsValueType, ".IsRequired()");
        Add(text, property.ValueGenerated == ValueGenerated.OnAdd, ".ValueGeneratedOnAdd()");
        Add(text, property.IsConcurrencyToken, ".IsConcurrencyToken()");
        Add(text, property.GetMaxLength() is not null, $".HasMaxLength({property.GetMaxLength()})");
        Add(text, property.GetColumnName() != property.Name, $".HasColumnName({Literals.Of(property.GetColumnName())})");
        if (property.TryGetDefaultValue(out var value))
        {
            text.Append($".HasDefaultValue({Literals.Of(value)})");
        }

        return text.AppendJoin("", Annotations(property)).ToString();
    }

    private static void ForeignKey(StringBuilder text, IForeignKey key)
    {
        var many = key.IsUnique ? $"WithOne().HasForeignKey({Literals.Of(key.DeclaringEntityType.Name)}, {Names(key.Properties)})" : $"WithMany().HasForeignKey({Names(key.Properties)})";
        Line(text, $"b.Entity({Literals.Of(key.DeclaringEntityType.Name)}).HasOne({Literals.Of(key.PrincipalEntityType.Name)}, null).{many}"
            + $".OnDelete(DeleteBehavior.{key.DeleteBehavior}){(key.IsRequired ? ".IsRequired()" : "")};");
    }

    private static string Filter(IIndex index) => index.GetFilter() is { } filter ? $".HasFilter({Literals.Of(filter)})" : "";

    private static IEnumerable<string> Annotations(IReadOnlyAnnotatable of) => of.GetAnnotations()
        .Where(a => a.Name.StartsWith("Npgsql:", StringComparison.Ordinal) || a.Name == "Relational:MaxIdentifierLength" || a.Name == "ProductVersion")
        .OrderBy(a => a.Name, StringComparer.Ordinal)
        .Select(a => $".HasAnnotation({Literals.Of(a.Name)}, {Literals.Of(a.Value)})");

    private static string Names(IEnumerable<IReadOnlyProperty> properties) => string.Join(", ", properties.Select(p => Literals.Of(p.Name)));

    private static void Add(StringBuilder text, bool when, string part) => text.Append(when ? part : "");

    private static void Line(StringBuilder text, string line) => text.Append("        ").AppendLine(line);
}
