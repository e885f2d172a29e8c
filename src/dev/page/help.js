// "What to try": the dialog, a curl example which fits this address, and the ticket system's side by hand.

import { $, setText } from './dom.js';
import { fetchToken, isId } from './identity.js';
import { advice } from './policy.js';

const SERVICE = { user_id: 'ticket-system', user_name: 'Ticket system', service: true };

const CURL = `BASE=${location.origin}

TOKEN=$(curl -s $BASE/dev/token -H 'Content-Type: application/json' \\
  -d '${JSON.stringify(SERVICE)}' \\
  | sed 's/.*"token" *: *"\\([^"]*\\)".*/\\1/')

curl -i $BASE/api/tickets/101/messages \\
  -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\
  -H 'Idempotency-Key: parcel-1' \\
  -d '{"user_id":"helpdesk","user_name":"Helpdesk","is_admin":true,
       "text":"Your parcel left the warehouse."}'
`;

/** `ticket()` is the one which is open now, if any. */
export function setUpHelp({ ticket }) {
  const dialog = $('#help');
  const open = () => {
    if (ticket()) $('#s-ticket').value = ticket();
    dialog.showModal();
  };
  $('#help-open').addEventListener('click', open);
  $('#empty-help').addEventListener('click', open);
  $('#help-close').addEventListener('click', () => dialog.close());
  dialog.addEventListener('click', (e) => { if (e.target === dialog) dialog.close(); });
  setText($('#curl'), CURL);
  $('#curl-copy').addEventListener('click', copy);
  $('#service').addEventListener('submit', async (e) => {
    e.preventDefault();
    const out = $('#s-out');
    setText(out, '…');
    setText(out, await act(e.submitter?.value ?? 'publish'));
  });
}

async function copy() {
  const button = $('#curl-copy');
  try {
    await navigator.clipboard.writeText(CURL);
    setText(button, 'Copied');
  } catch { // not a secure context: select it instead
    getSelection().selectAllChildren($('#curl'));
    setText(button, 'Selected');
  }
  setTimeout(() => setText(button, 'Copy'), 2000);
}

async function act(what) {
  const id = $('#s-ticket').value.trim();
  const text = $('#s-text').value.trim();
  if (!isId(id)) return 'That can’t be a ticket id.';
  const [method, path, body] = {
    publish: ['POST', '/messages', { user_id: 'helpdesk', user_name: 'Helpdesk', is_admin: true, text }],
    update: ['POST', '/events', { note: text }],
    close: ['PUT', '', { closed: true }],
    open: ['PUT', '', { closed: false }],
  }[what];
  const url = `/api/tickets/${encodeURIComponent(id)}${path}`;
  try {
    const { token } = await fetchToken(SERVICE);
    const response = await fetch(url, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    const answer = await response.text();
    return `${method} ${url} → ${response.status}\n${answer.slice(0, 600)}`;
  } catch (error) {
    return `${error.message}. ${advice(error.code ?? 'unreachable')}`;
  }
}
