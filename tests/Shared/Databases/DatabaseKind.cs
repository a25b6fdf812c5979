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
    public IEnumerator GetEnumerator()
    {
        yield return new TestFixtureData(DatabaseKind.Sqlite);
        if (PostgresDatabases.Given != "skip")
        {
            var postgres = new TestFixtureData(DatabaseKind.Postgres);
            postgres.Properties.Set("Category", "Postgres");
            yield return postgres;
        }
    }
}
