import { createRequire } from 'node:module';
import { test } from 'node:test';
import { converse } from './conversation.js';
import { buffered, refused } from './versions.js';
import { world } from './world.js';

const require = createRequire(import.meta.url);
const { address, versions, token } = world;

for (const { version, module, name, ...given } of versions) {
  const { io } = require(module);
  test(`${version}, ${name}: two talk, and one resumes`, () => converse({ io, address, ...given }));
  test(`${version}, ${name}: a refused token`, () => refused({ io, address, token, ...given }));
  test(`${version}, ${name}: buffered messages`, () => buffered({ io, address, ...given }));
}
