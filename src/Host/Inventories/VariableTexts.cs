using System.Linq.Expressions;
using System.Text.Json;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Inventories;

/// <summary>Variables as an object of JSON: <c>/things/N/variable_data/</c>, beside the text that they are stored as.</summary>
internal static class VariableTexts
{
    public static ResourceBuilder<T> VariableData<T>(this ResourceBuilder<T> builder, Expression<Func<T, string>> column)
        where T : Entity
    {
        var read = column.Compile();
        Func<ApiCall, T, Task> put = (call, row) => PutAsync(call, row, column);
        return builder.Action(new ResourceAction<T>("variable_data")
        {
            Get = (call, row) => call.AnswerAsync(StatusCodes.Status200OK, writer => VariablesText.Parse(read(row)).WriteTo(writer)),
            Put = put,
            Patch = put,
        });
    }

    /// <summary>Refuses variables that are no mapping.</summary>
    public static void Check<T>(Write<T> write, string field, string text)
        where T : class
    {
        if (!write.Errors.Has(field) && !VariablesText.TryParse(text, out _, out var error))
        {
            write.Errors.Add(field, error);
        }
    }

    private static async Task PutAsync<T>(ApiCall call, T row, Expression<Func<T, string>> column)
        where T : Entity
    {
        var body = await RequestBody.ReadAsync(call.Http.Request, call.Cancellation);
        var entry = call.Db.Set<T>().Attach(row);
        entry.Property(column).CurrentValue = body.Root.GetRawText();
        row.ModifiedById = call.Caller.UserId;
        call.Activity.Updated(call.Db, call.Caller.UserId, row, body: null);
        try
        {
            await call.Db.SaveChangesAsync(call.Cancellation);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw ApiException.NotFound();
        }

        await call.AnswerAsync(StatusCodes.Status200OK, writer => WriteObject(writer, body));
    }

    private static void WriteObject(Utf8JsonWriter writer, RequestBody body) => body.Root.WriteTo(writer);
}
