import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { io } from 'socket.io-client';
import { world } from './world.js';

const { executable, page: address, token, customer, pods } = world;
const PATIENCE = 20_000;
let browser;

before(async () => {
  browser = await chromium.launch({ executablePath: executable, args: ['--no-sandbox'] });
});

after(async () => {
  await browser?.close();
});

/** A page that notes whatever goes wrong in it, and where it goes for what it needs. */
async function open(options = {}) {
  const context = await browser.newContext(options);
  await context.addInitScript(() => {
    globalThis.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => {
      globalThis.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const wrong = [];
  const asked = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') wrong.push(message.text());
  });
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(address);
  return { page, wrong, asked, close: () => context.close() };
}

async function enter(page, given) {
  await page.getByLabel('Token').fill(given);
  await page.getByRole('button', { name: 'Show the pods' }).click();
}

const row = (page, { id }) => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: id }) });
const connections = (page, pod) => row(page, pod).locator('[data-name=number]');
const tile = (page, name) => page.locator(`#totals [data-name=${name}] .value`);

async function becomes(locator, text) {
  await locator.filter({ hasText: new RegExp(`^${text}$`) }).waitFor();
}

async function clean({ page, wrong, asked }) {
  assert.deepEqual(wrong, []);
  assert.deepEqual(await page.evaluate(() => globalThis.violations), []);
  const origin = new URL(address).origin;
  assert.deepEqual(asked.filter((url) => new URL(url).origin !== origin), []);
  assert.deepEqual(asked.filter((url) => url.includes(token.slice(0, 40))), []);
}

test('it asks for the token, and then shows both pods, live', async () => {
  const one = await open();
  const { page } = one;
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'dev mode' }).count(), 0);
  assert.equal(await page.getByRole('table').count(), 0);
  await enter(page, token);
  for (const pod of pods) {
    await becomes(connections(page, pod), String(pod.connections));
    await row(page, pod).getByText('serving').waitFor();
  }
  await becomes(tile(page, 'pods'), '2');
  await becomes(tile(page, 'connections'), '3');

  const socket = io(pods[1].address, { auth: { token }, transports: ['websocket'], forceNew: true });
  try {
    await becomes(connections(page, pods[1]), '2');
    await becomes(row(page, pods[1]).locator('[data-name=socketio]'), '1');
    await becomes(tile(page, 'connections'), '4');
  } finally {
    socket.close();
  }
  await becomes(connections(page, pods[1]), '1');
  assert.equal(new URL(page.url()).href, address);
  await clean(one);
  await one.close();
});

test('it remembers the token in its tab until it is told to forget', async () => {
  const one = await open();
  const { page } = one;
  await enter(page, `Bearer ${token}`);
  await row(page, pods[0]).waitFor();
  await page.reload();
  await row(page, pods[1]).waitFor();
  await page.getByRole('button', { name: 'Forget the token' }).click();
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  assert.equal(await page.getByRole('table').count(), 0);
  assert.equal(await page.evaluate(() => sessionStorage.length + localStorage.length), 0);
  await clean(one);
  await one.close();
});

test('it pauses', async () => {
  const one = await open();
  const { page, asked } = one;
  const looks = () => asked.filter((url) => url.endsWith('/ops/pods')).length;
  await enter(page, token);
  await row(page, pods[0]).waitFor();
  const before = looks();
  await page.waitForResponse((response) => response.url().endsWith('/ops/pods'));
  assert.ok(looks() > before);
  await page.getByRole('button', { name: 'Pause' }).click();
  const paused = looks();
  await assert.rejects(page.waitForRequest((request) => request.url().endsWith('/ops/pods'), { timeout: 5000 }));
  assert.equal(looks(), paused);
  await Promise.all([
    page.waitForResponse((response) => response.url().endsWith('/ops/pods')),
    page.getByRole('button', { name: 'Go on' }).click(),
  ]);
  await clean(one);
  await one.close();
});

test('it says why a token is refused, and shows nothing', async () => {
  const { page, close } = await open();
  for (const [bad, why] of [['no token at all', 'not a token'], ['abc.def.ghi', 'not a signed JWT'], [customer, 'groups']]) {
    await enter(page, bad);
    await page.getByRole('alert').filter({ hasText: why }).waitFor();
    assert.equal(await page.getByRole('table').count(), 0);
  }
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  await close();
});

test('a keyboard is enough', async () => {
  const one = await open();
  const { page } = one;
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.insertText(token);
  await page.keyboard.press('Enter');
  await row(page, pods[0]).waitFor();
  const reached = [];
  for (let i = 0; i < 3; i++) {
    reached.push(await page.evaluate(() => document.activeElement.id || document.activeElement.className));
    await page.keyboard.press('Tab');
  }
  assert.deepEqual(reached, ['pause', 'forget', 'scroll']);
  await clean(one);
  await one.close();
});

for (const colorScheme of ['light', 'dark']) {
  test(`it fits a phone and stays a table, ${colorScheme}`, async () => {
    const one = await open({ viewport: { width: 360, height: 740 }, colorScheme });
    const { page } = one;
    await enter(page, token);
    for (const pod of pods) await becomes(connections(page, pod), String(pod.connections));
    assert.equal(await page.getByRole('rowheader').count(), pods.length + 1);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 360, `${width} px`);
    await page.screenshot({ path: `ops-phone-${colorScheme}.png`, fullPage: true });
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.screenshot({ path: `ops-desk-${colorScheme}.png` });
    await clean(one);
    await one.close();
  });
}

/** The gateway lets no such thing through; the page does not rely on it. */
test('what it is told it shows as text, and what is missing as a dash', async () => {
  const one = await open();
  const { page } = one;
  const hostile = '<img src=x onerror="globalThis.broken=1"><script>globalThis.broken=1</script>';
  await page.route('**/ops/pods', (route) => route.fulfill({
    json: {
      now: '2026-01-31T12:00:00.000Z', asked: 'a', complete: false, unreadable: 3,
      pods: [{ pod: 'a', host: hostile, version: hostile, uptime_s: 1e14, heard_ms_ago: 9000, draining: true, store: hostile, connections: 1e14 }],
      totals: { pods: 1, draining: 1, connections: 1e14 }, spread: {},
    },
  }));
  await enter(page, token);
  const shown = page.getByRole('row').filter({ hasText: 'globalThis.broken' });
  await shown.waitFor();
  assert.equal(await page.locator('#pods img, #pods script').count(), 0);
  assert.equal(await page.evaluate(() => globalThis.broken), undefined);
  await becomes(shown.locator('[data-name=rooms]'), '–');
  for (const words of ['draining', 'silent', 'Redis out of reach']) await shown.getByText(words).waitFor();
  await page.getByRole('status').filter({ hasText: 'only this pod is shown' }).filter({ hasText: 'can read: 3' }).waitFor();
  await clean(one);
  await one.close();
});

test('it keeps the last that was said, and says so, while the pod does not answer', async () => {
  const { page, close } = await open();
  await enter(page, token);
  await row(page, pods[0]).waitFor();
  await page.route('**/ops/pods', (route) => route.abort());
  await page.getByRole('alert').filter({ hasText: 'the last that it said' }).waitFor();
  assert.equal(await row(page, pods[1]).count(), 1);
  await page.unroute('**/ops/pods');
  await page.getByRole('alert').filter({ hasText: 'the last that it said' }).waitFor({ state: 'hidden' });
  await close();
});
