using ContainerGroups.Host.Credentials.Keys;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Credentials;

/// <summary><c>/credentials/N/copy/</c>: another credential with the same values, the secret ones encrypted anew for it.</summary>
internal sealed class CredentialCopies(CredentialReader reader, SecretKeys keys)
{
    private const int LongestName = 512;

    public static async Task CanCopyAsync(ApiCall call, Credential row)
    {
        var may = await call.Catalog.Get<Credential>().AllowsAsync(call, row.Id, Right.Copy);
        await call.AnswerAsync(StatusCodes.Status200OK, ("can_copy", may && !row.Managed));
    }

    public async Task CopyAsync(ApiCall call, Credential row)
    {
        var body = await RequestBody.ReadAsync(call.Http.Request, call.Cancellation);
        var copy = Copy(row, CopyName.Of(body, row.Name), call.Caller.UserId);
        var resource = call.Catalog.Get<Credential>();
        if (row is { OrganizationId: { } organization, TeamId: null })
        {
            await call.Catalog.Get<Organization>().DemandAsync(call, organization, Right.CredentialAdminRole);
        }

        if (copy.Name.Length > LongestName)
        {
            throw ApiException.Invalid(CopyName.Field, $"Ensure this field has no more than {LongestName} characters.");
        }

        await using var transaction = await call.Db.Database.BeginTransactionAsync(call.Cancellation);
        if (await call.Db.Credentials.AnyAsync(
            other => other.Name == copy.Name && other.OrganizationId == copy.OrganizationId && other.CredentialTypeId == copy.CredentialTypeId, call.Cancellation))
        {
            throw ApiException.Invalid(FieldErrors.WholeObject, "Credential with this Organization, Name and Credential Type already exists.");
        }

        call.Db.Credentials.Add(copy);
        await call.Db.SaveChangesAsync(call.Cancellation);
        call.Activity.Created(call.Db, call.Caller.UserId, copy);
        await CopySecretsAsync(call, row, copy);
        await transaction.CommitAsync(call.Cancellation);
        await call.AnswerRowAsync(StatusCodes.Status201Created, resource, copy);
    }

    private async Task CopySecretsAsync(ApiCall call, Credential row, Credential copy)
    {
        try
        {
            var secrets = await call.Db.CredentialSecrets.Where(secret => secret.CredentialId == row.Id).Select(secret => secret.Field)
                .ToListAsync(call.Cancellation);
            var open = secrets.Count > 0 ? await reader.FindAsync(call.Db, row.Id, call.Cancellation) : null;
            foreach (var field in secrets)
            {
                if (open?.Values.GetString(field) is { } value)
                {
                    call.Db.CredentialSecrets.Add(SecretCipher.Encrypt(keys.Current, copy.Id, field, value));
                }
            }

            await call.Db.SaveChangesAsync(call.Cancellation);
        }
        catch (SecretUnavailableException e)
        {
            throw ApiException.Detail(StatusCodes.Status503ServiceUnavailable, e.Message);
        }
    }

    private static Credential Copy(Credential row, string name, long userId) => new()
    {
        Name = name,
        Description = row.Description,
        OrganizationId = row.OrganizationId,
        UserId = row.UserId,
        TeamId = row.TeamId,
        CredentialTypeId = row.CredentialTypeId,
        Inputs = row.Inputs,
        Version = Guid.NewGuid(),
        CreatedById = userId,
        ModifiedById = userId,
    };
}
