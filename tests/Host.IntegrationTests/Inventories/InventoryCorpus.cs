namespace ContainerGroups.Host.IntegrationTests.Inventories;

/// <summary>Inventories as people write them.</summary>
internal static class InventoryCorpus
{
    public static IReadOnlyList<(string Name, string Text)> All { get; } =
    [
        ("one host", "localhost ansible_connection=local\n"),
        ("comments", "# a\n; b\n\nweb1 # c\nweb2 x=1 # d\n[g] # e\nweb1\n"),
        ("ranges", "[web]\nweb[01:12].example.org\ndb-[a:c]:5432\nn[0:10:5]\nr[1:2]c[1:2]\n"),
        ("ports", "a:22\nb.example.org:2222 x=1\n[2001:db8::1]:22\n2001:db8::2\nunder_score:7\n"),
        ("types", "h i=5 f=1.0 n=-3 t=True l=true z=None s=word e='' q='a b' dq=\"it's\" p=007 x=0x1f ip=10.0.0.1 v=1.2.3 u=1_000\n"),
        ("structures", "h a=[1,2] b=\"{'k': [1, None]}\" c='(1, 2)' d=1,2 e=\"[1\" f='{{ x }}'\n"),
        ("vars section", "[g]\nh\n[g:vars]\na = 5\nb=\"x y\"\nc = x # y\nd = 5 # five\ne=[1, 2]  \nf=\ng = a=b\nh=yes\n"),
        ("all and ungrouped", "lone\n[ungrouped]\nlone2\n[ungrouped:vars]\nu=1\n[all:vars]\na=1\n[g]\nh\nlone\n"),
        ("children", "[a]\nx\n[b]\ny\n[parent:children]\na\nb\n[parent:vars]\nv=parent\n[top:children]\nparent # all\n[a:vars]\nv=a\n"),
        ("children first", "[top:children]\nmid\n[mid:children]\nlow\n[low]\nh\n[low:vars]\nk=v\n"),
        ("diamond", "[l]\nh\n[r]\nh\n[m:children]\nl\nr\n[n:children]\nl\nm\n"),
        ("vars before group", "[g:vars]\na=1\n[g]\nh\n"),
        ("repeated host", "[a]\nh x=1 y=1\n[b]\nh x=2\n"),
        ("quotes and escapes", "h a=\"say \\\"hi\\\"\" b='back\\\\slash' c=a\\ b d=\"tab\\\\t\" e='#no' f=x#comment\n"),
        ("odd names", "[my-group.x]\nhost_1\nHOST-2\n[plugin]\nhost_1\n[123]\nh4\n"),
        ("unicode", "[grün]\nhöst name=\"ä ö\"\n"),
        ("group priority", "[a]\nh\n[b]\nh\n[a:vars]\nansible_group_priority=10\nv=a\n[b:vars]\nv=b\n"),
        ("empty groups", "[a]\n[b:children]\na\n"),
        ("windows line ends", "[g]\r\nh a=1\r\n[g:vars]\r\nb=2\r\n"),
        ("yaml flat", "---\nall:\n  hosts:\n    a:\n    b: {x: 1}\n"),
        ("yaml nested", "all:\n  vars: {site: n}\n  hosts:\n    lone: {}\n  children:\n    prod:\n      vars:\n        env: prod\n      children:\n        web:\n          hosts:\n            web[1:3]:\n              port: 80\n        db:\n          hosts:\n            db1: null\n"),
        ("yaml several roots", "web:\n  hosts: {a: , b: }\ndb:\n  hosts: {c: }\n  children:\n    web:\n"),
        ("yaml strings for mappings", "g:\n  hosts: only\n  children: kid\n"),
        ("yaml types", "all:\n  hosts:\n    h:\n      i: 5\n      o: 0777\n      y: yes\n      n: no\n      s: '5'\n      f: 1.50\n      e: 1e3\n      b: 0b11\n      t: 12:30\n      z: ~\n      d: {a: [1, {b: c}]}\n      m: |\n        two\n        lines\n      x: >-\n        one\n        line\n"),
        ("yaml anchors", "x:\n  hosts:\n    a: &v\n      p: 1\n      q: [1]\n    b:\n      <<: *v\n      q: 2\n    c: *v\n"),
        ("yaml ports and ungrouped", "ungrouped:\n  hosts:\n    a:22:\n      x: 1\ng:\n  hosts:\n    'b:2222':\n"),
        ("yaml vault and unsafe", "all:\n  hosts:\n    h:\n      u: !unsafe '{{ no }}'\n"),
        ("json", "{\"all\": {\"hosts\": {\"a\": {\"x\": 1.0, \"y\": [true, null]}}, \"children\": {\"g\": {\"hosts\": {\"a\": null}}}}}"),
        ("empty", "# nothing here\nh\n"),
    ];
}
