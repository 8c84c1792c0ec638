// Unit tests of token_source.js, run by test_token_source.py with `node --test`.
// The file is a plain script: it is evaluated with a `fetch`, `document` and `window` of our own, and
// with a clock that these tests move (`mock.timers`).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, mock, test } from "node:test";

const FILE = new URL("../../../portal/components/player/token_source.js", import.meta.url);
const SOURCE = readFileSync(FILE, "utf8");
const ENDPOINT = "/api/movies/the-film/stream-token";

let asked;
let answers;
let page;

const grant = (number, more = {}) => ({
  sessionId: "session-1",
  token: `token-${number}`,
  url: `/hls/token-${number}/m/main.m3u8`,
  expiresIn: 10,
  renewAfter: 6,
  ...more,
});
const json = (body, status = 200, headers = {}) => () =>
  Promise.resolve({
    ok: status < 400,
    status,
    headers: new Headers(headers),
    json: () => Promise.resolve(body),
  });
const refusal = (status, code, headers) => json({ code, detail: `words of ${code}` }, status, headers);
const lost = () => Promise.reject(new TypeError("network"));

function createTokenSource(options) {
  const fetch = (url, init) => {
    asked.push({ url, body: JSON.parse(init.body) });
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    return answer();
  };
  const AbortSignal = { timeout: () => undefined };
  const names = ["fetch", "document", "window", "AbortSignal"];
  const make = new Function(...names, `${SOURCE}; return createTokenSource;`);
  return make(fetch, page, page, AbortSignal)(ENDPOINT, options);
}

// Lets promises that are settled run on; the mocked clock stands still meanwhile.
const settle = async () => {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
};
const pass = async (ms) => {
  for (let rest = ms; rest > 0; rest -= 100) {
    mock.timers.tick(Math.min(100, rest));
    await settle();
  }
};

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  asked = [];
  answers = [json(grant(1)), json(grant(2)), json(grant(3)), json(grant(4))];
  page = Object.assign(new EventTarget(), { visibilityState: "visible" });
});

test("opens a session once for all that ask at the same time", async () => {
  const source = createTokenSource();
  const [first, second] = await Promise.all([source.get(), source.get()]);
  assert.equal(first.token, "token-1");
  assert.equal(second, first);
  assert.deepEqual(asked, [{ url: ENDPOINT, body: {} }]);
});

test("renews the session at the time the portal names", async () => {
  const source = createTokenSource();
  await source.get();
  await pass(5900);
  assert.equal(asked.length, 1);
  await pass(200);
  assert.deepEqual(asked[1].body, { sessionId: "session-1" });
  assert.equal(source.current().token, "token-2");
});

test("a request does not leave with a token that is about to end", async () => {
  const source = createTokenSource({ mayRenew: () => false });
  await source.get();
  await pass(7400);
  assert.equal((await source.get()).token, "token-1");
  await pass(200); // a quarter of its life is left: from here on it is renewed first
  assert.equal((await source.get()).token, "token-2");
});

test("nobody watches: no renewal until somebody asks", async () => {
  let watching = false;
  const source = createTokenSource({ mayRenew: () => watching });
  await source.get();
  await pass(60_000);
  assert.equal(asked.length, 1);
  watching = true;
  source.wake();
  await settle();
  assert.equal(source.current().token, "token-2");
});

test("puts the newest token into an address, and leaves others alone", async () => {
  const source = createTokenSource();
  assert.equal(source.rewrite("/hls/old/m/s/1.m4s"), "/hls/old/m/s/1.m4s");
  await source.get();
  assert.equal(source.rewrite("http://x/hls/old/m/s/1.m4s"), "http://x/hls/token-1/m/s/1.m4s");
  assert.equal(source.rewrite("/artwork/a/b.jpg"), "/artwork/a/b.jpg");
});

for (const [status, code] of [[403, "session-revoked"], [404, "movie-not-found"], [410, "not-available"], [429, "too-many-streams"]]) {
  test(`${code} is final: one call, until the viewer tries again`, async () => {
    const source = createTokenSource();
    await source.get();
    const told = [];
    source.on("refused", (error) => told.push(error));
    answers = [refusal(status, code)];
    await pass(6000);
    await assert.rejects(source.get(), { status, code, detail: `words of ${code}` });
    page.dispatchEvent(new Event("online"));
    page.dispatchEvent(new Event("visibilitychange"));
    await pass(60_000);
    assert.equal(asked.length, 2);
    assert.equal(told.length, 1);
    assert.ok(source.isRefused());

    answers = [json(grant(9))];
    source.reset();
    assert.equal((await source.get()).token, "token-9");
    // The session still counts among the viewer's streams, unless it was refused itself.
    assert.deepEqual(asked[2].body, status === 403 ? {} : { sessionId: "session-1" });
  });
}

test("too many requests are waited out as long as the portal says", async () => {
  answers = [refusal(429, "rate-limited", { "Retry-After": "7" }), json(grant(1))];
  const source = createTokenSource();
  const waits = [];
  source.on("waiting", (error, ms) => waits.push([error.code, ms]));
  const asking = source.get();
  await pass(6900);
  assert.equal(asked.length, 1);
  await pass(200);
  assert.equal((await asking).token, "token-1");
  assert.deepEqual(waits, [["rate-limited", 7000]]);
});

test("trouble is tried again a bounded number of times, with pauses that grow", async () => {
  answers = [refusal(503, "unavailable")];
  const source = createTokenSource();
  const waits = [];
  source.on("waiting", (_error, ms) => waits.push(ms));
  const asking = assert.rejects(source.get(), { status: 503 });
  await pass(7600);
  await asking;
  assert.deepEqual(waits, [500, 1000, 2000, 4000]);
  assert.equal(asked.length, 5);
  await assert.rejects(source.get(), { status: 503 }); // hls.js asks twice for each request
  assert.equal(source.isRefused(), false);
});

test("a network that is back ends the pause", async () => {
  answers = [lost, lost, lost, json(grant(1))];
  const source = createTokenSource();
  const asking = source.get();
  await pass(1600);
  assert.equal(asked.length, 3); // the next try would be two seconds later
  page.dispatchEvent(new Event("online"));
  await settle();
  assert.equal((await asking).token, "token-1");
});

test("wakes up with a new token", async () => {
  let watching = false;
  const source = createTokenSource({ mayRenew: () => watching });
  await source.get();
  await pass(20_000);
  watching = true;
  page.dispatchEvent(new Event("pageshow"));
  await settle();
  assert.equal(source.current().token, "token-2");
});

test("takes a grant that was asked for before, and renews it", async () => {
  const source = createTokenSource({ first: Promise.resolve(grant(7)) });
  assert.equal((await source.get()).token, "token-7");
  assert.equal(asked.length, 0);
  await pass(6100);
  assert.deepEqual(asked[0].body, { sessionId: "session-1" });
});

test("an early refusal is final, an early failure is not", async () => {
  const gone = Object.assign(new Error("x"), { status: 410, code: "not-available" });
  const refused = createTokenSource({ first: Promise.reject(gone) });
  await assert.rejects(refused.get(), { status: 410 });
  assert.equal(asked.length, 0);
  const failed = createTokenSource({ first: lost() });
  assert.equal((await failed.get()).token, "token-1");
});

test("a grant's life counts from when it came, not from when it was taken", async () => {
  const arrivedAt = Date.now();
  await pass(7000);
  const source = createTokenSource({ first: Promise.resolve(grant(7, { arrivedAt })) });
  assert.equal((await source.get()).token, "token-7");
  await pass(100); // its time to be renewed was a second ago
  assert.deepEqual(asked[0].body, { sessionId: "session-1" });
});

test("a grant that waited longer than it lives is renewed before anybody gets it", async () => {
  const arrivedAt = Date.now();
  await pass(20_000);
  const source = createTokenSource({ first: Promise.resolve(grant(7, { arrivedAt })) });
  assert.equal((await source.get()).token, "token-1");
});

test("an early answer of too many requests is waited out, not asked again at once", async () => {
  const limited = Object.assign(new Error("x"), { status: 429, code: "rate-limited", retryAfterS: 4 });
  const source = createTokenSource({ first: Promise.reject(limited) });
  const asking = source.get();
  await pass(3900);
  assert.equal(asked.length, 0);
  await pass(200);
  assert.equal((await asking).token, "token-1");
});

test("what is being asked for can be waited for after closing", async () => {
  const source = createTokenSource();
  const asking = source.pending() ?? source.get();
  source.close();
  await asking;
  assert.equal(source.current().sessionId, "session-1");
});

test("a token that was not accepted is replaced; a later one is kept", async () => {
  const source = createTokenSource();
  await source.get();
  source.invalidate("token-0");
  assert.equal((await source.get()).token, "token-1");
  source.invalidate("token-1");
  assert.equal((await source.get()).token, "token-2");
});

test("what is closed asks for nothing more", async () => {
  const source = createTokenSource();
  await source.get();
  source.close();
  await pass(60_000);
  page.dispatchEvent(new Event("online"));
  page.dispatchEvent(new Event("pageshow"));
  await settle();
  assert.equal(asked.length, 1);
});
