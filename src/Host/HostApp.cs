using ContainerGroups.Host.Access;
using ContainerGroups.Host.Activity;
using ContainerGroups.Host.Api;
using ContainerGroups.Host.Ansible;
using ContainerGroups.Host.Credentials;
using ContainerGroups.Host.Dispatch;
using ContainerGroups.Host.ExecutionEnvironments;
using ContainerGroups.Host.Hosting;
using ContainerGroups.Host.InstanceGroups;
using ContainerGroups.Host.Inventories;
using ContainerGroups.Host.JobTemplates;
using ContainerGroups.Host.Jobs;
using ContainerGroups.Host.Labels;
using ContainerGroups.Host.Login;
using ContainerGroups.Host.Notifications;
using ContainerGroups.Host.OData;
using ContainerGroups.Host.Organizations;
using ContainerGroups.Host.Output;
using ContainerGroups.Host.Plugins;
using ContainerGroups.Host.Projects;
using ContainerGroups.Host.Rest;
using ContainerGroups.Host.Schedules;
using ContainerGroups.Host.Storage;

namespace ContainerGroups.Host;

/// <summary>The server, put together: every capability once, in the order of the folders, nothing else.</summary>
internal static class HostApp
{
    /// <param name="args">Configuration as <c>--Key value</c>; <c>--data</c>, <c>--urls</c> and <c>--instance</c> among them.</param>
    /// <param name="overrides">What the caller wants different, applied last: the seam of <c>run</c> and of the tests.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? overrides = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(HostApp).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        ConfigurationSources.AddTo(builder.Configuration, args);
        AddCapabilities(builder.Services, builder.Configuration);
        builder.AddHosting();
        overrides?.Invoke(builder);

        var app = builder.Build();
        app.UseHosting();
        app.UseRest();
        MapCapabilities(app);
        return app;
    }

    /// <summary>One line for each capability, lowest folder first.</summary>
    private static void AddCapabilities(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddStorage(configuration);
        services.AddAccess(configuration);
        services.AddRest();
        services.AddPlugins(configuration);
        services.AddCredentials();
        services.AddExecutionEnvironments(configuration);
        services.AddInstanceGroups(configuration);
        services.AddNotifications(configuration);
        services.AddOrganizations();
        services.AddLabels();
        services.AddActivity();
        services.AddLogin();
        services.AddOutput(configuration);
        services.AddInventories();
        services.AddProjects(configuration);
        services.AddJobTemplates();
        services.AddAnsible();
        services.AddJobs();
        services.AddSchedules();
        services.AddDispatch(configuration);
        services.AddOData(configuration);
        services.AddApi();
    }

    /// <summary>One line for each capability that has endpoints.</summary>
    private static void MapCapabilities(WebApplication app)
    {
        app.MapJobs();
        app.MapSchedules();
        app.MapRest();
        app.MapOData();
        app.MapApi();
        app.MapLogin();
        app.MapOutput();
        app.MapAnsible();
    }
}
