using ContainerGroups.Host.Cli;

return await CommandLine.RunAsync(args);
