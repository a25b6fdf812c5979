using System.Text;
using ContainerGroups.Host.Hosting;
using Microsoft.AspNetCore.Http;

namespace ContainerGroups.Host.Tests.Hosting;

public sealed class HeadAnswersTests
{
    [TestCase("HEAD", "")]
    [TestCase("GET", "by streamby pipe")]
    public async Task Body_IsThatOfGetAlone(string method, string sent)
    {
        var http = new DefaultHttpContext();
        using var body = new MemoryStream();
        http.Request.Method = method;
        http.Response.Body = body;
        var answers = new HeadAnswers(async context =>
        {
            context.Response.StatusCode = 201;
            await context.Response.Body.WriteAsync("by stream"u8.ToArray());
            await context.Response.BodyWriter.WriteAsync("by pipe"u8.ToArray());
        });

        await answers.InvokeAsync(http);

        Assert.That(Encoding.UTF8.GetString(body.ToArray()), Is.EqualTo(sent));
        Assert.That(http.Response.StatusCode, Is.EqualTo(201));
        Assert.That(http.Response.Body, Is.SameAs(body), "what comes after finds the body that was there");
    }
}
