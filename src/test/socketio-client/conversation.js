import { check, Client } from './client.js';

/**
 * Two talk in a ticket, one of them loses the connection and resumes. Runs in Node as in a browser.
 *
 * @param transports undefined for the client's defaults
 * @param ana, bob each a `user_id` and a `token` that admits to the ticket
 */
export async function converse({ io, address, transports, ticket, ana, bob }) {
  const options = transports ? { transports } : {};
  // The one brings the token with the CONNECT, the other says it later.
  const first = new Client(io, address, { ...options, auth: { token: ana.token } });
  const second = new Client(io, address, options);
  try {
    await authenticate(first, second, ana, bob);
    const joined = await join(first, second, ticket);
    const last = await talk(first, second, ticket, ana, bob);
    await type(first, second, ticket, ana);
    await mark(first, second, ticket, bob, last);
    await refuse(second);
    await settle(transports, first, second);
    check(joined.seq < last.seq, 'seq must grow', [joined, last]);
    await resume(first, second, ticket, last);
    await settle(transports, first);
  } finally {
    first.close();
    second.close();
  }
}

async function authenticate(first, second, ana, bob) {
  const known = await first.hears('chat_authenticated');
  check(known.user_id === ana.user_id, 'auth.token must tell who it is', known);
  const greeting = await second.hears('chat_connected');
  check(greeting.connection_id, 'a connection_id is due', greeting);
  const reply = await second.granted('chat_authenticate', { token: bob.token });
  check(reply.user_id === bob.user_id, 'the token must tell who it is', reply);
}

async function join(first, second, ticket_id) {
  const joined = await first.granted('join_ticket_chat', { ticket_id });
  check(joined.ticket_id === ticket_id && joined.recovered === false, 'a first join', joined);
  const both = await second.granted('join_ticket_chat', { ticket_id });
  check(both.participants_count === 2, 'two participants', both);
  await first.hears('user_joined');
  return joined;
}

async function talk(first, second, ticket_id, ana, bob) {
  const asked = { ticket_id, text: 'Größe 42 ✓', client_id: `${ticket_id}-question` };
  const sent = await first.granted('send_message', asked);
  check(sent.status === 'sent' && sent.duplicate === false, 'stored once', sent);
  const again = await first.granted('send_message', asked);
  check(again.duplicate === true && again.id === sent.id, 'a retry finds the first', again);
  for (const client of [first, second]) {
    const message = await client.hears('new_message', ({ id }) => id === sent.id);
    check(message.text === asked.text && message.user_id === ana.user_id, 'as sent', message);
  }
  const answer = await second.granted('send_message', { ticket_id, text: 'Here', data: { n: [1] } });
  for (const client of [first, second]) {
    const message = await client.hears('new_message', ({ id }) => id === answer.id);
    check(message.user_id === bob.user_id && message.data.n[0] === 1, 'as answered', message);
    check(client.all('new_message').length === 2, 'each message once', client.heard);
  }
  return answer;
}

async function type(first, second, ticket_id, ana) {
  first.socket.emit('typing_start', { ticket_id });
  const typing = await second.hears('user_typing', ({ is_typing }) => is_typing);
  check(typing.user_id === ana.user_id && typing.expires_in_ms > 0, 'who types', typing);
  first.socket.emit('typing_stop', { ticket_id });
  await second.hears('user_typing', ({ is_typing }) => !is_typing);
  check(first.all('user_typing').length === 0, 'the typist is told nothing', first.heard);
}

async function mark(first, second, ticket_id, bob, last) {
  const [question] = first.all('new_message');
  const marked = await second.granted('mark_messages_read', { ticket_id, up_to_seq: last.seq });
  check(marked.message_ids.join() === question.id, "the other's message alone moves", marked);
  const update = await first.hears('message_status_update');
  check(update.message_id === question.id && update.status === 'read', 'read', update);
  check(update.user_id === bob.user_id, 'who read', update);
}

async function refuse(client) {
  const reply = await client.ask('send_message', { ticket_id: 'elsewhere', text: 'x' });
  check(reply.ok === false && reply.error.code === 'forbidden', 'refused by the ack', reply);
  check(client.all('error').length === 0, 'and not by an event as well', client.heard);
}

/** By now each client must use, or come to use, the transport its options lead to. */
async function settle(transports, ...clients) {
  for (const client of clients) {
    if (transports) {
      check(client.transport() === transports[0], 'the only transport', client.transport());
    } else if (client.transport() !== 'websocket') {
      await client.hears('upgrade');
      check(client.transport() === 'websocket', 'upgraded', client.transport());
    }
  }
}

async function resume(first, second, ticket_id, last) {
  const missed = ['one', 'two', 'three'];
  first.forget();
  first.socket.io.engine.close();
  await first.hears('disconnect');
  for (const text of missed) {
    await second.granted('send_message', { ticket_id, text });
  }
  await first.hears('connect');
  await first.hears('chat_authenticated');
  const { epoch, seq: last_seq } = last;
  const back = await first.granted('join_ticket_chat', { ticket_id, epoch, last_seq });
  check(back.recovered === true, 'resumed', back);
  check(back.messages.map(({ text }) => text).join() === missed.join(), 'what was missed', back);
  const { id } = await second.granted('send_message', { ticket_id, text: 'four' });
  await first.hears('new_message', (message) => message.id === id);
  check(first.all('new_message').length === 1, 'nothing twice', first.heard);
}
