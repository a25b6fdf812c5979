using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace ContainerGroups.Abstractions.Tests;

/// <summary>Renders what an assembly shows to its users as text, one member a line, in an order that does not depend on the source.</summary>
internal static class PublicApiPrinter
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Print(IEnumerable<Type> types)
    {
        var text = new StringBuilder();
        foreach (var type in types.OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Head(type)).Append('\n');
            foreach (var member in Members(type))
            {
                text.Append("    ").Append(member).Append('\n');
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    public static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;

    public static bool IsInitOnly(PropertyInfo property) =>
        property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;

    private static string Head(Type type)
    {
        var kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            _ => (type.IsSealed ? "sealed " : type.IsAbstract ? "abstract " : "") + (IsRecord(type) ? "record" : "class"),
        };
        var inherited = type.IsEnum ? [] : type.GetInterfaces().Where(i => !i.IsGenericType || i.GetGenericTypeDefinition() != typeof(IEquatable<>));
        if (type.BaseType is { } @base && @base != typeof(object) && @base != typeof(Enum))
        {
            inherited = inherited.Except(@base.GetInterfaces()).Prepend(@base);
        }

        var names = string.Join(", ", inherited.Select(Name));
        return $"{kind} {type.FullName}{(names.Length > 0 ? $" : {names}" : "")}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return type.GetFields(Declared).Where(field => field.IsLiteral).OrderBy(Number).Select(field => $"{Number(field)} = {field.Name}");
        }

        return type.GetConstructors(Declared).Where(IsWritten).Select(constructor => $"new({Parameters(constructor)})")
            .Concat(type.GetFields(Declared).Select(Field))
            .Concat(type.GetProperties(Declared).Where(property => IsWritten(property.GetMethod!)).Select(Property))
            .Concat(type.GetEvents(Declared).Select(@event => $"event {Name(@event.EventHandlerType!)} {@event.Name}"))
            .Concat(type.GetMethods(Declared).Where(method => !method.IsSpecialName && IsWritten(method)).Select(Method))
            .Order(StringComparer.Ordinal);
    }

    private static long Number(FieldInfo field) => Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture);

    // The members that the compiler adds to every record say nothing about the contract; property accessors carry the mark as well.
    private static bool IsWritten(MethodBase method) =>
        method.IsSpecialName || !method.IsDefined(typeof(CompilerGeneratedAttribute));

    private static string Field(FieldInfo field) => field.IsLiteral
        ? $"const {Name(field.FieldType)} {field.Name} = {Value(field.GetRawConstantValue())}"
        : $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{Typed(new NullabilityInfoContext().Create(field))} {field.Name}";

    private static string Property(PropertyInfo property)
    {
        var set = property.SetMethod is not { IsPublic: true } ? "" : IsInitOnly(property) ? " init;" : " set;";
        return (property.GetMethod!.IsStatic ? "static " : "")
            + (property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "")
            + $"{Typed(new NullabilityInfoContext().Create(property))} {property.Name} {{ get;{set} }}";
    }

    private static string Method(MethodInfo method) =>
        (method.IsStatic ? "static " : !method.IsAbstract && method.DeclaringType!.IsInterface ? "default " : "")
        + $"{Typed(new NullabilityInfoContext().Create(method.ReturnParameter))} {method.Name}({Parameters(method)})";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        (parameter.IsOut ? "out " : "") + $"{Typed(new NullabilityInfoContext().Create(parameter))} {parameter.Name}"
        + (parameter.HasDefaultValue ? $" = {Default(parameter)}" : "")));

    private static string Default(ParameterInfo parameter) =>
        parameter.DefaultValue is null && parameter.ParameterType.IsValueType ? "default" : Value(parameter.DefaultValue);

    private static string Typed(NullabilityInfo info)
    {
        var type = info.Type.IsByRef ? info.Type.GetElementType()! : info.Type;
        var mark = !type.IsValueType && info.ReadState == NullabilityState.Nullable ? "?" : "";
        if (info.ElementType is { } element)
        {
            return $"{Typed(element)}[]{mark}";
        }

        return Nullable.GetUnderlyingType(type) is { } value
            ? $"{Name(value)}?"
            : type.IsGenericType
                ? $"{Name(type).Split('<')[0]}<{string.Join(", ", info.GenericTypeArguments.Select(Typed))}>{mark}"
                : Name(type) + mark;
    }

    private static string Name(Type type) => type switch
    {
        _ when type == typeof(void) => "void",
        _ when type == typeof(string) => "string",
        _ when type == typeof(object) => "object",
        _ when type == typeof(bool) => "bool",
        _ when type == typeof(int) => "int",
        _ when type == typeof(long) => "long",
        _ when type == typeof(byte) => "byte",
        { IsGenericType: true } => $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>",
        _ => type.Name,
    };

    private static string Value(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text.Replace("\n", "\\n", StringComparison.Ordinal)}\"",
        bool truth => truth ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
