// Everything around the messages: the connection pill and banner, the list of tickets, a ticket's head,
// who types, and what keeps you from writing.

import { $, avatar, button, el, setText, spoken } from './dom.js';
import { advice } from './policy.js';

const MOST_CHIPS = 12;

const LINE = {
  idle: ['none', 'not connected'],
  token: ['busy', 'getting a token'],
  connecting: ['busy', 'connecting'],
  authenticating: ['busy', 'authenticating'],
  online: ['on', 'online'],
  waiting: ['wait', 'reconnecting'],
  stopped: ['off', 'disconnected'],
};

const seconds = (at) => Math.max(0, Math.ceil((at - Date.now()) / 1000));

export function drawLine(client, { degraded, leaving }) {
  const status = client?.status ?? { state: 'idle' };
  let [tone, words] = LINE[status.state];
  if (status.state === 'online' && (degraded || leaving)) {
    tone = 'wait';
    words = degraded ? 'degraded' : 'moving';
  }
  $('#line-menu').dataset.tone = tone;
  setText($('#line-text'), words);
  $('#line-cut').disabled = $('#line-close').disabled = status.state !== 'online';
  $('#line-open').disabled = !client;
  facts(client, status);
  banner(status, { degraded, leaving });
}

function facts(client, status) {
  const rows = [
    ['State', LINE[status.state][1]],
    ['Connection', status.state === 'online' ? client.connectionId : null],
    ['Token until', status.state === 'online' && client.user?.expires_at ? new Date(client.user.expires_at).toLocaleTimeString() : null],
    ['Last close', status.code ?? null],
    ['Attempt', status.attempt || null],
  ].filter(([, value]) => value !== null && value !== undefined);
  const look = JSON.stringify(rows);
  const list = $('#line-facts');
  if (list.dataset.look === look) return;
  list.dataset.look = look;
  list.replaceChildren(...rows.flatMap(([k, v]) => [el('dt', {}, k), el('dd', {}, String(v))]));
}

function banner(status, { degraded, leaving }) {
  const box = $('#banner');
  const show = (tone, title, text, at, action) => {
    box.hidden = false;
    box.className = tone;
    setText($('#banner-title'), title);
    setText($('#banner-text'), text);
    setText($('#banner-count'), at ? `Back in ${seconds(at)} s.` : '');
    $('#banner-act').hidden = !action;
    setText($('#banner-act'), action ?? '');
  };
  const code = status.code ? ` (${status.code})` : '';
  if (status.state === 'waiting') show('warn', 'No connection.', `${status.why}${code}.`, status.at, 'Reconnect now');
  else if (status.state === 'stopped' && status.bad) show('bad', 'Disconnected for good.', `${status.why}${code}. The page doesn’t come back from this by itself.`, 0, 'Connect again');
  else if (status.state === 'stopped') show('warn', 'Disconnected.', `${status.why ?? ''}${code}.`, 0, 'Connect again');
  else if (degraded) show('warn', 'Degraded.', `The gateway can’t reach its store (${degraded}). What you send waits here and goes out once it is back.`);
  else if (leaving) show('warn', 'Moving.', 'The gateway asked this window to come back in a moment.', leaving);
  else box.hidden = true;
}

// ---- tickets ----

export function drawTickets(rooms, active, { open, join }) {
  const list = $('#ticket-list');
  const sorted = [...rooms].sort((a, b) => a.id.localeCompare(b.id, undefined, { numeric: true }));
  const look = JSON.stringify(sorted.map((r) => [r.id, r.state, r.wanted, r.unread, r.preview, r.closed, r === active]));
  if (list.dataset.look === look) return;
  list.dataset.look = look;
  const focused = document.activeElement?.closest?.('#ticket-list [data-id]')?.dataset.id;
  list.replaceChildren(...sorted.map((room) => drawTicket(room, room === active, open, join)));
  if (focused) $(`[data-id="${CSS.escape(focused)}"]`, list)?.focus();
}

function drawTicket(room, active, open, join) {
  const { unread } = room;
  const state = { in: 'joined', joining: 'joining…', refused: 'refused', removed: 'put out' }[room.state] ?? (room.wanted ? 'waiting' : 'not joined');
  const head = el('span', { class: 'ticket-head' },
    el('b', {}, room.id),
    el('span', { class: 'state' }, room.closed ? `${state}, closed` : state),
    unread > 0 && el('span', { class: 'badge' }, unread > 99 ? '99+' : String(unread), spoken(' unread')));
  const body = el('span', { class: 'preview', dir: 'auto' }, room.preview || (room.wanted ? 'No messages yet' : 'Click to join'));
  const choose = () => (room.wanted ? open(room) : join(room));
  const item = button(head, choose, { class: 'ticket', 'data-id': room.id, 'aria-current': active ? 'true' : null });
  item.append(body);
  return el('li', { class: room.wanted ? 'wanted' : '' }, item);
}

// ---- one ticket ----

export function drawHead(room) {
  setText($('#chat-title'), `Ticket ${room.id}`);
  $('#chat-closed').hidden = !room.closed;
  drawPeople(room);
  const { recovered, line } = room;
  const parts = [`epoch ${line.epoch ?? '–'}`, `seq ${line.seq}`];
  if (recovered) parts.push(`recovered: ${recovered.ok} (${recovered.count} missed)`);
  if (room.state !== 'in') parts.push(room.state === 'joining' ? 'joining…' : 'not in the room now');
  setText($('#chat-meta'), parts.join(' · '));
}

function drawPeople(room) {
  const list = $('#people-here');
  const here = [...room.participants.values()]
    .sort((a, b) => (String(b.user_id) === room.me) - (String(a.user_id) === room.me) || String(a.user_name).localeCompare(String(b.user_name)));
  const look = JSON.stringify([room.id, here.map((p) => [p.user_id, p.user_name, p.is_admin])]);
  if (list.dataset.look === look) return;
  list.dataset.look = look;
  const chips = here.slice(0, MOST_CHIPS).map((p) => {
    const name = p.user_name ?? p.user_id;
    const mine = String(p.user_id) === room.me;
    return el('li', {}, avatar(p.user_id, name), el('span', {}, mine ? `${name} (you)` : name), p.is_admin && el('span', { class: 'tag' }, 'agent'));
  });
  if (here.length > MOST_CHIPS) chips.push(el('li', {}, `and ${here.length - MOST_CHIPS} more`));
  if (!here.length) chips.push(el('li', { class: 'nobody' }, 'Not known while you aren’t in the room'));
  list.replaceChildren(...chips);
}

export function drawTyping(room) {
  const names = [...room.typing.names.values()];
  const words = names.length > 3 ? `${names.length} people are typing`
    : names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)} are typing`
      : names.length ? `${names[0]} is typing` : '';
  setText($('#typing-text'), words);
  $('#typing').classList.toggle('on', Boolean(words));
}

/** What keeps you from writing, if anything, and the way out: returns the action's name. */
export function drawBlocked(room) {
  const [text, label, action] = obstacle(room);
  $('#blocked').hidden = !text;
  $('#composer').hidden = Boolean(text);
  setText($('#blocked-text'), text ?? '');
  setText($('#blocked-act'), label ?? '');
  $('#blocked').dataset.action = action ?? '';
}

function obstacle(room) {
  if (room.state === 'refused') return [`${room.why.code}: ${room.why.message}. ${advice(room.why.code)}`, 'Try again', 'join'];
  if (room.state === 'removed') return ['You were put out of this ticket.', 'Rejoin', 'join'];
  if (room.closed) return ['This ticket is closed: it takes no more messages.', 'Check again', 'rejoin'];
  return [];
}
