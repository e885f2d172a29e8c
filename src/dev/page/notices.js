// Errors in words which help: what happened (code and message) and what to do. The same one again only
// counts up.

import { button, el, setText } from './dom.js';
import { advice } from './policy.js';

const SHOWN_MS = 20_000;
const MOST = 3;

export class Notices {
  #root;
  #open = new Map();

  constructor(root) { this.#root = root; }

  show(error, about = '') {
    const key = `${error.code}|${error.event ?? ''}|${about}`;
    const known = this.#open.get(key);
    if (known) {
      known.count++;
      setText(known.times, `×${known.count}`);
      this.#arm(key, known);
      return;
    }
    const times = el('span', { class: 'times' });
    const title = el('p', { class: 'notice-title' }, el('code', {}, error.code), ' ', error.message, ' ', times);
    const where = [error.event, about].filter(Boolean).join(', ');
    const node = el('div', { class: 'notice', role: 'alert' },
      el('div', {}, title, where && el('p', { class: 'notice-where' }, where), el('p', {}, advice(error.code))),
      button('✕', () => this.#close(key), { class: 'ghost', 'aria-label': 'Dismiss this error' }));
    const notice = { node, times, count: 1 };
    this.#open.set(key, notice);
    this.#root.append(node);
    this.#arm(key, notice);
    if (this.#open.size > MOST) this.#close(this.#open.keys().next().value);
  }

  /** All of them, or those with one of these codes. */
  clear(codes) {
    for (const key of [...this.#open.keys()]) if (!codes || codes.includes(key.split('|')[0])) this.#close(key);
  }

  #arm(key, notice) {
    clearTimeout(notice.timer);
    notice.timer = setTimeout(() => this.#close(key), SHOWN_MS);
  }

  #close(key) {
    const notice = this.#open.get(key);
    if (!notice) return;
    clearTimeout(notice.timer);
    notice.node.remove();
    this.#open.delete(key);
  }
}
