using ContainerGroups.Migrations;

if (args is not [var name, var directory, ..] || args.Length > 3 || (args.Length == 3 && args[2] != "--replace-all"))
{
    Console.Error.WriteLine("usage: NAME DIRECTORY [--replace-all]   (DIRECTORY is src/Host/Storage/Migrations; see docs/adr)");
    return 2;
}

try
{
    return MigrationWriter.Write(name, directory, replaceAll: args.Length == 3);
}
catch (NotSupportedException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
