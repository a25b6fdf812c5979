namespace ContainerGroups.Host.Output;

/// <summary>What jobs print: stored, read, followed.</summary>
internal static class OutputModule
{
    public static IServiceCollection AddOutput(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<OutputSignals>();
        services.AddSingleton<OutputStall>();
        services.AddSingleton<OutputWriteQueue>();
        services.AddSingleton<OutputStore>();
        return services;
    }
}
