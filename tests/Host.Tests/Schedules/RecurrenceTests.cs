using System.Globalization;
using ContainerGroups.Host.Schedules.Recurrences;
using ContainerGroups.Tests.Shared;

namespace ContainerGroups.Host.Tests.Schedules;

/// <summary>When rules give occurrences: as python-dateutil, on which AWX stands.</summary>
internal sealed class RecurrenceTests
{
    private const string Format = "yyyyMMdd'T'HHmmss";

    private static readonly DateTime Now = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static IEnumerable<TestCaseData<string, DateTime, string>> Recorded() =>
        from line in File.ReadLines(Path.Combine(Repository.Root, "tests/Host.Tests/Schedules/occurrences.txt"))
        where line[0] != '#'
        let parts = line.Split('|', StringSplitOptions.TrimEntries)
        select new TestCaseData<string, DateTime, string>(parts[0], DateTime.ParseExact(parts[1], Format, CultureInfo.InvariantCulture), parts[2]);

    [TestCaseSource(nameof(Recorded))]
    public void Occurrences_AreThoseThatDateutilGives(string rrule, DateTime after, string expected)
    {
        var found = RecurrenceReader.Read(rrule).AllAfter(after, new SearchBudget()).Take(10);

        Assert.That(string.Join(' ', found.Select(Text)), Is.EqualTo(expected));
    }

    [TestCase("DTSTART:20300601T120000Z RRULE:FREQ=DAILY;INTERVAL=1", null)]
    [TestCase("DTSTART:20300601T120000Z RRULE:FREQ=DAILY;INTERVAL=1;UNTIL=20300602T170000Z", "20300602T120000Z")]
    [TestCase("DTSTART:20300601T120000Z RRULE:FREQ=DAILY;INTERVAL=1;UNTIL=20300602T000000Z", "20300601T120000Z")]
    [TestCase("DTSTART;TZID=America/New_York:20301231T230000 RRULE:FREQ=YEARLY;INTERVAL=1;COUNT=4", "20340101T040000Z")]
    [TestCase("DTSTART:20000101T000000Z RRULE:FREQ=MINUTELY;INTERVAL=1;UNTIL=20300602T000000Z", "20300602T000000Z")]
    [TestCase("DTSTART:20300101T000000Z RRULE:FREQ=DAILY;INTERVAL=1;COUNT=9 EXRULE:FREQ=DAILY;INTERVAL=2", "20300108T000000Z")]
    [TestCase("DTSTART:20300101T000000Z RRULE:FREQ=DAILY;INTERVAL=1;UNTIL=20340101T000000Z EXRULE:FREQ=DAILY;INTERVAL=1;BYMONTH=2,3,4,5,6,7,8,9,10,11,12;BYHOUR=0 EXRULE:FREQ=YEARLY;INTERVAL=1;BYMONTHDAY=1;BYMONTH=1",
        "20330131T000000Z")]
    public void Last_IsTheLastOneThatIsNotTakenAway(string rrule, string? expected) =>
        Assert.That(RecurrenceReader.Read(rrule).Last(new SearchBudget()) is { } last ? Text(last) : null, Is.EqualTo(expected));

    [Test]
    public void MinutesFromLongAgo_AreNotCountedThrough()
    {
        var budget = new SearchBudget();
        var next = RecurrenceReader.Read("DTSTART:19700101T000000Z RRULE:FREQ=MINUTELY;INTERVAL=7").After(Now, budget);

        Assert.That(next, Is.EqualTo(Now.AddMinutes(7 - (Now - DateTime.UnixEpoch).TotalMinutes % 7)));
        Assert.That(Enumerable.Range(0, 190_000).All(_ => budget.Spend()), "hardly anything of it was used");
    }

    [TestCase("DTSTART:20300101T000000Z RRULE:FREQ=MINUTELY;INTERVAL=1;BYMONTH=2;BYMONTHDAY=30")]
    [TestCase("DTSTART:20300101T000000Z RRULE:FREQ=DAILY;INTERVAL=1 EXRULE:FREQ=DAILY;INTERVAL=1")]
    [TestCase("DTSTART:20300101T060000Z RRULE:FREQ=HOURLY;INTERVAL=24;BYHOUR=5")]
    public void RuleWithoutOccurrence_IsGivenUp_AndRefused(string rrule) =>
        Assert.That(RruleRules.FaultsOf(rrule, Now), Is.EqualTo(new[] { "rrule parsing failed validation: its occurrences are too rare or too many to be found" }));

    [TestCase("DTSTART;TZID=America/New_York:20380601T120000  RRULE:FREQ=HOURLY;INTERVAL=1;UNTIL=20380601T170000",
        "DTSTART;TZID=America/New_York:20380601T120000 RRULE:FREQ=HOURLY;INTERVAL=1;UNTIL=20380601T210000Z")]
    [TestCase("DTSTART:20380601T120000Z\nRRULE:FREQ=HOURLY;INTERVAL=1;UNTIL=20380601T170000Z",
        "DTSTART:20380601T120000Z RRULE:FREQ=HOURLY;INTERVAL=1;UNTIL=20380601T170000Z")]
    public void EndWithoutZone_IsMeantWhereTheStartIs(string rrule, string stored)
    {
        var recurrence = RecurrenceReader.Read(rrule);

        Assert.That(RecurrenceReader.Normalize(rrule, recurrence.Zone), Is.EqualTo(stored));
        Assert.That(recurrence.Until, Is.EqualTo(new DateTime(2038, 6, 1, 17, 0, 0)));
        Assert.That(RecurrenceReader.Read(stored).Until, Is.EqualTo(recurrence.Until));
    }

    [TestCase("DTSTART:NONSENSE", "Valid DTSTART required in rrule. Value should start with: DTSTART:YYYYMMDDTHHMMSSZ")]
    [TestCase("DTSTART:20300308T050000 RRULE:FREQ=DAILY;INTERVAL=1", "DTSTART cannot be a naive datetime.  Specify ;TZINFO= or YYYYMMDDTHHMMSSZZ.")]
    [TestCase("DTSTART:20300308T050000Z DTSTART:20310308T050000", "Multiple DTSTART is not supported.")]
    [TestCase("DTSTART:20300308T050000Z", "One or more rule required in rrule.")]
    [TestCase("DTSTART:20300308T050000Z RRULE:FREQ=MONTHLY;INTERVAL=1; EXDATE:20220401", "EXDATE not allowed in rrule.")]
    [TestCase("DTSTART:20300308T050000Z RRULE:FREQ=MONTHLY;INTERVAL=1; RDATE:20220401", "RDATE not allowed in rrule.")]
    [TestCase("DTSTART:20300308T050000Z RRULE:FREQ=SECONDLY;INTERVAL=5;COUNT=6", "SECONDLY is not supported: RULE:FREQ=SECONDLY;INTERVAL=5;COUNT=6")]
    [TestCase("DTSTART:20300308T050000Z RRULE:NONSENSE", "INTERVAL required in rrule: RULE:NONSENSE")]
    [TestCase("DTSTART:20300308T050000Z RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=5MO", "BYDAY with numeric prefix not supported: RULE:FREQ=YEARLY;INTERVAL=1;BYDAY=5MO")]
    [TestCase("DTSTART:20030925T104941Z RRULE:FREQ=DAILY;INTERVAL=10;COUNT=500;UNTIL=20040925T104941Z",
        "RRULE may not contain both COUNT and UNTIL: RULE:FREQ=DAILY;INTERVAL=10;COUNT=500;UNTIL=20040925T104941Z")]
    [TestCase("DTSTART:20300308T050000Z RRULE:FREQ=DAILY;INTERVAL=1;COUNT=2000", "COUNT > 999 is unsupported: RULE:FREQ=DAILY;INTERVAL=1;COUNT=2000")]
    [TestCase("DTSTART:20300308T050000Z RRULE:FREQ=DAILY;INTERVAL=1;COUNT=99999999999", "COUNT > 999 is unsupported: RULE:FREQ=DAILY;INTERVAL=1;COUNT=99999999999")]
    [TestCase("DTSTART;TZID=US-Eastern:19961105T090000 RRULE:FREQ=MINUTELY;INTERVAL=10;COUNT=5",
        "rrule parsing failed validation: A valid TZID must be provided (e.g., America/New_York). Invalid: ['US-Eastern']")]
    [TestCase("DTSTART;TZID=../../etc/passwd:19961105T090000 RRULE:FREQ=MINUTELY;INTERVAL=10;COUNT=5",
        "rrule parsing failed validation: A valid TZID must be provided (e.g., America/New_York). Invalid: ['../../etc/passwd']")]
    [TestCase("DTSTART:20300308T050000Z RRULE:FREQ=REGULARLY;INTERVAL=1", "rrule parsing failed validation: invalid 'FREQ': REGULARLY")]
    [TestCase("DTSTART;TZID=America/New_York:20300308T050000Z RRULE:FREQ=DAILY;INTERVAL=1", "rrule parsing failed validation: DTSTART/EXDATE specifies multiple timezone")]
    [TestCase("DTSTART:20300308T050000Z RRULE:FREQ=DAILY;INTERVAL=0", "rrule parsing failed validation: invalid 'INTERVAL': 0")]
    [TestCase("DTSTART:20300308T050000Z RRULE:FREQ=DAILY;INTERVAL=1;BYHOUR=24", "rrule parsing failed validation: invalid 'BYHOUR': 24")]
    [TestCase("DTSTART:20300308T050000Z RRULE:FREQ=DAILY;INTERVAL=1;BYLUCK=7", "rrule parsing failed validation: unknown parameter 'BYLUCK'")]
    [TestCase("DTSTART:20301308T050000Z RRULE:FREQ=DAILY;INTERVAL=1", "rrule parsing failed validation: invalid 'DTSTART': 20301308T050000Z")]
    public void BadRule_IsRefusedInAwxsWords(string rrule, string expected) => Assert.That(RruleRules.FaultsOf(rrule, Now), Does.Contain(expected));

    [Test]
    public void SeveralFaults_AreToldTogether()
    {
        const string Rule = "EXRULE:FREQ=SECONDLY DTSTART;TZID=US-Eastern:19961105T090000 RRULE:FREQ=MINUTELY;INTERVAL=10;COUNT=5;UNTIL=20220101 "
            + "DTSTART;TZID=US-Eastern:19961105T090000";

        Assert.That(RruleRules.FaultsOf(Rule, Now).SkipLast(1), Is.EqualTo(new[]
        {
            "Multiple DTSTART is not supported.",
            "INTERVAL required in rrule: RULE:FREQ=SECONDLY",
            "RRULE may not contain both COUNT and UNTIL: RULE:FREQ=MINUTELY;INTERVAL=10;COUNT=5;UNTIL=20220101",
        }));
    }

    [TestCase("DTSTART:99991231T235959Z RRULE:FREQ=MINUTELY;INTERVAL=1")]
    [TestCase("DTSTART:99991231T235959Z RRULE:FREQ=WEEKLY;INTERVAL=100000")]
    [TestCase("DTSTART;TZID=Asia/Kolkata:00010101T000000 RRULE:FREQ=HOURLY;INTERVAL=100000")]
    [TestCase("DTSTART;TZID=America/New_York:00010101T000000 RRULE:FREQ=WEEKLY;INTERVAL=1;WKST=SU;BYDAY=SA")]
    [TestCase("DTSTART;TZID=America/New_York:99991231T235959 RRULE:FREQ=YEARLY;INTERVAL=1;UNTIL=99991231T235959Z")]
    public void EndsOfTheCalendar_AreReached(string rrule) => Assert.That(() => RruleRules.FaultsOf(rrule, Now), Throws.Nothing);

    [Test]
    public void Zones_AreTheMachines_WithTheirOtherNames()
    {
        Assert.That(TimeZones.Names, Does.Contain("UTC").And.Contain("Europe/Berlin").And.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
        Assert.That(TimeZones.Links.Select(link => link.Key), Is.SubsetOf(TimeZones.Names));
    }

    private static string Text(DateTime time) => time.ToString(Format + "'Z'", CultureInfo.InvariantCulture);
}
