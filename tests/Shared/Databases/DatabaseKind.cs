using System.Collections;

namespace ContainerGroups.Tests.Shared;

/// <summary>The databases that the product runs on.</summary>
public enum DatabaseKind
{
    Sqlite,
    Postgres,
}

/// <summary>What fixtures on both databases are made of; <c>CG_TEST_POSTGRES=skip</c> leaves PostgreSQL out.</summary>
public sealed class DatabaseKinds : IEnumerable
{
    /// <summary>For what SQLite has no part in: several hosts, connections that are lost.</summary>
    public static IEnumerable<TestFixtureData> PostgresOnly
    {
        get
        {
            if (PostgresDatabases.Given != "skip")
            {
                var postgres = new TestFixtureData(DatabaseKind.Postgres);
                postgres.Properties.Set("Category", "Postgres");
                yield return postgres;
            }
        }
    }

    public IEnumerator GetEnumerator() => PostgresOnly.Prepend(new TestFixtureData(DatabaseKind.Sqlite)).GetEnumerator();
}
