using System.Linq.Expressions;
using ContainerGroups.Host.Rest.Fields;
using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Rest;

/// <summary>Writes rows as bodies ask: reads the fields, checks every rule, stores, all in one transaction.</summary>
internal sealed class RowStore<T>(Resource<T> resource, ResourceCatalog catalog)
    where T : class
{
    public async Task<T> CreateAsync(ApiCall call, RequestBody body, Func<T, Task>? attach = null)
    {
        await DemandCreationAsync(call);
        var entity = NewEntity(call);
        var write = new Write<T>(call, entity, body, creating: true);
        await StoreAsync(write, partial: false, attach);
        return entity;
    }

    /// <summary>Reads a body into a new object without storing it; what is wrong is in the write's errors.</summary>
    public async Task<Write<T>> ReadAsync(ApiCall call, RequestBody body)
    {
        await DemandCreationAsync(call);
        var write = new Write<T>(call, NewEntity(call), body, creating: true);
        resource.Rules.Rewrites.ForEach(rewrite => rewrite(body));
        ReadFields(write, partial: false);
        await CheckReferencesAsync(write, call.Cancellation);
        await DemandRightsAsync(write, call.Cancellation);
        return write;
    }

    /// <summary>Changes a row that the context tracks.</summary>
    public async Task UpdateAsync(ApiCall call, T entity, RequestBody body, bool partial)
    {
        await resource.DemandAsync(call, entity, Right.Edit);
        await StoreAsync(new Write<T>(call, entity, body, creating: false), partial, attach: null);
    }

    /// <summary>Removes a row that the context tracks; gives the status to answer with.</summary>
    public async Task<int> DeleteAsync(ApiCall call, T entity)
    {
        await resource.DemandAsync(call, entity, Right.Delete);
        var removal = new Removal<T>(call, entity);
        await using var transaction = await call.Db.Database.BeginTransactionAsync(call.Cancellation);
        foreach (var check in resource.Rules.BeforeDelete)
        {
            await check(removal, call.Cancellation);
        }

        await call.Activity.DeletedAsync(call.Db, call.Caller.UserId, entity, call.Cancellation);
        var status = StatusCodes.Status204NoContent;
        if (resource.Rules.Delete is { } delete)
        {
            status = await delete(removal, call.Cancellation);
        }
        else
        {
            call.Db.Remove(entity);
        }

        try
        {
            await call.Db.SaveChangesAsync(call.Cancellation);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw ApiException.NoMatch(resource.ModelName);
        }
        catch (DbUpdateException e) when (DatabaseErrors.IsBrokenReference(e))
        {
            throw ApiException.Detail(StatusCodes.Status409Conflict, $"Other objects still refer to this {resource.VerboseName}.");
        }

        foreach (var step in resource.Rules.AfterDelete)
        {
            await step(removal, call.Cancellation);
        }

        await transaction.CommitAsync(call.Cancellation);
        await AfterCommitAsync();
        return status;
    }

    private T NewEntity(ApiCall call)
    {
        var entity = resource.Rules.Create!();
        if (entity is Entity made)
        {
            made.CreatedById = made.ModifiedById = call.Caller.UserId;
        }

        return entity;
    }

    private async Task StoreAsync(Write<T> write, bool partial, Func<T, Task>? attach)
    {
        var cancellation = write.Call.Cancellation;
        resource.Rules.Rewrites.ForEach(rewrite => rewrite(write.Body));

        // Before the transaction, which on SQLite keeps every other writer out: to hash a password takes long.
        ReadFields(write, partial);
        await using var transaction = await write.Db.Database.BeginTransactionAsync(cancellation);
        await CheckAsync(write, cancellation);
        write.Errors.ThrowIfAny();
        if (write.Creating)
        {
            write.Db.Add(write.Entity);
        }
        else if (write.Entity is Entity changed)
        {
            changed.ModifiedById = write.Call.Caller.UserId;
        }

        foreach (var step in resource.Rules.BeforeSave)
        {
            await step(write, cancellation);
        }

        if (!write.Creating)
        {
            write.Call.Activity.Updated(write.Db, write.Call.Caller.UserId, write.Entity, write.Body);
        }

        await SaveAsync(write, cancellation);
        foreach (var step in resource.Rules.AfterSave)
        {
            await step(write, cancellation);
        }

        if (write.Creating)
        {
            write.Call.Activity.Created(write.Db, write.Call.Caller.UserId, write.Entity);
        }

        await (attach?.Invoke(write.Entity) ?? Task.CompletedTask);
        await write.Db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        await AfterCommitAsync();
    }

    private void ReadFields(Write<T> write, bool partial)
    {
        foreach (var field in resource.Fields.Where(field => field.Assign is not null && field.Writable(write.Creating)))
        {
            if (!write.Body.TryGet(field.Name, out var json))
            {
                if (field.Required && !partial)
                {
                    write.Errors.Add(field.Name, "This field is required.");
                }

                continue;
            }

            var (value, error) = FieldReading.Read(field, json);
            if (error is not null)
            {
                write.Errors.Add(field.Name, error);
            }
            else
            {
                field.Assign!(write.Entity, value);
            }
        }
    }

    /// <summary>Everything that is wrong is told at once; rules look at values that are legal by themselves.</summary>
    private async Task CheckAsync(Write<T> write, CancellationToken cancellationToken)
    {
        await CheckReferencesAsync(write, cancellationToken);
        await DemandRightsAsync(write, cancellationToken);
        foreach (var error in resource.Rules.Validators.SelectMany(validator => validator.Validate(write.Entity).Errors))
        {
            var field = SnakeCase.From(error.PropertyName.Split('.', '[')[0]);
            if (!write.Errors.Has(field))
            {
                write.Errors.Add(field.Length == 0 ? FieldErrors.WholeObject : field, error.ErrorMessage);
            }
        }

        foreach (var check in resource.Rules.Checks)
        {
            await check(write, cancellationToken);
        }

        await new UniqueCheck<T>(resource).CheckAsync(write, cancellationToken);
    }

    private async Task DemandCreationAsync(ApiCall call)
    {
        if (!await resource.AllowsCreationAsync(call))
        {
            throw ApiException.Forbidden();
        }
    }

    /// <summary>Whether the caller may have the row so: what it refers to needs rights of its own.</summary>
    private async Task DemandRightsAsync(Write<T> write, CancellationToken cancellationToken)
    {
        if (write.Call.Caller.IsSuperuser)
        {
            return;
        }

        foreach (var rule in resource.Access.Writes)
        {
            if (!await rule(write, cancellationToken))
            {
                throw ApiException.Forbidden();
            }
        }

        foreach (var field in resource.Fields.Where(field =>
            field is { Needs: not null, Reference: not null } && field.Writable(write.Creating) && write.Body.Has(field.Name) && !write.Errors.Has(field.Name)))
        {
            if (ValueOf(field, write) is long id && (write.Creating || !id.Equals(write.BeforeOf(row => ValueOf(field, write, row))))
                && !await catalog.Find(field.Reference!.Target)!.AllowsAsync(write.Db, write.Call.Caller, id, field.Needs!, cancellationToken))
            {
                throw ApiException.Forbidden();
            }
        }
    }

    private async Task CheckReferencesAsync(Write<T> write, CancellationToken cancellationToken)
    {
        foreach (var field in resource.Fields.Where(field =>
            field.Reference is not null && field.Writable(write.Creating) && write.Body.Has(field.Name) && !write.Errors.Has(field.Name)))
        {
            if (ValueOf(field, write) is long id
                && (catalog.Find(field.Reference!.Target) is not { } target || !await ExistsAsync(write, target, id, cancellationToken)))
            {
                write.Errors.Add(field.Name, $"Invalid pk \"{id}\" - object does not exist.");
            }
        }
    }

    private static object? ValueOf(Field<T> field, Write<T> write) => ValueOf(field, write, write.Entity);

    private static object? ValueOf(Field<T> field, Write<T> write, T row) =>
        field.Value(row, new RowPage(write.Call.Catalog.Get<T>(), write.Call.Catalog, write.Call.Caller));

    private static Task<bool> ExistsAsync(Write<T> write, Resource target, long id, CancellationToken cancellationToken)
    {
        var rows = target.Visible(write.Db, write.Call.Caller);
        var equal = Expression.Lambda(
            Expression.Equal(target.Key.Body, Predicates.Parameter(id, typeof(long))), target.Key.Parameters);
        var where = Expression.Call(typeof(Queryable), nameof(Queryable.Where), [target.EntityType], rows.Expression, Expression.Quote(equal));
        return rows.Provider.CreateQuery<object>(where).AnyAsync(cancellationToken);
    }

    private async Task SaveAsync(Write<T> write, CancellationToken cancellationToken)
    {
        try
        {
            await write.Db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw ApiException.NoMatch(resource.ModelName);
        }
        catch (DbUpdateException e) when (DatabaseErrors.IsDuplicate(e))
        {
            // Another request was faster between the check and the write. Its transaction is over, and so is ours.
            throw new UniqueCheck<T>(resource).Duplicate();
        }
        catch (DbUpdateException e) when (DatabaseErrors.IsBrokenReference(e))
        {
            throw ApiException.BadRequest("An object that the body refers to is gone.");
        }
    }

    private async Task AfterCommitAsync()
    {
        foreach (var step in resource.Rules.AfterCommit)
        {
            // The change is committed: what follows from it happens even when the client has hung up.
            await step(CancellationToken.None);
        }
    }
}
