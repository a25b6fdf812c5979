using System.Runtime.CompilerServices;
using System.Text;
using ContainerGroups.Abstractions;
using ContainerGroups.Host.Plugins;
using ContainerGroups.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace ContainerGroups.Host.Tests.Plugins;

internal sealed class GuardedBackendTests
{
    private static readonly BackendTarget Target = new() { InstanceGroupId = 1, InstanceGroupName = "default" };
    private static readonly Dictionary<string, IReadOnlyList<InputField>> Schemas = new()
    {
        ["known"] =
        [
            new InputField { Id = "host", Label = "Host" },
            new InputField { Id = "token", Label = "Token", Secret = true },
        ],
    };

    private static readonly EnvironmentHandle Handle = new() { Name = "stub-1", Version = 1, Data = "" };

    private readonly FakeClock _clock = new();

    /// <summary>Every member that the guard stands before, by name.</summary>
    private static readonly Dictionary<string, Func<IExecutionBackend, CancellationToken, Task>> Members = new()
    {
        ["Provision"] = (backend, token) => backend.ProvisionAsync(new ProvisionRequest { Target = Target, JobId = 1, Attempt = 1 }, token),
        ["Start"] = (backend, token) => backend.StartAsync(Handle, Target, new StartRequest { Command = ["true"], Payload = null! }, token),
        ["ReadOutput"] = async (backend, token) => await ReadAsync(backend, token),
        ["WaitForExit"] = (backend, token) => backend.WaitForExitAsync(Handle, Target, token),
        ["Reattach"] = (backend, token) => backend.ReattachAsync(Handle, Target, token),
        ["Cancel"] = (backend, token) => backend.CancelAsync(Handle, Target, TimeSpan.FromSeconds(10), token),
        ["Destroy"] = (backend, token) => backend.DestroyAsync(Handle, Target, token),
        ["ListEnvironments"] = async (backend, token) =>
        {
            await foreach (var unused in backend.ListEnvironmentsAsync(Target, token))
            {
                _ = unused;
            }
        },
    };

    private static IEnumerable<string> MemberNames => Members.Keys;

    [TestCaseSource(nameof(MemberNames))]
    public void ForeignException_BecomesABackendException(string member)
    {
        var backend = Guard(_ => throw new FormatException("a wrong turn"));

        var e = Assert.ThrowsAsync<BackendException>(() => Members[member](backend, CancellationToken.None));
        Assert.That(e.Reason, Is.EqualTo(BackendFailureReason.Unknown));
        Assert.That(e.Message, Does.Contain("stub_plugin").And.Contain(member).And.Contain("a wrong turn"));
        Assert.That(e.InnerException, Is.TypeOf<FormatException>());
    }

    [TestCaseSource(nameof(MemberNames))]
    public void BackendException_PassesUnchanged(string member)
    {
        var failure = new BackendException(BackendFailureReason.Forbidden, "No.");
        var backend = Guard(_ => throw failure);

        Assert.That(Assert.ThrowsAsync<BackendException>(() => Members[member](backend, CancellationToken.None)), Is.SameAs(failure));
    }

    [TestCaseSource(nameof(MemberNames))]
    public void CancellationByTheCaller_EndsTheCall(string member)
    {
        using var stop = new CancellationTokenSource();
        var backend = Guard(async token =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
        });

        var e = Assert.CatchAsync<OperationCanceledException>(() => Members[member](backend, stop.Token));
        Assert.That(e.CancellationToken, Is.EqualTo(stop.Token));
    }

    [TestCaseSource(nameof(MemberNames))]
    public void CancellationNobodyAskedFor_IsAFailureNotAStoppingHost(string member)
    {
        var backend = Guard(_ => throw new TaskCanceledException("a time limit inside"));

        var e = Assert.ThrowsAsync<BackendException>(() => Members[member](backend, CancellationToken.None));
        Assert.That((e.Reason, e.IsTransient), Is.EqualTo((BackendFailureReason.Unreachable, true)));
    }

    [TestCaseSource(nameof(MemberNames))]
    public async Task PluginThatIgnoresItsToken_IsLeftBehind(string member)
    {
        using var stop = new CancellationTokenSource();
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var backend = Guard(_ =>
        {
            called.TrySetResult();
            return new TaskCompletionSource().Task;
        });
        var call = Members[member](backend, stop.Token);
        await called.Task;

        await stop.CancelAsync();
        await AdvanceUntilEndAsync(call);
        Assert.That(call.IsCanceled, Is.True);
    }

    [TestCaseSource(nameof(MemberNames))]
    public async Task PluginThatBlocksItsThread_IsLeftBehindToo(string member)
    {
        using var release = new ManualResetEventSlim();
        using var stop = new CancellationTokenSource();
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var backend = Guard(_ =>
        {
            called.TrySetResult();
            release.Wait();
            return Task.CompletedTask;
        });
        var call = Members[member](backend, stop.Token);
        await called.Task;

        await stop.CancelAsync();
        await AdvanceUntilEndAsync(call);
        release.Set();
        Assert.That(call.IsCanceled, Is.True);
    }

    [Test]
    public async Task ReaderThatLeavesEarly_EndsTheStreamInGoodOrder()
    {
        var ended = false;
        var stream = new PluginCalls("stub_plugin", _clock, NullLogger.Instance)
            .StreamAsync("Count", CallSecrets.None, token => CountAsync(token), deadline: null, CancellationToken.None);
        var read = new List<int>();
        await foreach (var number in stream)
        {
            read.Add(number);
            // Now at once, and now later on another thread.
            await (number % 3 == 0 ? Task.Run(() => { }) : Task.CompletedTask);
            if (number == 1000)
            {
                break;
            }
        }

        Assert.Multiple(() =>
        {
            Assert.That(read, Is.EqualTo(Enumerable.Range(0, 1001)));
            Assert.That(ended, Is.True);
        });

        async IAsyncEnumerable<int> CountAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            try
            {
                for (var number = 0; ; number++)
                {
                    await (number % 5 == 0 ? Task.Run(() => { }, cancellationToken) : Task.CompletedTask);
                    yield return number;
                }
            }
            finally
            {
                ended = true;
            }
        }
    }

    [TestCase("Reattach")]
    [TestCase("ListEnvironments")]
    [TestCase("Cancel")]
    [TestCase("Destroy")]
    public async Task ShortCall_ThatBlocksItsThread_EndsAtItsDeadline(string member)
    {
        using var release = new ManualResetEventSlim();
        var backend = Guard(_ =>
        {
            release.Wait();
            return Task.CompletedTask;
        });
        var call = Members[member](backend, CancellationToken.None);
        await AdvanceUntilEndAsync(call);
        release.Set();

        var e = Assert.ThrowsAsync<BackendException>(() => call);
        Assert.That((e.Reason, e.IsTransient), Is.EqualTo((BackendFailureReason.Unreachable, true)));
        Assert.That(e.Message, Does.Contain("did not answer"));
    }

    [TestCase("Provision")]
    [TestCase("WaitForExit")]
    [TestCase("ReadOutput")]
    public async Task LongCall_HasNoDeadline(string member)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var backend = Guard(_ =>
        {
            called.TrySetResult();
            return end.Task;
        });
        var call = Members[member](backend, CancellationToken.None);
        await called.Task;
        _clock.Advance(TimeSpan.FromDays(2));
        end.SetResult();

        Assert.That(async () => await call, Throws.Nothing);
    }

    [Test]
    public async Task Health_IsAResultWhateverHappens()
    {
        var thrown = await Guard(_ => throw new FormatException("a wrong turn")).CheckHealthAsync(Target, CancellationToken.None);
        Assert.That((thrown.Healthy, thrown.Message), Is.EqualTo((false, "Plugin stub_plugin failed in CheckHealthAsync: a wrong turn")));

        var late = Guard(token => Task.Delay(Timeout.Infinite, token)).CheckHealthAsync(Target, CancellationToken.None);
        await AdvanceUntilEndAsync(late);
        Assert.That((await late).Message, Does.Contain("within 30 seconds"));
    }

    [Test]
    public async Task Output_ComesThroughInOrder_EvenWhenTheStreamFailsLater()
    {
        var whole = await ReadAsync(Guard(_ => Task.CompletedTask), CancellationToken.None);
        Assert.That(whole, Is.EqualTo("beforeafter"));

        var read = new StringBuilder();
        var backend = Guard(_ => throw new FormatException("a wrong turn"));
        Assert.ThrowsAsync<BackendException>(() => ReadAsync(backend, CancellationToken.None, read));
        Assert.That(read.ToString(), Is.EqualTo("before"));
    }

    [Test]
    public void Validation_ThatThrows_BecomesABackendException() =>
        Assert.That(() => Guard(_ => throw new FormatException("a wrong turn")).ValidateSettings(InputValues.Empty),
            Throws.TypeOf<BackendException>().With.Message.Contains("ValidateSettings"));

    [TestCase("known", "https://host.example said no to ***")]
    [TestCase("unknown", "*** said no to ***")]
    public void Secret_InAPluginsFault_IsTakenOut(string type, string told)
    {
        var target = Target with
        {
            CredentialTypeNamespace = type,
            Credential = new InputValues(new Dictionary<string, object?> { ["host"] = "https://host.example", ["token"] = "s3cret-1" }),
        };
        Exception[] faults =
        [
            new FormatException("https://host.example said no to s3cret-1"),
            new BackendException(
                BackendFailureReason.Unauthorized, "https://host.example said no to s3cret-1", innerException: new FormatException("s3cret-1")),
            new TaskCanceledException("https://host.example said no to s3cret-1"),
        ];
        foreach (var fault in faults)
        {
            var e = Assert.ThrowsAsync<BackendException>(
                () => Guard(_ => throw fault).ReattachAsync(Handle, target, CancellationToken.None));
            Assert.That(e.Message, Does.EndWith(told));
            Assert.That(e.ToString(), Does.Not.Contain("s3cret-1"));
        }
    }

    [Test]
    public void Variable_InAFaultOfTheStart_IsTakenOut()
    {
        var request = new StartRequest
        {
            Command = ["true"],
            Payload = null!,
            Environment = new Dictionary<string, string> { ["TOKEN"] = "first-line\nsecond-line" },
        };
        var backend = Guard(_ => throw new FormatException("'second-line' is no header"));

        var e = Assert.ThrowsAsync<BackendException>(() => backend.StartAsync(Handle, Target, request, CancellationToken.None));
        Assert.That(e.Message, Does.EndWith("'***' is no header"));
    }

    private static async Task<string> ReadAsync(IExecutionBackend backend, CancellationToken token, StringBuilder? read = null)
    {
        read ??= new StringBuilder();
        await foreach (var block in backend.ReadOutputAsync(Handle, Target, 0, token))
        {
            read.Append(Encoding.UTF8.GetString(block.Span));
        }

        return read.ToString();
    }

    private GuardedBackend Guard(Func<CancellationToken, Task> act) =>
        new(new StubBackend(act), new PluginCalls("stub_plugin", _clock, NullLogger.Instance), Schemas.GetValueOrDefault);

    private Task AdvanceUntilEndAsync(Task call) => Eventually.BeAsync(
        () =>
        {
            _clock.Advance(TimeSpan.FromSeconds(10));
            return call.IsCompleted;
        },
        "the call has ended");
}
