// Reads a server of its own by a client of OData that this project did not write, to the last row: node read.mjs SERVER.dll
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import client from "@odata/client";

const { OData, ODataFilter } = client;
const [server] = process.argv.slice(2);
const credential = { username: "admin", password: "odata client: s3cret" };
const rows = 40;
const pageSize = 7;

const directory = await mkdtemp(join(tmpdir(), "odata-client-"));
const running = spawn("dotnet", [server, "serve", "--data", directory, "--urls", "http://127.0.0.1:0"], {
    env: { ...process.env, CG_ADMIN_PASSWORD: credential.password, CG_ODATA__PAGESIZE: String(pageSize) },
    stdio: ["ignore", "ignore", "inherit"],
});
const ended = new Promise((resolve) => running.once("exit", resolve));
try {
    const url = await Promise.race([addressOf(directory), ended.then((code) => Promise.reject(new Error(`the server ended with ${code}`)))]);
    const ids = await makeRows(url);
    await readRows(url, ids);
} finally {
    running.kill("SIGKILL");
    await ended;
    await rm(directory, { recursive: true, force: true });
}

/** Where the server listens; it says so in a file when it does. */
async function addressOf(data) {
    for (const end = Date.now() + 120_000; Date.now() < end; await delay(100)) {
        try {
            return JSON.parse(await readFile(join(data, "server.json"), "utf8")).url;
        } catch {
            // Not yet there, or not yet whole.
        }
    }

    throw new Error("the server did not start");
}

/** Hosts with names of every kind, and what each name has for its id. */
async function makeRows(url) {
    const inventory = await create(url, "inventories/", { name: "clients", organization: 1 });
    const names = Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? `web${i}` : i % 3 === 1 ? `dätä-${i}` : `o'neil & sons ${i}%`));
    const ids = new Map();
    for (const name of names) {
        ids.set((await create(url, "hosts/", { name, inventory: inventory.id, enabled: ids.size % 2 === 0 })).id, name);
    }

    return ids;
}

async function create(url, path, body) {
    const response = await fetch(new URL(`/api/v2/${path}`, url), {
        method: "POST",
        headers: {
            "content-type": "application/json",
            authorization: `Basic ${Buffer.from(`${credential.username}:${credential.password}`).toString("base64")}`,
        },
        body: JSON.stringify(body),
    });
    const text = await response.text();
    assert.equal(response.status, 201, `POST ${path}: ${text}`);
    return JSON.parse(text);
}

async function readRows(url, ids) {
    const odata = OData.New4({ serviceEndpoint: new URL("/odata/", url).href, credential });
    const all = await follow(odata, odata.newParam().select(["Id", "Name"]).orderby("Name"));
    assert.equal(all.rows.length, rows, "every row comes, and once");
    assert.deepEqual(new Map(all.rows.map((row) => [row.Id, row.Name])), ids, "each with its name");
    assert.equal(all.links, Math.ceil(rows / pageSize) - 1, "a link behind each page but the last");

    const enabled = await follow(odata, odata.newParam().filter(ODataFilter.newFilter().field("Enabled").eq(true)).count(true));
    assert.equal(enabled.rows.length, rows / 2);
    assert.equal(enabled.count, rows / 2, "the number of all, on the first page");
    assert.ok(enabled.rows.every((row) => row.Enabled));

    // Not one with an apostrophe: the client writes texts into URLs without doubling those.
    const named = await odata.getEntitySet("Hosts").find({ Name: "dätä-1" });
    assert.deepEqual(named.map((row) => ids.get(row.Id)), ["dätä-1"]);
    const [first] = all.rows;
    assert.equal((await odata.getEntitySet("Hosts").retrieve(first.Id)).Name, first.Name);
    console.log(`${rows} rows by ${all.links} links, ${enabled.count} of them by a filter, one by its name and one by its key: as they were made`);
}

/** The rows of a set, page after page: the client asks for each link that it was given, as it was given. */
async function follow(odata, params) {
    let page = await odata.newRequest({ collection: "Hosts", params });
    const count = Number(page["@odata.count"]);
    const found = [...page.value];
    let links = 0;
    for (; page["@odata.nextLink"]; links++) {
        page = await odata.requestUri(page["@odata.nextLink"]);
        assert.ok(page.value.length <= pageSize);
        found.push(...page.value);
    }

    return { rows: found, links, count };
}
