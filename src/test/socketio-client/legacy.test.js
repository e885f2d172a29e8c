import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { io } from 'socket.io-client';
import { Client } from './client.js';
import { world } from './world.js';

// A client of the service that the gateway replaces: it says who it is with every event, wants no
// acknowledgement, and waits for events by their names.
const { ticket, customer, agent } = world.legacy;
const claims = { user_id: customer.user_id, is_admin: false };
let old;
let partner;

before(async () => {
  old = new Client(io, world.address, {});
  partner = new Client(io, world.address, { auth: { token: agent.token } });
  await partner.granted('join_ticket_chat', { ticket_id: ticket });
  await old.hears('connect');
});

after(() => {
  old.close();
  partner.close();
});

test('is greeted, and authenticated by its event', async () => {
  assert.ok((await old.hears('chat_connected')).connection_id);
  old.socket.emit('chat_authenticate', { token: customer.token, ...claims });
  const known = await old.hears('chat_authenticated');
  assert.equal(known.user_id, customer.user_id);
  assert.equal(known.is_admin, false);
});

test('joins, and hears what others say', async () => {
  old.socket.emit('join_ticket_chat', { ticket_id: ticket, ...claims });
  await old.hears('joined_ticket_chat', (joined) => joined.ticket_id === ticket);
  const sent = await partner.granted('send_message', { ticket_id: ticket, text: 'Good morning' });
  const message = await old.hears('new_message', ({ id }) => id === sent.id);
  assert.equal(message.text, 'Good morning');
  assert.equal(message.user_id, agent.user_id);
  assert.equal(message.is_admin, true);
});

test('is heard, and hears of each message by itself that it was read', async () => {
  for (const text of ['first', 'second']) {
    old.socket.emit('send_message', { ticket_id: ticket, text, ...claims });
  }
  const own = [];
  for (const text of ['first', 'second']) {
    own.push(await old.hears('new_message', (message) => message.text === text));
    await partner.hears('new_message', (message) => message.text === text);
  }
  const message_ids = own.map(({ id }) => id);
  await partner.granted('mark_messages_read', { ticket_id: ticket, message_ids });
  for (const id of message_ids) {
    const update = await old.hears('message_status_update', (one) => one.message_id === id);
    assert.equal(update.status, 'read');
    assert.equal(update.user_id, agent.user_id);
  }
});

test('marks as read itself', async () => {
  const { id } = old.all('new_message').find(({ user_id }) => user_id === agent.user_id);
  old.socket.emit('mark_messages_read', { ticket_id: ticket, message_ids: [id], ...claims });
  const update = await partner.hears('message_status_update', (one) => one.message_id === id);
  assert.equal(update.user_id, customer.user_id);
});

test('sees others type, and is seen', async () => {
  partner.socket.emit('typing_start', { ticket_id: ticket });
  const typing = await old.hears('user_typing');
  assert.equal(typing.user_id, agent.user_id);
  assert.equal(typing.is_typing, true);
  old.socket.emit('typing_start', { ticket_id: ticket, user_name: 'Me', ...claims });
  await partner.hears('user_typing', ({ user_id }) => user_id === customer.user_id);
});

test('hears what the ticket system tells the room', async () => {
  await ticketSystemTells({ status: 'pending' });
  const update = await old.hears('ticket_update');
  assert.deepEqual([update.ticket_id, update.status], [ticket, 'pending']);
  assert.equal(old.all('ticket_update_notification').length, 0);
});

test('is notified of a ticket it follows but has left', async () => {
  old.socket.emit('leave_ticket_chat', { ticket_id: ticket, ...claims });
  await old.hears('left_ticket_chat');
  const sent = await partner.granted('send_message', { ticket_id: ticket, text: 'Still there?' });
  const notice = await old.hears('ticket_message_notification');
  assert.deepEqual([notice.ticket_id, notice.message_id], [ticket, sent.id]);
  assert.equal(notice.preview, 'Still there?');
  await ticketSystemTells({ status: 'solved' });
  const update = await old.hears('ticket_update_notification');
  assert.deepEqual([update.ticket_id, update.status], [ticket, 'solved']);
});

test('hears of an error as an event', async () => {
  assert.deepEqual(old.all('error'), []);
  old.socket.emit('send_message', { ticket_id: ticket, text: 'From outside', ...claims });
  const error = await old.hears('error');
  assert.equal(error.code, 'not_joined');
  assert.equal(error.event, 'send_message');
  assert.equal(error.retry, false);
  assert.equal(typeof error.message, 'string');
});

test('is not believed where it claims to be someone else', async () => {
  const liar = new Client(io, world.address, {});
  try {
    await liar.hears('connect');
    liar.socket.emit('chat_authenticate', { token: customer.token, user_id: customer.user_id, is_admin: true });
    assert.equal((await liar.hears('error')).code, 'identity_mismatch');
  } finally {
    liar.close();
  }
});

async function ticketSystemTells(change) {
  const response = await fetch(`${world.address}/api/tickets/${ticket}/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.service}`, 'content-type': 'application/json' },
    body: JSON.stringify(change),
  });
  assert.ok(response.ok, `${response.status} ${await response.text()}`);
}
