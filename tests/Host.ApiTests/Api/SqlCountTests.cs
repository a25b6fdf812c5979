using System.Diagnostics;
using ContainerGroups.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace ContainerGroups.Host.ApiTests.Api;

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
    [TestCase("projects/")]
    [TestCase("project_updates/")]
    [TestCase("inventories/")]
    [TestCase("hosts/")]
    [TestCase("groups/")]
    [TestCase("job_templates/")]
    [TestCase("jobs/")]
    [TestCase("ad_hoc_commands/")]
    [TestCase("unified_jobs/")]
    [TestCase("credentials/")]
    [TestCase("credential_types/")]
    [TestCase("labels/")]
    [TestCase("activity_stream/")]
    [TestCase("dashboard/")]
    [TestCase("dashboard/graphs/jobs/")]
    [TestCase("applications/")]
    [TestCase("tokens/")]
    [TestCase("instance_groups/1/instances/")]
    [TestCase("projects/")]
    [TestCase("project_updates/")]
    [TestCase("inventories/")]
    [TestCase("hosts/")]
    [TestCase("groups/")]
    [TestCase("job_templates/")]
    [TestCase("teams/?organization__name__icontains=d&order_by=organization__name&search=x")]
    [TestCase("/odata/Jobs?$expand=Events($top=3;$expand=Host),HostSummaries/$count,Phases($count=true;$skip=1;$top=5),JobTemplate($expand=Jobs($top=2))")]
    [TestCase("/odata/JobTemplates?$expand=Jobs($top=2;$expand=Events($top=2;$orderby=Id desc;$expand=Host))")]
    public async Task List_OfManyRows_TakesAsManyStatementsAsOfOne(string path)
    {
        await SampleRows.InsertAsync(Server, 1);
        var few = await CountAsync(path);
        await SampleRows.InsertAsync(Server, 20);

        var many = await CountAsync(path);

        Assert.That(many, Is.EqualTo(few));
        // The list of all kinds of jobs is the dearest: what each kind refers to, and its credentials.
        Assert.That(many, Is.InRange(2, 24));
    }

    protected override void Override(WebApplicationBuilder builder)
    {
        StatementCounter.Listen();
        builder.Services.AddSingleton<IStartupFilter, CountingFilter>();
    }

    private async Task<int> CountAsync(string path)
    {
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        var answer = await Admin.GetAsync($"{path}{separator}page_size=200");
        Assert.That(answer.Status, Is.EqualTo(System.Net.HttpStatusCode.OK), answer.Text);
        return int.Parse(answer.Headers[CountHeader], System.Globalization.CultureInfo.InvariantCulture);
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
