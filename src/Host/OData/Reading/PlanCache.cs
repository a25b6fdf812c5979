using System.Diagnostics.CodeAnalysis;
using ContainerGroups.Host.Access;
using Microsoft.Extensions.Caching.Memory;

namespace ContainerGroups.Host.OData.Reading;

/// <summary>All that decides what a request comes to, but for the row that its page begins behind.</summary>
/// <param name="Set">The entity set.</param>
/// <param name="Query">The query options as they were written, without the token.</param>
/// <param name="IsContinued">Whether there was a token.</param>
/// <param name="Caller">Who asks: what they may see is part of the statement.</param>
/// <param name="PageSize">The rows that a page may have.</param>
internal sealed record PlanKey(string Set, string Query, bool IsContinued, Caller Caller, int PageSize);

/// <summary>
/// The plans of the latest requests. Reports ask the same again and again, and for page after page. It is bounded by number, and plans
/// by the length of what they are for.
/// </summary>
internal sealed class PlanCache : IDisposable
{
    public const int LongestQuery = 4096;

    private const int Most = 256;

    private readonly MemoryCache _plans = new(new MemoryCacheOptions { SizeLimit = Most, CompactionPercentage = 0.25 });

    public bool TryFind(PlanKey key, [NotNullWhen(true)] out Plan? plan) => _plans.TryGetValue(key, out plan);

    public void Keep(PlanKey key, Plan plan) => _plans.Set(key, plan, new MemoryCacheEntryOptions { Size = 1 });

    public void Dispose() => _plans.Dispose();
}
