import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { world } from './world.js';

const { executable, port } = world.browser; // the page's origin, which the gateway must allow
const FILES = {
  '/client.js': 'client.js',
  '/conversation.js': 'conversation.js',
  '/socket.io.js': 'node_modules/socket.io-client/dist/socket.io.esm.min.js',
};
let browser;

const server = createServer(async ({ url }, response) => {
  const file = FILES[url];
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

for (const { name, ...conversation } of world.conversations) {
  test(`two talk in a browser, and one resumes: ${name}`, async () => {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${port}/`);
    const outcome = await page.evaluate(async (given) => {
      const { io } = await import('/socket.io.js');
      const { converse } = await import('/conversation.js');
      try {
        await converse({ io, ...given });
        return 'well';
      } catch (error) {
        return error.stack;
      }
    }, { address: world.address, ...conversation });
    assert.equal(outcome, 'well');
    await page.close();
  });
}
