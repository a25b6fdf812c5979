using ContainerGroups.Host.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContainerGroups.Host.Inventories;

/// <summary>Questions about groups inside of groups, asked of the database.</summary>
internal static class GroupTree
{
    /// <summary>The ids of a group and of all groups inside it, at any depth; to be used inside of another query.</summary>
    public static IQueryable<long> Below(AppDb db, long groupId) => db.Database.SqlQuery<long>(
        $"""
        WITH RECURSIVE below("Id") AS (
            SELECT CAST({groupId} AS bigint)
            UNION
            SELECT c."ChildId" FROM "GroupChildren" c JOIN below b ON c."ParentId" = b."Id")
        SELECT "Id" AS "Value" FROM below
        """);

    /// <summary>The ids of a group and of all groups that it is inside of.</summary>
    public static IQueryable<long> Above(AppDb db, long groupId) => db.Database.SqlQuery<long>(
        $"""
        WITH RECURSIVE above("Id") AS (
            SELECT CAST({groupId} AS bigint)
            UNION
            SELECT c."ParentId" FROM "GroupChildren" c JOIN above a ON c."ChildId" = a."Id")
        SELECT "Id" AS "Value" FROM above
        """);

    /// <summary>The ids of all groups that a host is in, at any depth.</summary>
    public static IQueryable<long> AboveHost(AppDb db, long hostId) => db.Database.SqlQuery<long>(
        $"""
        WITH RECURSIVE above("Id") AS (
            SELECT m."GroupId" FROM "GroupHosts" m WHERE m."HostId" = {hostId}
            UNION
            SELECT c."ParentId" FROM "GroupChildren" c JOIN above a ON c."ChildId" = a."Id")
        SELECT "Id" AS "Value" FROM above
        """);
}
