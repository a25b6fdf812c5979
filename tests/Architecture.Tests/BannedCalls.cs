using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace ContainerGroups.Architecture.Tests;

/// <summary>Finds calls that the code base does without, each with what to use instead.</summary>
internal static class BannedCalls
{
    private const string Clock = "the injected TimeProvider";
    private const string Await = "await";

    public static readonly IReadOnlyDictionary<string, string> Instead = new Dictionary<string, string>
    {
        ["System.DateTime.get_Now"] = Clock,
        ["System.DateTime.get_UtcNow"] = Clock,
        ["System.DateTime.get_Today"] = Clock,
        ["System.DateTimeOffset.get_Now"] = Clock,
        ["System.DateTimeOffset.get_UtcNow"] = Clock,
        ["System.Threading.Thread.Sleep"] = Await,
        ["System.Threading.Tasks.Task.Wait"] = Await,
        ["System.Threading.Tasks.Task.WaitAll"] = Await,
        ["System.Threading.Tasks.Task.WaitAny"] = Await,
        ["System.Threading.Tasks.Task`1.get_Result"] = Await,
    };

    /// <summary>Who may make such a call after all, and why.</summary>
    private static readonly Dictionary<string, string> Exceptions = new()
    {
        ["ContainerGroups.Host.Storage.DataDirectory calls System.Threading.Thread.Sleep"] =
            "takes a lock while the process starts, when there is no work that it could hold up",
    };

    /// <summary>The banned calls in an assembly, as sentences that name caller and remedy.</summary>
    public static IReadOnlyList<string> In(string assemblyPath)
    {
        using var file = new PEReader(File.OpenRead(assemblyPath));
        var metadata = file.GetMetadataReader();
        return [.. from handle in metadata.MethodDefinitions
            let method = metadata.GetMethodDefinition(handle)
            where method.RelativeVirtualAddress != 0
            from token in Instructions.TokensIn(file.GetMethodBody(method.RelativeVirtualAddress).GetILContent())
            let called = NameOf(metadata, token)
            where called is not null && Instead.ContainsKey(called)
            let call = $"{OwnerOf(metadata, method)} calls {called}"
            where !Exceptions.ContainsKey(call)
            select $"{call}: use {Instead[called]}"];
    }

    private static string? NameOf(MetadataReader metadata, EntityHandle token)
    {
        if (token.Kind == HandleKind.MethodSpecification)
        {
            token = metadata.GetMethodSpecification((MethodSpecificationHandle)token).Method;
        }

        if (token.Kind != HandleKind.MemberReference)
        {
            return null;
        }

        var member = metadata.GetMemberReference((MemberReferenceHandle)token);
        return TypeOf(metadata, member.Parent) is { } type
            ? $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}.{metadata.GetString(member.Name)}"
            : null;
    }

    private static TypeReference? TypeOf(MetadataReader metadata, EntityHandle handle)
    {
        if (handle.Kind == HandleKind.TypeSpecification)
        {
            var signature = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)handle).Signature);
            if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
            {
                return null;
            }

            signature.ReadByte();
            handle = signature.ReadTypeHandle();
        }

        return handle.Kind == HandleKind.TypeReference ? metadata.GetTypeReference((TypeReferenceHandle)handle) : null;
    }

    private static string OwnerOf(MetadataReader metadata, MethodDefinition method)
    {
        var type = metadata.GetTypeDefinition(method.GetDeclaringType());
        var name = metadata.GetString(type.Name);
        while (!type.GetDeclaringType().IsNil)
        {
            type = metadata.GetTypeDefinition(type.GetDeclaringType());
            name = metadata.GetString(type.Name);
        }

        return $"{metadata.GetString(type.Namespace)}.{name}";
    }
}
