using System.Reflection;

namespace ContainerGroups.Abstractions.Tests;

/// <summary>The names under which the compiler's documentation file lists types and members.</summary>
internal static class DocumentationId
{
    public static string Of(MemberInfo member) => member switch
    {
        Type type => $"T:{type.FullName}",
        PropertyInfo => $"P:{member.DeclaringType!.FullName}.{member.Name}",
        FieldInfo => $"F:{member.DeclaringType!.FullName}.{member.Name}",
        EventInfo => $"E:{member.DeclaringType!.FullName}.{member.Name}",
        ConstructorInfo constructor => $"M:{member.DeclaringType!.FullName}.#ctor{Parameters(constructor)}",
        MethodInfo method => $"M:{member.DeclaringType!.FullName}.{member.Name}{Parameters(method)}",
        _ => throw new NotSupportedException(member.ToString()),
    };

    private static string Parameters(MethodBase method)
    {
        var parameters = method.GetParameters();
        return parameters.Length == 0 ? "" : $"({string.Join(",", parameters.Select(parameter => Name(parameter.ParameterType)))})";
    }

    private static string Name(Type type) => type switch
    {
        { IsByRef: true } => $"{Name(type.GetElementType()!)}@",
        { IsArray: true } => $"{Name(type.GetElementType()!)}[]",
        { IsGenericType: true } =>
            $"{type.GetGenericTypeDefinition().FullName!.Split('`')[0]}{{{string.Join(",", type.GetGenericArguments().Select(Name))}}}",
        _ => type.FullName!,
    };
}
