using Microsoft.AspNetCore.Http.Features;

namespace ContainerGroups.Host.Rest;

/// <summary>The fields of a form, which is how clients log in. Short, and each of them once.</summary>
internal sealed class FormBody
{
    private const int MaxLength = 64 << 10;

    private const string Type = "application/x-www-form-urlencoded";

    private readonly IFormCollection _fields;

    private FormBody(IFormCollection fields) => _fields = fields;

    /// <summary>A field's value; empty when it isn't there.</summary>
    public string this[string name] => _fields[name].ToString();

    /// <exception cref="ApiException">It is no form, or one that nobody fills in.</exception>
    public static async Task<FormBody> ReadAsync(HttpContext http)
    {
        var request = http.Request;
        if (!request.HasFormContentType)
        {
            var type = (request.ContentType ?? "").Split(';')[0].Trim();
            throw ApiException.Detail(
                StatusCodes.Status415UnsupportedMediaType, $"Unsupported media type \"{type}\" in request. Send {Type}.");
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxLength;
        }

        try
        {
            return new FormBody(await request.ReadFormAsync(http.RequestAborted));
        }
        catch (InvalidDataException e)
        {
            throw ApiException.BadRequest($"The form can't be read: {e.Message}");
        }
    }
}
