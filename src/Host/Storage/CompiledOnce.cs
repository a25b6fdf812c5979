using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore.Metadata;

namespace ContainerGroups.Host.Storage;

/// <summary>
/// A query of a path that every job takes, translated once for each model: where it is written out in place, it is taken apart
/// and looked up each time that it runs, which costs as much as running it. A compiled query belongs to one model, and there is one for
/// each kind of database.
/// </summary>
/// <typeparam name="TQuery">A delegate that <c>EF.CompileAsyncQuery</c> makes.</typeparam>
/// <param name="compile">Makes it.</param>
internal sealed class CompiledOnce<TQuery>(Func<TQuery> compile)
    where TQuery : class
{
    private readonly ConditionalWeakTable<IModel, TQuery> _byModel = [];

    /// <summary>The one for a context's database.</summary>
    public TQuery For(AppDb db) => _byModel.GetValue(db.Model, _ => compile());
}
