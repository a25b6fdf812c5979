using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace ContainerGroups.Architecture.Tests;

/// <summary>A type that uses another; both by full name, nested and compiler-made types counted as the one that they are in.</summary>
internal sealed record TypeUse(string User, string UserNamespace, string Used, string UsedNamespace);

/// <summary>
/// Reads from an assembly which of its types use which others of its types: in base types, interfaces, fields, signatures, attributes,
/// generic arguments, local variables and in the code itself, lambdas and async state machines included. Constants
/// leave no trace in compiled code and are not seen.
/// </summary>
internal sealed class TypeUses
{
    private readonly MetadataReader _metadata;
    private readonly PEReader _file;
    private readonly MentionedTypes _mentioned;
    private readonly HashSet<TypeUse> _uses = [];

    private TypeUses(PEReader file)
    {
        _file = file;
        _metadata = file.GetMetadataReader();
        _mentioned = new MentionedTypes(_metadata);
    }

    public static IReadOnlySet<TypeUse> Of(string assemblyPath)
    {
        using var file = new PEReader(File.OpenRead(assemblyPath));
        var reader = new TypeUses(file);
        foreach (var type in reader._metadata.TypeDefinitions)
        {
            reader.ReadType(type);
        }

        return reader._uses;
    }

    private void ReadType(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        Add(handle, _mentioned.In(type.BaseType));
        Add(handle, type.GetInterfaceImplementations().SelectMany(i => _mentioned.In(_metadata.GetInterfaceImplementation(i).Interface)));
        AddConstraints(handle, type.GetGenericParameters());
        AddAttributes(handle, type.GetCustomAttributes());
        foreach (var field in type.GetFields().Select(_metadata.GetFieldDefinition))
        {
            Add(handle, field.DecodeSignature(_mentioned, null));
            AddAttributes(handle, field.GetCustomAttributes());
        }

        foreach (var property in type.GetProperties().Select(_metadata.GetPropertyDefinition))
        {
            AddAttributes(handle, property.GetCustomAttributes());
        }

        foreach (var method in type.GetMethods().Select(_metadata.GetMethodDefinition))
        {
            ReadMethod(handle, method);
        }
    }

    private void ReadMethod(TypeDefinitionHandle user, MethodDefinition method)
    {
        var signature = method.DecodeSignature(_mentioned, null);
        Add(user, signature.ParameterTypes.Append(signature.ReturnType).SelectMany(types => types));
        AddConstraints(user, method.GetGenericParameters());
        AddAttributes(user, method.GetCustomAttributes());
        foreach (var parameter in method.GetParameters().Select(_metadata.GetParameter))
        {
            AddAttributes(user, parameter.GetCustomAttributes());
        }

        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }

        var body = _file.GetMethodBody(method.RelativeVirtualAddress);
        Add(user, body.ExceptionRegions.Where(region => !region.CatchType.IsNil).SelectMany(region => _mentioned.In(region.CatchType)));
        if (!body.LocalSignature.IsNil)
        {
            var locals = _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_mentioned, null);
            Add(user, locals.SelectMany(types => types));
        }

        foreach (var token in Instructions.TokensIn(body.GetILContent()))
        {
            Add(user, _mentioned.In(token));
        }
    }

    private void AddConstraints(TypeDefinitionHandle user, IEnumerable<GenericParameterHandle> parameters) =>
        Add(user, parameters.SelectMany(parameter => _metadata.GetGenericParameter(parameter).GetConstraints())
            .SelectMany(constraint => _mentioned.In(_metadata.GetGenericParameterConstraint(constraint).Type)));

    private void AddAttributes(TypeDefinitionHandle user, IEnumerable<CustomAttributeHandle> attributes) =>
        Add(user, attributes.SelectMany(attribute => _mentioned.In(_metadata.GetCustomAttribute(attribute).Constructor)));

    private void Add(TypeDefinitionHandle user, IEnumerable<TypeDefinitionHandle> used)
    {
        var (userName, userNamespace) = OutermostOf(user);
        foreach (var type in used)
        {
            var (name, @namespace) = OutermostOf(type);
            if (name != userName || @namespace != userNamespace)
            {
                _uses.Add(new TypeUse(userName, userNamespace, name, @namespace));
            }
        }
    }

    private (string Name, string Namespace) OutermostOf(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil)
        {
            type = _metadata.GetTypeDefinition(type.GetDeclaringType());
        }

        return (_metadata.GetString(type.Name), _metadata.GetString(type.Namespace));
    }
}
