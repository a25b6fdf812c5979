using System.Text;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace ContainerGroups.Migrations;

/// <summary>Migration operations as C# calls of a <c>MigrationBuilder</c> named <c>m</c>.</summary>
internal sealed class OperationText(ILookup<(string Table, string Column), IEnumerable<IAnnotation>> annotations)
{
    private readonly StringBuilder _text = new();

    public string Print(IEnumerable<MigrationOperation> operations)
    {
        foreach (var operation in operations)
        {
            Print(operation);
        }

        return _text.ToString();
    }

    private void Print(MigrationOperation operation)
    {
        switch (operation)
        {
            case CreateTableOperation o:
                Table(o);
                break;
            case DropTableOperation o:
                Call("DropTable", Text(o.Name));
                break;
            case CreateIndexOperation o:
                Call("CreateIndex", Text(o.Name), Text(o.Table), Names(o.Columns), Flag("unique", o.IsUnique),
                    o.Filter is null ? "" : "filter: " + Text(o.Filter),
                    o.IsDescending is null ? "" : $"descending: [{string.Join(", ", o.IsDescending.Select(x => Literals.Of(x)))}]");
                break;
            case DropIndexOperation o:
                Call("DropIndex", Text(o.Name), Text(o.Table!));
                break;
            case AddColumnOperation o:
                Line($"m.AddColumn<{Literals.TypeName(o.ClrType)}>({Arguments([Text(o.Name), Text(o.Table), Column(o)])}){Annotations(o)};");
                break;
            case AlterColumnOperation o:
                Line($"m.AlterColumn<{Literals.TypeName(o.ClrType)}>({Arguments([Text(o.Name), Text(o.Table), Column(o)])}){Annotations(o)};");
                break;
            case DropColumnOperation o:
                Call("DropColumn", Text(o.Name), Text(o.Table));
                break;
            case AddForeignKeyOperation o:
                Call("AddForeignKey", Text(o.Name), Text(o.Table), Names(o.Columns), Text(o.PrincipalTable),
                    "principalColumns: " + Names(o.PrincipalColumns!), "onDelete: ReferentialAction." + o.OnDelete);
                break;
            case DropForeignKeyOperation o:
                Call("DropForeignKey", Text(o.Name), Text(o.Table));
                break;
            case RenameColumnOperation o:
                Call("RenameColumn", Text(o.Name), Text(o.Table), Text(o.NewName));
                break;
            case RenameTableOperation o:
                Call("RenameTable", Text(o.Name), "newName: " + Text(o.NewName!));
                break;
            case RenameIndexOperation o:
                Call("RenameIndex", Text(o.Name), Text(o.NewName), Text(o.Table!));
                break;
            case AlterDatabaseOperation:
                break;
            default:
                throw new NotSupportedException($"{operation.GetType().Name} is not known to this tool; write this migration by hand.");
        }
    }

    private void Table(CreateTableOperation table)
    {
        Line($"m.CreateTable({Text(table.Name)}, t => new");
        Line("{");
        foreach (var c in table.Columns)
        {
            Line($"    {c.Name} = t.Column<{Literals.TypeName(c.ClrType)}>({Arguments([Column(c)])}){Annotations(c)},");
        }

        Line("}, constraints: t =>");
        Line("{");
        Line($"    t.PrimaryKey({Text(table.PrimaryKey!.Name)}, x => {Members(table.PrimaryKey.Columns)});");
        foreach (var u in table.UniqueConstraints)
        {
            Line($"    t.UniqueConstraint({Text(u.Name)}, x => {Members(u.Columns)});");
        }

        foreach (var f in table.ForeignKeys)
        {
            Line($"    t.ForeignKey({Text(f.Name)}, x => {Members(f.Columns)}, {Text(f.PrincipalTable)}, {Principal(f.PrincipalColumns!)}, onDelete: ReferentialAction.{f.OnDelete});");
        }

        foreach (var k in table.CheckConstraints)
        {
            Line($"    t.CheckConstraint({Text(k.Name)}, {Text(k.Sql)});");
        }

        Line("});");
    }

    private string Annotations(ColumnOperation column) => string.Concat(annotations[(column.Table, column.Name)]
        .SelectMany(x => x)
        .Where(a => a.Name.StartsWith("Sqlite:", StringComparison.Ordinal) || a.Name.StartsWith("Npgsql:", StringComparison.Ordinal))
        .DistinctBy(a => a.Name)
        .OrderBy(a => a.Name, StringComparer.Ordinal)
        .Select(a => $".Annotation({Text(a.Name)}, {Literals.Of(a.Value)})"));

    private static string Column(ColumnOperation c) => Arguments(
    [
        $"nullable: {Literals.Of(c.IsNullable)}",
        c.MaxLength is null ? "" : $"maxLength: {c.MaxLength}",
        c.Precision is null ? "" : $"precision: {c.Precision}",
        c.Scale is null ? "" : $"scale: {c.Scale}",
        c.DefaultValue is null ? "" : $"defaultValue: {Literals.Of(c.DefaultValue)}",
        c.DefaultValueSql is null ? "" : $"defaultValueSql: {Text(c.DefaultValueSql)}",
    ]);

    private void Call(string method, params string[] arguments) => Line($"m.{method}({Arguments(arguments)});");

    private static string Arguments(IEnumerable<string> arguments) => string.Join(", ", arguments.Where(x => x.Length > 0));

    private static string Flag(string name, bool value) => value ? name + ": true" : "";

    private static string Members(string[] names) => names.Length == 1 ? "x." + names[0] : $"new {{ {string.Join(", ", names.Select(n => "x." + n))} }}";

    private static string Principal(string[] names) => names.Length == 1 ? Text(names[0]) : Names(names);

    private static string Names(IEnumerable<string> names) => $"[{string.Join(", ", names.Select(Text))}]";

    private static string Text(string value) => Literals.Of(value);

    private void Line(string line) => _text.Append("        ").AppendLine(line);
}
