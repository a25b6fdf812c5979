using System.Text.Json;

namespace ContainerGroups.Host.OData.Answers;

/// <summary>OData's form of an error.</summary>
internal static class ErrorAnswer
{
    public static async Task WriteAsync(HttpContext http, ODataFault fault)
    {
        http.Response.StatusCode = fault.Status;
        http.Response.Headers.ContentLength = null;
        http.Response.Headers.Remove("ETag");
        http.Response.Headers["OData-Version"] = "4.0";
        http.Response.ContentType = "application/json;odata.metadata=minimal;charset=utf-8";
        using var writer = new PayloadWriter(http.Response, new AnswerFormat());
        Write(writer.Json, fault);
        await writer.FlushAsync(http.RequestAborted);
    }

    private static void Write(Utf8JsonWriter json, ODataFault fault)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("code", fault.Code);
        json.WriteString("message", fault.Message);
        if (!string.IsNullOrEmpty(fault.Target))
        {
            json.WriteString("target", fault.Target);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
