using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ContainerGroups.Host.IntegrationTests.Dispatch;

/// <summary>
/// Ends a host at a given step as a kill would: from then on nothing that it does has any effect, in the store or on a backend. The
/// steps are the commits and the backend's calls, each once before it has its effect and once after.
/// </summary>
internal sealed class Fuse : IDbTransactionInterceptor, IDbCommandInterceptor, IDbConnectionInterceptor
{
    /// <summary>An exec answers in as many pieces as the network likes: the first ones stand for the rest.</summary>
    private const int MostOfAKind = 8;

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<string> _died = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _made = [];
    private int _left = -1;
    private string? _last;

    /// <summary>Ends when the host has died, with the step after which nothing came.</summary>
    public Task<string> Died => _died.Task;

    /// <summary>Steps that the host still makes, the last of which kills it.</summary>
    public void Arm(int steps)
    {
        lock (_lock)
        {
            (_left, _last) = (steps, null);
        }
    }

    /// <summary>Steps are noted anew from here on.</summary>
    /// <param name="step">The one that kills the host, as <see cref="Made"/> names it; null for none.</param>
    public void ArmAt(string? step)
    {
        lock (_lock)
        {
            _made.Clear();
            (_left, _last) = (-1, step);
        }
    }

    /// <summary>The steps that were made since <see cref="ArmAt"/>, the first eight of each kind: what was done, and for which time.</summary>
    public IReadOnlyList<string> Made
    {
        get
        {
            lock (_lock)
            {
                return [.. _made];
            }
        }
    }

    /// <summary>Here and now.</summary>
    public void Blow() => _died.TrySetResult("by order");

    public ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        Step("before a commit");
        return ValueTask.FromResult(result);
    }

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Step("after a commit");
        return Task.CompletedTask;
    }

    public ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        ThrowIfDead();
        return ValueTask.FromResult(result);
    }

    public ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        ThrowIfDead();
        return ValueTask.FromResult(result);
    }

    /// <summary>What is written past EF's commands goes through its connections.</summary>
    public ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        ThrowIfDead();
        return ValueTask.FromResult(result);
    }

    /// <exception cref="HostDiedException">It was the last one, or came after it.</exception>
    public void Step(string what)
    {
        lock (_lock)
        {
            ThrowIfDead();
            var times = _made.Count(made => made.StartsWith($"{what} ", StringComparison.Ordinal)) + 1;
            var step = $"{what} {times}";
            if (times <= MostOfAKind)
            {
                _made.Add(step);
            }

            if (step == _last || (_left > 0 && --_left == 0))
            {
                _died.SetResult(step);
            }
        }

        ThrowIfDead();
    }

    private void ThrowIfDead()
    {
        if (_died.Task.IsCompleted)
        {
            throw new HostDiedException();
        }
    }
}

internal sealed class HostDiedException() : Exception("The host was killed.");
