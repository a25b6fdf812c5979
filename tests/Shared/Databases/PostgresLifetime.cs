using ContainerGroups.Tests.Shared;

/// <summary>Ends the PostgreSQL server that the tests of this assembly started, if any; outside of a namespace NUnit runs it last.</summary>
[SetUpFixture]
public sealed class PostgresLifetime
{
    [OneTimeTearDown]
    public Task StopAsync() => PostgresDatabases.StopAsync();
}
