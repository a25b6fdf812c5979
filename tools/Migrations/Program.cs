using ContainerGroups.Migrations;

if (args is not ([{ Length: > 0 }] or [{ Length: > 0 }, "--replace-all"]))
{
    Console.Error.WriteLine("usage: NAME [--replace-all]   (docs/adr tells more)");
    return 2;
}

var root = new DirectoryInfo(Directory.GetCurrentDirectory());
while (root is not null && !File.Exists(Path.Combine(root.FullName, "ContainerGroups.sln")))
{
    root = root.Parent;
}

if (root is null)
{
    Console.Error.WriteLine("This is to be run inside the repository.");
    return 2;
}

try
{
    return MigrationWriter.Write(args[0], Path.Combine(root.FullName, "src", "Host", "Storage", "Migrations"), replaceAll: args.Length == 2);
}
catch (NotSupportedException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
