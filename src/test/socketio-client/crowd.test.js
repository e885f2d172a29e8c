import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Member } from './member.js';
import { world } from './world.js';

const AT_ONCE = 25;
const PATIENCE_MS = 120_000;
const { members: people, doomed } = world.crowd;
const said = new Map(); // by ticket, the client ids of all that was said there
let members = [];

before(async () => {
  for (let i = 0; i < people.length; i += AT_ONCE) {
    const some = people.slice(i, i + AT_ONCE).map((one) => new Member(world.address, one));
    members.push(...some);
    await until('all are in their rooms', () => some.every((member) => member.here));
  }
});

after(() => members.forEach((member) => member.close()));

test('nobody polls in vain, whichever pod a request comes to', async () => {
  const began = Date.now();
  allSay('a');
  allSay('b');
  await until('all is heard by all', () => members.every(hasHeardAll));
  // Longer than a few heartbeats: those find their way, too.
  await until('time has passed', () => Date.now() - began > 4 * world.crowd.ping_interval_ms);
  checkWhatWasHeard();
  assert.deepEqual(members.flatMap((member) => member.breaks), []);
  assert.ok(members.every((member) => member.socket.io.engine.transport.name === 'polling'));
});

test('when a pod is killed, all come back, and nothing is lost or there twice', async () => {
  allSay('c');
  await until('a part is acknowledged', () => count('acknowledged') > 2 * members.length + 50);
  process.kill(doomed, 'SIGKILL');
  allSay('d');
  await until('all is heard by all, and all are back', () =>
    members.every((member) => member.here && member.isSilent() && hasHeardAll(member)),
  );
  checkWhatWasHeard();
  const broken = members.filter((member) => member.breaks.length > 0);
  assert.ok(broken.length >= members.length / 4, `only ${broken.length} noticed the killed pod`);
  assert.ok(broken.every((member) => member.resumed > 0));
  console.log(`${members.length} sessions, ${broken.length} broken by the killed pod and resumed`);
});

function allSay(what) {
  for (const member of members) {
    const client_id = `${member.user_id}-${what}`;
    said.set(member.ticket, (said.get(member.ticket) ?? new Set()).add(client_id));
    member.say(client_id);
  }
}

function hasHeardAll(member) {
  return member.received.length >= said.get(member.ticket).size;
}

function checkWhatWasHeard() {
  assert.deepEqual(members.flatMap((member) => member.faults), []);
  for (const member of members) {
    assert.deepEqual([...member.received].sort(), [...said.get(member.ticket)].sort());
  }
}

function count(what) {
  return members.reduce((sum, member) => sum + member[what].size, 0);
}

async function until(what, condition) {
  const end = Date.now() + PATIENCE_MS;
  while (!condition()) {
    assert.ok(Date.now() < end, `${what}: waited in vain; ${summary()}`);
    await pause(50);
  }
}

function summary() {
  const breaks = members.flatMap((member) => member.breaks);
  return JSON.stringify({
    members: members.length,
    here: members.filter((member) => member.here).length,
    silent: members.filter((member) => member.isSilent()).length,
    heardAll: members.filter((one) => said.has(one.ticket) && hasHeardAll(one)).length,
    breaks: breaks.length,
    lastBreaks: breaks.slice(-5),
    faults: members.flatMap((member) => member.faults).slice(0, 10),
  });
}
