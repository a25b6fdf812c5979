using System.Diagnostics;
using ContainerGroups.Host.Storage;
using ContainerGroups.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace ContainerGroups.Host.IntegrationTests.Api;

/// <summary>The number of statements of a list must not depend on the number of rows.</summary>
internal sealed class SqlCountTests(DatabaseKind kind) : ApiFixture(kind)
{
    private const string CountHeader = "X-Test-Statements";

    [TestCase("organizations/")]
    [TestCase("users/")]
    [TestCase("teams/")]
    [TestCase("execution_environments/")]
    [TestCase("instance_groups/")]
    [TestCase("instances/")]
    [TestCase("instance_groups/1/instances/")]
    [TestCase("projects/")]
    [TestCase("project_updates/")]
    [TestCase("inventories/")]
    [TestCase("hosts/")]
    [TestCase("groups/")]
    [TestCase("job_templates/")]
    [TestCase("teams/?organization__name__icontains=d&order_by=organization__name&search=x")]
    public async Task List_OfManyRows_TakesAsManyStatementsAsOfOne(string path)
    {
        await FillAsync(1);
        var few = await CountAsync(path);
        await FillAsync(20);

        var many = await CountAsync(path);

        Assert.That(many, Is.EqualTo(few));
        Assert.That(many, Is.InRange(2, 15));
    }

    protected override void Override(WebApplicationBuilder builder)
    {
        StatementCounter.Listen();
        builder.Services.AddSingleton<IStartupFilter, CountingFilter>();
    }

    private async Task<int> CountAsync(string path)
    {
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        return int.Parse((await Admin.GetAsync($"{path}{separator}page_size=200")).Headers[CountHeader], System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task FillAsync(int count)
    {
        await using var db = Server.Database.Open();
        for (var i = 0; i < count; i++)
        {
            var organization = new Organization { Name = Fresh("d"), CreatedById = 1 };
            var team = new Team { Name = Fresh("x"), Organization = organization, CreatedById = 1, ModifiedById = 1 };
            var user = new User { Username = Guid.NewGuid().ToString() };
            var instance = new Instance { Hostname = $"n{Guid.NewGuid():N}.example.org", CreatedById = 1 };
            var group = new InstanceGroup { Name = Fresh("g"), CreatedById = 1 };
            db.Add(new TeamMember { Team = team, User = user });
            db.Add(new InstanceGroupMember { InstanceGroup = group, Instance = instance });
            db.Add(new InstanceGroupMember { InstanceGroupId = 1, Instance = instance });
            AddRecipe(db, organization);
            db.Add(new ExecutionEnvironment { Name = Fresh("e"), Image = "a/b:c", Organization = organization, CreatedById = 1 });
        }

        await db.SaveChangesAsync();
    }

    private static void AddRecipe(AppDb db, Organization organization)
    {
        var project = new Project { Name = Fresh("p"), Organization = organization, CreatedById = 1 };
        var inventory = new Inventory { Name = Fresh("i"), Organization = organization, CreatedById = 1 };
        var host = new InventoryHost { Name = Fresh("h"), Inventory = inventory, CreatedById = 1 };
        var template = new JobTemplate { Name = Fresh("t"), Organization = organization, Project = project, Inventory = inventory };
        var job = new Job { Name = Fresh("j"), JobTemplate = template, Status = JobStatuses.Successful };
        job.HostSummaries.Add(new JobHostSummary { HostName = host.Name, Created = DateTime.UtcNow });
        db.Add(new InventoryGroupHost { Host = host, Group = new InventoryGroup { Name = Fresh("g"), Inventory = inventory } });
        db.Add(new ProjectUpdate { Name = Fresh("u"), Project = project, Organization = organization, Status = JobStatuses.Successful });
        db.Add(job);
    }

    /// <summary>Says in each answer how many statements it took. The hashing of passwords takes none, the look-up of the user one.</summary>
    private sealed class CountingFilter : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (http, rest) =>
            {
                var counter = StatementCounter.Begin();
                http.Response.OnStarting(() =>
                {
                    http.Response.Headers[CountHeader] = counter.Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
                    return Task.CompletedTask;
                });
                await rest(http);
            });
            next(app);
        };
    }

    private sealed class StatementCounter : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        private static readonly AsyncLocal<StrongCount?> Current = new();
        private static readonly Lazy<IDisposable> Listening = new(() => DiagnosticListener.AllListeners.Subscribe(new StatementCounter()));

        /// <summary>One for all fixtures of the process: it counts for whoever has begun a count.</summary>
        public static void Listen() => _ = Listening.Value;

        public static StrongCount Begin() => Current.Value = new StrongCount();

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == DbLoggerCategory.Name)
            {
                value.Subscribe(this);
            }
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Key == RelationalEventId.CommandExecuting.Name && Current.Value is { } counter)
            {
                counter.Value++;
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }

    private sealed class StrongCount
    {
        public int Value { get; set; }
    }
}
