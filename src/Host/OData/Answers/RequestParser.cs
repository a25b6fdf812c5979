using ContainerGroups.Host.OData.Reading;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace ContainerGroups.Host.OData.Answers;

/// <summary>Reads what a request asks for, by the schema. Whatever is wrong with it is the client's to know.</summary>
internal sealed class RequestParser
{
    private readonly ServiceRequest _request;
    private readonly IReadOnlyDictionary<int, CountedStep> _counted = new Dictionary<int, CountedStep>();
    private readonly ODataUriParser _parser;

    public RequestParser(IEdmModel schema, ServiceRequest request)
    {
        var known = request with { Path = NewerSyntax.WithKeys(request.Path, request.Option), Query = NewerSyntax.Rewritten(request.Query) };
        if (known.Option("$apply") is { } apply && ApplySyntax.Rewritten(apply) is { Steps.Count: > 0 } rewritten)
        {
            known = known.With("$apply", rewritten.Text);
            _counted = rewritten.Steps;
        }

        _request = known;
        _parser = new ODataUriParser(schema, request.Root, known.Uri)
        {
            Resolver = new LenientResolver { EnableCaseInsensitive = true },
            // Comes after the resolver, into which it is written.
            EnableNoDollarQueryOptions = true,
        };
    }

    public IDictionary<string, SingleValueNode> Aliases => _parser.ParameterAliasNodes;

    public ODataPath Path() => Guarded(_parser.ParsePath);

    public ReadOptions Options()
    {
        try
        {
            return Guarded(() => ReadOptions.Of(_parser)) with { CountedSteps = _counted };
        }
        catch (ODataException e) when (UnknownToParser.Fault(_request, e) is { } fault)
        {
            throw fault;
        }
    }

    /// <summary>The library takes some texts that are wrong for right, and trips over them later.</summary>
    private T Guarded<T>(Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (Exception e) when (e is not ODataException and (ArgumentException or InvalidCastException or NullReferenceException
            or InvalidOperationException or NotSupportedException or IndexOutOfRangeException or KeyNotFoundException))
        {
            throw new ODataFault(
                StatusCodes.Status400BadRequest, "BadRequest", "The query options can't be understood.", string.Join(", ", _request.Options), e);
        }
    }
}
