// The wire panel: every frame in and out, the newest at the bottom, at most 500 of them.

import { $, button, el, setText, spoken } from './dom.js';

const MOST = 500;
const SUMMARY = 140;
const NEAR_BOTTOM_PX = 40;
const ARROW = { in: ['↓', 'received'], out: ['↑', 'sent'], sys: ['•', 'line'] };
const stamp = (d) => `${d.toTimeString().slice(0, 8)}.${String(d.getMilliseconds()).padStart(3, '0')}`;

export class Wire {
  #rows = [];    // {frame, text, node}
  #held = [];    // while paused
  #paused = false;
  #following = true; // until scrolled up by hand
  #terms = [];
  #dir = 'all';
  #list; #count; #pause;

  constructor(root) {
    this.#list = $('#wire-list', root);
    this.#count = $('#wire-count', root);
    this.#pause = $('#wire-pause', root);
    this.#pause.addEventListener('click', () => this.#setPaused(!this.#paused));
    $('#wire-clear', root).addEventListener('click', () => this.#clear());
    $('#wire-filter', root).addEventListener('input', (e) => {
      this.#terms = e.target.value.toLowerCase().split(/\s+/).filter(Boolean);
      this.#refilter();
    });
    $('#wire-dir', root).addEventListener('change', (e) => {
      this.#dir = e.target.value;
      this.#refilter();
    });
    this.#list.addEventListener('scroll', () => {
      const { scrollHeight, scrollTop, clientHeight } = this.#list;
      this.#following = scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX;
    }, { passive: true });
    new ResizeObserver(() => this.#following && this.follow()).observe(this.#list);
    this.#tally();
  }

  add(frame) {
    if (this.#paused) {
      this.#held.push(frame);
      if (this.#held.length > MOST) this.#held.shift();
    } else {
      this.#append(frame);
    }
    this.#tally();
  }

  follow() { this.#list.scrollTop = this.#list.scrollHeight; }

  #append(frame) {
    const text = JSON.stringify(frame.body, shortToken) ?? '';
    const row = { frame, text, haystack: `${frame.event} ${text}`.toLowerCase() };
    row.node = this.#draw(row);
    row.node.hidden = !this.#matches(row);
    this.#rows.push(row);
    this.#list.append(row.node);
    while (this.#rows.length > MOST) this.#rows.shift().node.remove();
    if (this.#following) this.follow();
  }

  #draw(row) {
    const { frame, text } = row;
    const [glyph, word] = ARROW[frame.dir];
    const failed = frame.body?.ok === false || frame.event === 'error';
    const name = frame.reply ? `re: ${frame.event}` : frame.event;
    const summary = frame.body?.data ?? frame.body?.error ?? frame.body;
    const node = el('li', { class: `row ${frame.dir}${failed ? ' failed' : ''}` });
    const toggle = button('', () => this.#toggle(row, toggle), { class: 'row-head', 'aria-expanded': 'false' });
    const size = frame.size ? `${frame.size} characters` : '';
    toggle.append(
      el('span', { class: 'at' }, stamp(frame.at)),
      el('span', { class: 'dir', 'aria-hidden': 'true' }, glyph), spoken(`${word} `),
      el('span', { class: 'name', title: size }, name),
      el('span', { class: 'summary' }, frame.dir === 'sys' ? text : short(summary)),
    );
    node.append(toggle);
    return node;
  }

  #toggle(row, toggle) {
    const open = toggle.getAttribute('aria-expanded') === 'true';
    toggle.setAttribute('aria-expanded', String(!open));
    if (open) return $('pre', row.node).remove();
    const body = typeof row.frame.body === 'string' ? row.frame.body : JSON.stringify(row.frame.body, shortToken, 2);
    row.node.append(el('pre', { tabindex: '0', 'aria-label': `${row.frame.event} as JSON` }, body));
    return undefined;
  }

  /** Every word has to occur; one with a leading minus must not. */
  #matches({ frame, haystack }) {
    if (this.#dir !== 'all' && frame.dir !== this.#dir) return false;
    return this.#terms.every((t) => (t.length > 1 && t[0] === '-' ? !haystack.includes(t.slice(1)) : haystack.includes(t)));
  }

  #refilter() {
    for (const row of this.#rows) row.node.hidden = !this.#matches(row);
    this.follow();
    this.#tally();
  }

  #setPaused(paused) {
    this.#paused = paused;
    this.#pause.setAttribute('aria-pressed', String(paused));
    setText(this.#pause, paused ? 'Resume' : 'Pause');
    if (!paused) for (const frame of this.#held.splice(0)) this.#append(frame);
    this.#tally();
  }

  #clear() {
    this.#rows = [];
    this.#held = [];
    this.#list.replaceChildren();
    this.#tally();
  }

  #tally() {
    const shown = this.#rows.filter((r) => !r.node.hidden).length;
    const filtered = shown === this.#rows.length ? `${shown}` : `${shown} of ${this.#rows.length}`;
    const held = this.#paused ? `, ${this.#held.length} held back` : '';
    setText(this.#count, `${filtered} frame${shown === 1 ? '' : 's'}${held}`);
  }
}

/** Tokens are credentials, and long: never shown in full. */
function shortToken(key, value) {
  const secret = key === 'token' && typeof value === 'string' && value.length > 20;
  return secret ? `${value.slice(0, 8)}… (${value.length} characters)` : value;
}

function short(body) {
  const text = JSON.stringify(body, shortToken) ?? '';
  return text.length > SUMMARY ? `${text.slice(0, SUMMARY)}…` : text;
}
