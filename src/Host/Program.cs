using ContainerGroups.Host.Cli;
using ContainerGroups.Host.Hosting;

NativeSqlite.Offer();
return await CommandLine.RunAsync(args);
