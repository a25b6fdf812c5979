using System.Text.Json;
using System.Text.Json.Serialization;
using ContainerGroups.Abstractions;

namespace ContainerGroups.Host.Jobs;

/// <summary>The small JSON values kept in a job's row.</summary>
[JsonSerializable(typeof(EnvironmentHandle))]
[JsonSerializable(typeof(Dictionary<long, long>))]
[JsonSerializable(typeof(List<string>))]
internal sealed partial class JobJson : JsonSerializerContext
{
    public static EnvironmentHandle? Handle(string? json) =>
        json is null ? null : JsonSerializer.Deserialize(json, Default.EnvironmentHandle);

    public static List<string> Texts(string json) => JsonSerializer.Deserialize(json, Default.ListString) ?? [];

    public static string Texts(IEnumerable<string> texts) => JsonSerializer.Serialize([.. texts], Default.ListString);
}
