// Puts the page together: one person, one connection, any number of tickets.

import { ChatClient } from './chat.js';
import { $, avatar, memory, menu, say, setText } from './dom.js';
import { setUpHelp } from './help.js';
import { fetchToken, fromHash, idList, isId, remember, remembered, toHash } from './identity.js';
import { MessageList } from './messages.js';
import { Notices } from './notices.js';
import { Room } from './room.js';
import { drawBlocked, drawHead, drawLine, drawTickets, drawTyping } from './view.js';
import { setUpWho, showCustom } from './who.js';
import { Wire } from './wire.js';

const phone = matchMedia('(max-width: 699px)');
const desktop = matchMedia('(min-width: 1180px)');
const MOVING_SHOWN_MS = 5000; // past the delay, in case nothing comes of it
const OVER_ONCE_ONLINE = ['unreachable', 'not_dev', 'token_refused', 'invalid_token', 'unauthenticated'];

let who = null;
let client = null;
let rooms = new Map();
let active = null;
let degraded = null;   // the reason, while it lasts
let leaving = null;    // when, once the gateway said `reconnect`
let choosing = false;

const notices = new Notices($('#notices'));
const wire = new Wire($('#wire'));
const list = new MessageList($('#chat'), { onBottom: () => active?.marks.soon() });
const text = $('#text');

// ---- who ----

function be(person) {
  client?.close('switched');
  for (const room of rooms.values()) room.dispose();
  rooms = new Map();
  active = degraded = leaving = null;
  who = person;
  choosing = false;
  notices.clear();
  remember(person);
  history.replaceState(null, '', toHash(person));
  $('#who-avatar').replaceChildren(avatar(person.user_id, person.user_name));
  setText($('#who-name'), person.user_name);
  setText($('#who-role'), person.is_admin ? ', agent' : ', customer');
  $('#who-open').hidden = false;
  client = clientFor(person);
  for (const id of person.is_admin ? ['101', '102'] : person.tickets) roomFor(id);
  const before = memory.get(`joined:${person.user_id}`) ?? (person.is_admin ? [] : person.tickets.slice(0, 1));
  for (const id of before) roomFor(id).wanted = true;
  active = rooms.get(before[0]) ?? null;
  text.value = '';
  client.connect();
  go('chat');
  draw();
}

function clientFor(person) {
  const url = new URL('/chat', location.href.replace(/^http/, 'ws'));
  url.hash = '';
  const getToken = () => fetchToken({ ...person, expires_in_s: Number($('#lifetime').value) });
  const c = new ChatClient({ url: url.href, getToken });
  const mine = (then) => (detail) => { if (c === client) then(detail); };
  c.on('state', mine(lineMoved));
  c.on('ready', mine(() => {
    notices.clear(OVER_ONCE_ONLINE);
    for (const room of rooms.values()) if (room.wanted) room.join();
  }));
  c.on('event', mine(heard));
  c.on('frame', (frame) => wire.add(frame));
  c.on('problem', mine((error) => notices.show(error)));
  c.on('refreshed', mine(() => say('Token renewed')));
  return c;
}

function choose() {
  choosing = true;
  go('chat');
  draw();
  $('#who-title').focus();
}

// ---- the line ----

function lineMoved(status) {
  if (status.state !== 'online') {
    degraded = leaving = null;
    for (const room of rooms.values()) if (room.state === 'in' || room.state === 'joining') room.lineDropped();
  }
  if (status.state === 'online') say('Connected'); // the banner speaks for itself
  draw();
}

function heard({ event, data }) {
  if (event === 'error') complain(data);
  else if (event === 'degraded') degraded = data.reason ?? 'no reason given';
  else if (event === 'restored') restored();
  else if (event === 'reconnect') leaving = Date.now() + (data.delay_ms ?? 0);
  if (data.ticket_id !== undefined) {
    const notify = event.endsWith('_notification');
    const room = notify ? roomFor(data.ticket_id) : rooms.get(String(data.ticket_id));
    room?.handle(event, data);
    if (event === 'ticket_message_notification') say(`Ticket ${data.ticket_id}, ${data.user_name ?? ''}: ${data.preview ?? ''}`);
  }
  draw();
}

/** A typing indicator that didn't get through is nothing to act on; the wire panel has it. */
function complain(error) {
  const typing = error.event === 'typing_start' || error.event === 'typing_stop';
  if (!(typing && error.retry)) notices.show(error);
}

function restored() {
  degraded = null;
  notices.clear(['unavailable']);
  say('The gateway has its store back');
  for (const room of rooms.values()) {
    if (room.wanted && room.state === 'out') room.join();
    else if (room.joined) {
      room.outbox.wake();
      room.marks.soon();
    }
  }
}

// ---- tickets ----

function roomFor(ticketId) {
  const id = String(ticketId);
  if (!rooms.has(id)) {
    rooms.set(id, new Room({
      id,
      client,
      changed: (what, message) => changed(rooms.get(id), what, message),
      problem: (error, room) => {
        const saidBelow = room === active && room.state === 'refused';
        if (!saidBelow) notices.show(error, `ticket ${room.id}`);
      },
      isSeen: (room) => room === active && onScreen(),
    }));
  }
  return rooms.get(id);
}

function changed(room, what, message) {
  if (!room) return;
  if (what === 'heard') {
    const where = room === active ? '' : `Ticket ${room.id}, `;
    say(`${where}${message.user_name ?? message.user_id}: ${message.text ?? 'data'}`);
  }
  if (what === 'state' || what === 'joined') rememberJoined();
  draw();
}

function rememberJoined() {
  memory.set(`joined:${who.user_id}`, [...rooms.values()].filter((r) => r.wanted).map((r) => r.id));
}

function open(room) {
  if (active && active !== room) {
    active.typing.stop();
    active.draft = text.value;
  }
  if (active !== room) text.value = room.draft;
  active = room;
  choosing = false;
  go('chat');
  draw(true);
  if (!phone.matches) text.focus();
  room.marks.soon();
}

function join(room) {
  room.join();
  open(room);
}

function onScreen() {
  const shown = !$('#chat').hidden && !$('#help').open && (!phone.matches || document.body.dataset.pane === 'chat');
  return shown && list.atBottom && !document.hidden && document.hasFocus();
}

// ---- drawing ----

let drawing = null;

function draw(now = false) {
  if (now) {
    clearTimeout(drawing);
    drawing = null;
    paint();
  } else {
    drawing ??= setTimeout(() => { drawing = null; paint(); }, 16);
  }
}

function paint() {
  drawLine(client, { degraded, leaving });
  drawTickets(rooms.values(), active, { open, join });
  const unread = [...rooms.values()].reduce((sum, r) => sum + r.unread, 0);
  $('#tab-badge').hidden = !unread;
  setText($('#tab-badge'), String(unread));
  document.title = `${unread ? `(${unread}) ` : ''}${who ? `${who.user_name}, ` : ''}chat gateway`;
  const asking = choosing || !who;
  $('#who').hidden = !asking;
  $('#chat').hidden = asking || !active;
  $('#empty').hidden = asking || Boolean(active);
  $('#tickets').inert = !who;
  setText($('#empty-text'), who?.is_admin
    ? 'As an agent you hear of every ticket: messages show up in the list as unread. Choose one to join it.'
    : 'Choose a ticket in the list, or join one by its id.');
  if (active && !asking) {
    drawHead(active);
    drawTyping(active);
    drawBlocked(active);
    list.render(active);
  }
}

setInterval(() => {
  if (leaving && Date.now() > leaving + MOVING_SHOWN_MS) leaving = null;
  if (client && (client.status.state === 'waiting' || leaving)) drawLine(client, { degraded, leaving });
}, 500);

// ---- panes and buttons ----

function go(pane) {
  document.body.dataset.pane = pane;
  for (const tab of document.querySelectorAll('[data-go]')) {
    if (tab.dataset.go === pane) tab.setAttribute('aria-current', 'page');
    else tab.removeAttribute('aria-current');
  }
  if (pane === 'wire') wire.follow();
  if (pane === 'chat') {
    if (list.atBottom) list.toBottom();
    active?.marks.soon();
  }
}

function showWire(shown) {
  document.body.classList.toggle('wire-open', shown);
  $('#wire-toggle').setAttribute('aria-expanded', String(shown));
  if (shown) wire.follow();
}

function send() {
  const words = text.value.trim();
  if (!words || !active) return;
  active.send(words);
  active.draft = text.value = '';
  setText($('#text-left'), '');
  draw(true);
  list.toBottom();
}

text.addEventListener('input', () => {
  active?.typing.typed(text.value.trim() !== '' && !active.closed);
  const left = 8000 - text.value.length;
  setText($('#text-left'), left < 1000 ? `${left} characters left` : '');
});
text.addEventListener('blur', () => active?.typing.stop());
text.addEventListener('keydown', (e) => {
  if (e.key !== 'Enter' || e.shiftKey || e.isComposing) return;
  e.preventDefault();
  send();
});
$('#composer').addEventListener('submit', (e) => { e.preventDefault(); send(); text.focus(); });
$('#leave').addEventListener('click', () => {
  const room = active;
  active = [...rooms.values()].find((r) => r.wanted && r !== room) ?? null;
  text.value = active?.draft ?? '';
  room.leave();
  draw();
});
$('#blocked-act').addEventListener('click', () => {
  if (active) active.rejoin();
});
$('#join-form').addEventListener('submit', (e) => {
  e.preventDefault();
  const ids = idList($('#join-ids').value);
  const wrong = ids.find((id) => !isId(id));
  setText($('#join-hint'), wrong ? `“${wrong}” can’t be a ticket id.` : ids.length ? '' : 'Which ones? For instance: 101 102');
  if (wrong || !ids.length) return;
  for (const id of ids) if (!roomFor(id).wanted) roomFor(id).join();
  $('#join-ids').value = '';
  open(roomFor(ids[0]));
});

$('#line-cut').addEventListener('click', () => client?.cut(5000));
$('#line-open').addEventListener('click', () => client?.connect());
$('#line-close').addEventListener('click', () => client?.close());
$('#banner-act').addEventListener('click', () => client?.connect());
$('#wire-toggle').addEventListener('click', () => {
  const shown = !document.body.classList.contains('wire-open');
  memory.set('wire', shown);
  showWire(shown);
});
for (const tab of document.querySelectorAll('[data-go]')) tab.addEventListener('click', () => go(tab.dataset.go));
for (const details of document.querySelectorAll('details.menu')) menu(details);

$('#window-menu').addEventListener('click', (e) => {
  const link = e.target.closest('a');
  if (!link || e.ctrlKey || e.metaKey || e.shiftKey) return;
  e.preventDefault();
  const width = Math.min(760, Math.round(screen.availWidth / 2));
  const left = window.screenX > screen.availWidth / 3 ? 0 : screen.availWidth - width;
  window.open(link.href, '_blank', `noopener,popup,width=${width},height=${screen.availHeight},left=${left},top=0`);
});

const seen = () => { active?.marks.soon(); draw(); };
window.addEventListener('focus', seen);
document.addEventListener('visibilitychange', seen);
window.addEventListener('online', () => client?.nudge());

function fromAddress() {
  const named = fromHash(location.hash);
  if (named === 'custom') {
    choose();
    showCustom();
  } else if (named) {
    if (toHash(named) !== (who && toHash(who))) be(named);
  } else if (!who) {
    const before = remembered();
    if (before) be(before);
    else draw();
  }
}
window.addEventListener('hashchange', fromAddress);

setUpWho({ be });
$('#who-open').addEventListener('click', () => {
  if (!choosing) return choose();
  choosing = false;
  return draw();
});
setUpHelp({ ticket: () => active?.id });
showWire(memory.get('wire') ?? desktop.matches);
go('chat');
fromAddress();
