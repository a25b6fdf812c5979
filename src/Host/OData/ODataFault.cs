namespace ContainerGroups.Host.OData;

/// <summary>Ends a request with an OData error. Thrown anywhere below the endpoint, written by it.</summary>
internal sealed class ODataFault(int status, string code, string message, string? target = null, Exception? inner = null)
    : Exception(message, inner)
{
    public int Status => status;

    public string Code => code;

    /// <summary>The query option or header that is at fault; null where it is none.</summary>
    public string? Target => target;

    public static ODataFault BadRequest(string message, string? target = null) => new(StatusCodes.Status400BadRequest, "BadRequest", message, target);

    public static ODataFault NotFound(string message) => new(StatusCodes.Status404NotFound, "NotFound", message);

    /// <summary>Right by the protocol, but not something that this service, or its database, can do.</summary>
    public static ODataFault NotImplemented(string option, string what, Exception? inner = null) =>
        new(StatusCodes.Status501NotImplemented, "NotImplemented", $"{option}: {what}", option, inner);

    public static ODataFault OverLimit(string setting, object limit, string what, string? target = null) =>
        new(StatusCodes.Status400BadRequest, "LimitExceeded", $"{what} The limit is {limit} (OData:{setting}).", target);
}
