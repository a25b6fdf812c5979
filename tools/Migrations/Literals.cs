using System.Globalization;

namespace ContainerGroups.Migrations;

/// <summary>Values and types as C# source.</summary>
internal static class Literals
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool",
        [typeof(byte[])] = "byte[]",
        [typeof(double)] = "double",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(short)] = "short",
        [typeof(string)] = "string",
    };

    public static string Of(object? value) => value switch
    {
        null => "null",
        string s => $"\"{s.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
        bool b => b ? "true" : "false",
        int n => n.ToString(CultureInfo.InvariantCulture),
        long n => n.ToString(CultureInfo.InvariantCulture) + "L",
        short n => "(short)" + n.ToString(CultureInfo.InvariantCulture),
        double n => n.ToString("R", CultureInfo.InvariantCulture) + "d",
        DateTime d => $"new DateTime({d.Ticks}L, DateTimeKind.Utc)",
        Guid g => $"new Guid(\"{g}\")",
        byte[] { Length: 0 } => "Array.Empty<byte>()",
        Enum e => $"{e.GetType().Name}.{e}",
        _ => throw new NotSupportedException($"A value of type {value.GetType()} is not known to this tool; write this migration by hand."),
    };

    public static string TypeName(Type type) => Nullable.GetUnderlyingType(type) is { } inner
        ? TypeName(inner) + "?"
        : Keywords.GetValueOrDefault(type, type.Name);
}
