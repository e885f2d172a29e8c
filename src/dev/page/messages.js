// Draws one ticket's timeline: messages, the notes between them, and what is still in the outbox. Only
// what changed is touched, so that selection, focus and scroll position survive.

import { $, avatar, button, dayOf, el, setText, spoken, timeOf } from './dom.js';

const SAME_BREATH_MS = 5 * 60_000;
const NEAR_BOTTOM_PX = 48;
const WORDS = { sent: 'sent', delivered: 'delivered', read: 'read' };

export class MessageList {
  #scroller; #list; #older; #jump; #onBottom;
  #nodes = new Map();  // key -> {node, look}
  #room = null;
  #firstSeq = null;
  atBottom = true;

  constructor(root, { onBottom }) {
    this.#scroller = $('#scroller', root);
    this.#list = $('#messages', root);
    this.#older = $('#older', root);
    this.#jump = $('#jump', root);
    this.#onBottom = onBottom;
    this.#older.addEventListener('click', () => this.#room?.loadOlder());
    this.#jump.addEventListener('click', () => this.toBottom());
    this.#scroller.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => { if (this.atBottom) this.toBottom(); }).observe(this.#scroller);
  }

  toBottom() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#scrolled();
  }

  render(room) {
    const fromBottom = this.#scroller.scrollHeight - this.#scroller.scrollTop;
    const other = room !== this.#room;
    const grewUp = !other && this.#firstSeq !== null && room.line.first < this.#firstSeq;
    if (other) {
      this.#nodes.clear();
      this.#list.replaceChildren();
      this.atBottom = true;
    }
    this.#room = room;
    this.#firstSeq = room.line.first;
    this.#older.hidden = !room.line.older || !room.line.messages.length;
    this.#older.disabled = room.loadingOlder || !room.joined;
    setText(this.#older, room.loadingOlder ? 'Loading…' : 'Load older messages');
    this.#reconcile(entries(room));
    if (this.atBottom) this.toBottom();
    else if (grewUp) this.#scroller.scrollTop = this.#scroller.scrollHeight - fromBottom;
    this.#showJump();
  }

  #reconcile(wanted) {
    const keys = new Set(wanted.map((e) => e.key));
    for (const [key, { node }] of this.#nodes) {
      if (!keys.has(key)) {
        node.remove();
        this.#nodes.delete(key);
      }
    }
    let at = this.#list.firstChild;
    for (const { key, look, draw } of wanted) {
      let known = this.#nodes.get(key);
      if (known?.look !== look) {
        const node = draw();
        if (known) {
          if (at === known.node) at = node;
          known.node.replaceWith(node);
        }
        known = { node, look };
        this.#nodes.set(key, known);
      }
      if (known.node === at) at = at.nextSibling;
      else this.#list.insertBefore(known.node, at);
    }
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    const was = this.atBottom;
    this.atBottom = scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX;
    if (this.atBottom && !was) this.#onBottom();
    this.#showJump();
  }

  #showJump() {
    this.#jump.hidden = this.atBottom;
    const n = this.#room?.unread ?? 0;
    setText(this.#jump, n ? `↓ ${n} new` : '↓ Newest');
  }
}

/** What to show, in order: {key, look (redraw when it differs), draw()}. */
function entries(room) {
  const out = [];
  const notes = [...room.line.notes];
  let previous = null;
  let lastDay = null;
  const notesUpTo = (seq) => {
    while (notes.length && notes[0].after < seq) {
      const note = notes.shift();
      out.push({ key: note.key, look: '', draw: () => drawNote(note) });
      previous = null;
    }
  };
  for (const m of room.line.messages) {
    notesUpTo(m.seq);
    const today = dayOf(m.sent_at);
    if (today && today !== lastDay) {
      out.push({ key: `day:${today}:${m.seq}`, look: '', draw: () => el('li', { class: 'day' }, el('span', {}, today)) });
      lastDay = today;
      previous = null;
    }
    const mine = m.user_id === room.me;
    const goesOn = previous?.user_id === m.user_id && Date.parse(m.sent_at) - Date.parse(previous.sent_at) < SAME_BREATH_MS;
    out.push({
      key: `m:${m.id}`,
      look: `${m.seq}|${goesOn}|${mine && m.status}|${m.text}`,
      draw: () => drawMessage(m, mine, goesOn),
    });
    previous = m;
  }
  notesUpTo(Infinity);
  for (const item of room.outbox.items) {
    out.push({
      key: `o:${item.client_id}`,
      look: `${item.state}|${item.error?.code}|${room.joined}`,
      draw: () => drawWaiting(item, room),
    });
  }
  return out;
}

function drawNote({ text, tone, at }) {
  return el('li', { class: `note ${tone}` }, el('span', {}, text, ' ', timeOf(at)));
}

function drawMessage(m, mine, goesOn) {
  const name = m.user_name ?? m.user_id;
  const by = el('p', { class: `by${goesOn ? ' sr' : ''}` }, el('b', {}, mine ? 'You' : name), m.is_admin && el('span', { class: 'tag' }, 'agent'));
  const bubble = el('div', { class: 'bubble' },
    !mine || goesOn ? by : el('p', { class: 'sr' }, 'You'),
    m.text !== null && m.text !== undefined && el('p', { class: 'text', dir: 'auto' }, m.text),
    m.data !== null && m.data !== undefined && el('pre', { class: 'data', tabindex: '0' }, JSON.stringify(m.data, null, 2)),
    el('p', { class: 'meta' }, el('span', { class: 'seq', title: 'seq' }, `#${m.seq}`), timeOf(m.sent_at), mine && ticks(m.status)));
  return el('li', { class: `msg ${mine ? 'mine' : 'theirs'}${goesOn ? ' goes-on' : ''}` }, !mine && avatar(m.user_id, name), bubble);
}

function drawWaiting(item, room) {
  const failed = item.state === 'failed';
  const reason = item.error && item.error.code !== 'disconnected' ? ` (${item.error.code})` : '';
  const words = {
    queued: room.joined ? 'in line' : 'waits for the line',
    sending: 'sending…',
    waiting: room.joined ? `trying again${reason}` : `waits for the line${reason}`,
    failed: `Not sent: ${item.error?.message ?? 'unknown'}${reason}`,
  }[item.state];
  const meta = el('p', { class: 'meta' }, failed ? el('span', { class: 'why' }, words) : words, timeOf(item.at));
  const actions = failed && el('p', { class: 'actions' },
    button('Try again', () => room.outbox.retry(item.client_id)),
    button('Discard', () => room.outbox.discard(item.client_id)));
  return el('li', { class: `msg mine pending ${item.state}` },
    el('div', { class: 'bubble' }, el('p', { class: 'sr' }, 'You'), el('p', { class: 'text', dir: 'auto' }, item.text), meta, actions));
}

const SVG = 'http://www.w3.org/2000/svg';

/** One tick: stored. Two: delivered. Two in colour: read. */
function ticks(status) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 18 12');
  svg.setAttribute('aria-hidden', 'true');
  const paths = status === 'sent' ? ['M5 6.5 8 9.5 14 2.5'] : ['M1.5 6.5 4.5 9.5 10.5 2.5', 'M8 8.5 9 9.5 15.5 2.5'];
  for (const d of paths) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', d);
    svg.append(path);
  }
  const word = WORDS[status] ?? status ?? '';
  return el('span', { class: `ticks ${WORDS[status] ?? ''}`, title: word }, svg, spoken(word));
}
