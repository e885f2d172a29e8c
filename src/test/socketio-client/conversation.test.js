import { test } from 'node:test';
import { io } from 'socket.io-client';
import { converse } from './conversation.js';
import { world } from './world.js';

for (const { name, transports, ...who } of world.conversations) {
  test(`two talk, and one resumes: ${name}`, async () => {
    await converse({ io, address: world.address, transports, ...who });
  });
}
