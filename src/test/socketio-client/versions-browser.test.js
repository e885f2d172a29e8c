import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { world } from './world.js';

const { executable, port } = world.browser; // the page's origin, which the gateway must allow
const SCRIPTS = ['/client.js', '/conversation.js', '/versions.js'];
const bundle = (module) => `node_modules/${module}/dist/socket.io.min.js`;
let browser;

const server = createServer(async ({ url }, response) => {
  const module = world.versions.find((one) => url === `/${one.module}.js`)?.module;
  const file = SCRIPTS.includes(url) ? url.slice(1) : module && bundle(module);
  response.setHeader('content-type', file ? 'text/javascript' : 'text/html');
  response.end(file ? await readFile(file) : '<!doctype html><title>Chat</title>');
});

before(async () => {
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  browser = await chromium.launch({ executablePath: executable, args: ['--no-sandbox'] });
});

after(async () => {
  await browser?.close();
  server.close();
});

for (const { version, module, name, ...given } of world.versions) {
  test(`${version} in a browser, ${name}`, async () => {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.addScriptTag({ url: `/${module}.js` });
    const outcome = await page.evaluate(async (asked) => {
      const { converse } = await import('/conversation.js');
      const { buffered, refused } = await import('/versions.js');
      try {
        for (const run of [converse, refused, buffered]) {
          await run({ io: globalThis.io, ...asked });
        }
        return 'well';
      } catch (error) {
        return error.stack;
      }
    }, { address: world.address, token: world.token, ...given });
    assert.equal(outcome, 'well');
    await page.close();
  });
}
