using System.Text.Json.Serialization;

namespace ContainerGroups.Kubernetes.Backend;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PodHandle))]
internal sealed partial class PodHandleJson : JsonSerializerContext;
