// Renders pages of the server bundle that Reflex builds: one JSON request a line on stdin, one JSON
// answer a line on stdout. The portal writes this file into .web and starts it there.
import readline from "node:readline";
import vm from "node:vm";

const send = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);
// stdout belongs to the protocol.
for (const level of ["log", "info", "debug", "warn"]) console[level] = console.error;

const { createRequestHandler } = await import("react-router");
const build = await import("./build/server/index.js");
// The build's own prerendering renders a fixed list of paths; this renders any path, the same way.
// The router of a language puts its prefix before every link (`basename`).
const handlers = new Map();
function handlerOf(basename) {
  if (!handlers.has(basename)) {
    const any = { ...build, basename, prerender: { length: 1, some: () => true } };
    handlers.set(basename, createRequestHandler(any, "production"));
  }
  return handlers.get(basename);
}
// What the browser's script of messages leaves behind, by its source.
const tables = new Map([["", undefined]]);
function tableOf(source) {
  if (!tables.has(source)) {
    vm.runInThisContext(source);
    tables.set(source, globalThis.__portalWords);
  }
  return tables.get(source);
}
const state = globalThis.__portalInitialState;
if (!state) throw new Error("the build has no seed component (portal/components/seed.py)");

async function render({ path, seed, prefix = "", words = "" }) {
  const before = {};
  for (const [name, fields] of Object.entries(seed)) {
    if (!state[name]) throw new Error(`the build does not know the state ${name}`);
    before[name] = { ...state[name] };
    Object.assign(state[name], fields);
  }
  try {
    // React answers a crawler when everything is ready: there is one document and no stream.
    const headers = { "user-agent": "Googlebot" };
    globalThis.__portalWords = tableOf(words);
    const request = new Request(`http://localhost${prefix}${path}`, { headers });
    const response = await handlerOf(prefix || "/")(request);
    return { status: response.status, html: await response.text() };
  } finally {
    for (const [name, fields] of Object.entries(before)) Object.assign(state[name], fields);
  }
}

// One at a time: the state that a page is rendered from is one object in the bundle.
let queue = Promise.resolve();
const lines = readline.createInterface({ input: process.stdin });
lines.on("line", (line) => {
  queue = queue.then(async () => {
    try {
      send(await render(JSON.parse(line)));
    } catch (error) {
      send({ error: String(error?.stack ?? error) });
    }
  });
});
lines.on("close", () => process.exit(0));
send({ ready: true });
