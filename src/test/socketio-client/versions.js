import { check, Client } from './client.js';

// What clients of every version must hear over every transport. Runs in Node as in a browser.

const TIMES = 12;
const BUFFERED = 12;
const LONG = 'x'.repeat(2048);

/** A refused token: each of several clients hears why, then that the server put it out, and stays. */
export async function refused({ io, address, transports, token }) {
  const options = { ...(transports ? { transports } : {}), auth: { token } };
  await Promise.all(Array.from({ length: TIMES }, () => refusedOnce(io, address, options)));
}

async function refusedOnce(io, address, options) {
  const client = new Client(io, address, options);
  try {
    const reason = await client.hears('disconnect');
    const events = client.heard.map(({ event }) => event);
    check(client.all('error').length === 1, 'one error', client.heard);
    check(client.all('error')[0].code === 'invalid_token', 'why', client.heard);
    check(events.indexOf('error') < events.indexOf('disconnect'), 'the error first', events);
    check(reason === 'io server disconnect', 'who ended it', client.heard);
    check(client.socket.io.skipReconnect, 'it must not come back', client.heard);
    check(client.all('connect').length === 1, 'it must not come back', client.heard);
  } finally {
    client.close();
  }
}

/** Long messages that a client has before it is connected, and sends all at once. */
export async function buffered({ io, address, transports, ticket, ana }) {
  const options = { ...(transports ? { transports } : {}), auth: { token: ana.token } };
  const client = new Client(io, address, options);
  try {
    const joined = client.granted('join_ticket_chat', { ticket_id: ticket });
    const sent = Array.from({ length: BUFFERED }, (_, i) =>
      client.granted('send_message', { ticket_id: ticket, text: `${i} ${LONG}` }),
    );
    const { seq } = await joined;
    const accepted = await Promise.all(sent);
    const seqs = accepted.map((one) => one.seq - seq);
    check(seqs.every((one, i) => one === i + 1), 'all, in their order', seqs);
    check(client.all('disconnect').length === 0, 'the session stays', client.heard);
  } finally {
    client.close();
  }
}
