using System.Text;
using ContainerGroups.Abstractions;

namespace ContainerGroups.Plugins.Testing;

public abstract partial class ExecutionBackendContract
{
    private static byte[] Once => Encoding.ASCII.GetBytes("once\n");

    [Test]
    public void Backend_DescribesItself()
    {
        Assert.That(Backend.Name, Does.Match("^[a-z][a-z0-9_]*$"));
        Assert.That(Backend.Settings.Select(field => field.Id), Is.Unique.And.All.Match("^[A-Za-z_][A-Za-z0-9_]*$"));
        Assert.That(Backend.ValidateSettings(Target.Settings), Is.Empty);
        Assert.That(Backend.Capabilities, Is.EqualTo(CreateBackend("contract-one").Capabilities));
    }

    [Test]
    public async Task Health_OfAGoodTarget_IsGood()
    {
        var health = await SoonAsync(Backend.CheckHealthAsync(Target, CancellationToken.None));

        Assert.That(health.Healthy, Is.True, health.Message);
        Assert.That(health.MissingPermissions, Is.Empty);
    }

    [Test]
    public async Task Provision_Twice_MakesOneEnvironment()
    {
        var job = NextJob();

        var first = await ProvisionAsync(Backend, job);
        var second = await ProvisionAsync(CreateBackend("contract-one"), job);

        Assert.That(second, Is.EqualTo(first));
        Assert.That(await ListAsync(Backend, job), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Provision_OfAnotherAttempt_MakesAnotherEnvironment()
    {
        var job = NextJob();

        var first = await ProvisionAsync(Backend, job);
        var second = await ProvisionAsync(Backend, job, attempt: 2);

        Assert.That(second.Name, Is.Not.EqualTo(first.Name));
        Assert.That((await ListAsync(Backend, job)).Select(listing => listing.Attempt), Is.EquivalentTo([1, 2]));
    }

    [Test]
    public async Task Handle_HoldsNoSecretAndIsShort()
    {
        var request = Describe(new ProgramBehaviour()) with { Environment = new Dictionary<string, string> { ["TOKEN"] = "hunter2-in-clear" } };
        var handle = await RunAsync(request);

        Assert.That(handle.Data, Has.Length.LessThanOrEqualTo(4000).And.Not.Contain("hunter2-in-clear"));
    }

    [Test]
    public async Task Start_Twice_RunsTheProgramOnce()
    {
        var handle = await RunAsync(new ProgramBehaviour { Output = Once });
        await StartAsync(handle, Describe(new ProgramBehaviour { Output = Once }));
        await WaitAsync(handle);
        await StartAsync(handle, Describe(new ProgramBehaviour { Output = Once }));

        Assert.That(await ReadAsync(handle), Is.EqualTo(Once));
    }

    [Test]
    public async Task Start_ManyTimesAtOnce_RunsTheProgramOnce()
    {
        var handle = await ProvisionAsync();
        var restarted = CreateBackend("contract-one");

        await SoonAsync(Task.WhenAll(Enumerable.Range(0, 6).Select(number =>
            (number % 2 == 0 ? Backend : restarted).StartAsync(handle, Target, Describe(new ProgramBehaviour { Output = Once }), CancellationToken.None))));

        Assert.That(await ReadAsync(handle), Is.EqualTo(Once));
        Assert.That((await WaitAsync(handle)).ExitCode, Is.Zero);
    }

    [Test]
    public async Task Start_WithVariables_GivesThemToTheProgram()
    {
        const string Value = "a 'quoted' \"value\"\n$HOME `id` \\ é";
        var request = Describe(new ProgramBehaviour { PrintedVariable = "GREETING" });
        request = request with { Environment = new Dictionary<string, string>(request.Environment) { ["GREETING"] = Value } };
        var handle = await RunAsync(request);

        Assert.That(Encoding.UTF8.GetString(await ReadAsync(handle)), Is.EqualTo(Value));
    }

    [Test]
    public async Task Start_WithPayloadCutShort_StartsNothing()
    {
        var request = Describe(new ProgramBehaviour { Output = new byte[10_000] });
        var whole = await BytesOfAsync(request.Payload);
        var broken = new TarPayload(whole[..(whole.Length / 2)]) { Length = whole.Length, Sha256 = request.Payload.Sha256 };

        await AssertNotStartedAsync(request with { Payload = broken }, request);
    }

    [Test]
    public async Task Start_WithPayloadOfAnotherHash_StartsNothing()
    {
        var request = Describe(new ProgramBehaviour { Output = Once });
        var broken = new TarPayload(await BytesOfAsync(request.Payload)) { Sha256 = new string('0', 64) };

        await AssertNotStartedAsync(request with { Payload = broken }, request);
    }

    [Test]
    public async Task Start_OfAMissingProgram_SaysSo()
    {
        var handle = await ProvisionAsync();
        var request = Describe(new ProgramBehaviour()) with { Command = ["no-such-program-anywhere"] };

        var failure = Assert.ThrowsAsync<BackendException>(async () =>
        {
            await StartAsync(handle, request);
            await WaitAsync(handle);
        });

        Assert.That(failure, Is.Not.Null);
        Assert.That(failure!.Reason, Is.EqualTo(BackendFailureReason.ProgramNotFound));
        Assert.That(failure.Message, Does.Contain("no-such-program-anywhere"));
    }

    [Test]
    public async Task List_ShowsOnlyItsOwnInstallation()
    {
        var mine = NextJob();
        var theirs = NextJob();
        var other = CreateBackend("contract-two");
        await ProvisionAsync(Backend, mine);
        await ProvisionAsync(other, theirs);

        Assert.That(await ListAsync(Backend, mine), Has.Count.EqualTo(1));
        Assert.That(await ListAsync(Backend, theirs), Is.Empty);
        Assert.That(await ListAsync(other, theirs), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task List_TellsTimeAndGivesAHandleToDestroy()
    {
        var job = NextJob();
        await ProvisionAsync(Backend, job);

        var listing = (await ListAsync(Backend, job)).Single();
        Assert.That(listing.CreatedAt, Is.EqualTo(DateTimeOffset.UtcNow).Within(TimeSpan.FromMinutes(5)));

        await SoonAsync(Backend.DestroyAsync(listing.Handle, Target, CancellationToken.None));
        Assert.That(await ListAsync(Backend, job), Is.Empty);
    }

    private static async Task<byte[]> BytesOfAsync(IPayload payload)
    {
        using var copy = new MemoryStream();
        await using var stream = await payload.OpenAsync(CancellationToken.None);
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    private async Task AssertNotStartedAsync(StartRequest broken, StartRequest whole)
    {
        var handle = await ProvisionAsync();

        Assert.That(async () => await StartAsync(handle, broken), Throws.TypeOf<BackendException>());
        Assert.That(await StateAsync(handle), Is.EqualTo(EnvironmentState.NotStarted));

        await StartAsync(handle, whole);
        Assert.That((await WaitAsync(handle)).ExitCode, Is.Zero);
    }

    private Task<List<EnvironmentListing>> ListAsync(IExecutionBackend backend, long job)
    {
        return SoonAsync(ListAsync());

        async Task<List<EnvironmentListing>> ListAsync()
        {
            List<EnvironmentListing> listings = [];
            await foreach (var listing in backend.ListEnvironmentsAsync(Target, CancellationToken.None))
            {
                if (listing.JobId == job)
                {
                    listings.Add(listing);
                }
            }

            return listings;
        }
    }
}
