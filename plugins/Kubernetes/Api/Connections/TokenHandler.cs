using System.Net;
using System.Net.Http.Headers;

namespace ContainerGroups.Kubernetes.Api.Connections;

/// <summary>Puts the token on each request. The connections below are others' too and outlive it.</summary>
internal sealed class TokenHandler(IAccessToken token, HttpMessageHandler connections) : DelegatingHandler(connections)
{
    private static readonly ProductInfoHeaderValue Product = new("ContainerGroups", typeof(TokenHandler).Assembly.GetName().Version?.ToString(2));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.UserAgent.Add(Product);
        var current = await token.GetAsync(cancellationToken);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", current);
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized || await token.RenewAsync(current, cancellationToken) is not { } renewed)
        {
            return response;
        }

        // Nothing was done for a caller who is not known: any request may be sent again.
        response.Dispose();
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", renewed);
        return await base.SendAsync(request, cancellationToken);
    }

    /// <summary>Ends nothing: see the class.</summary>
    protected override void Dispose(bool disposing)
    {
    }
}
