// Both halves of the typing indicator in one ticket: what we tell, and whom we show.

import { Timers } from './timers.js';

const SHOWN_MS = 10_000;
const REPEAT_MS = 3000;
const IDLE_MS = 4000;

export class Typing {
  #timers = new Timers();
  #tell; #changed;
  #toldAt = 0;
  names = new Map(); // user_id -> name

  /** `tell(event)` sends typing_start or typing_stop. */
  constructor({ tell, changed }) {
    this.#tell = tell;
    this.#changed = changed;
  }

  /** On every keystroke. */
  typed(hasText) {
    if (!hasText) return this.stop();
    const now = Date.now();
    if (now - this.#toldAt >= REPEAT_MS) {
      this.#toldAt = now;
      this.#tell('typing_start');
    }
    this.#timers.after('idle', IDLE_MS, () => this.stop());
  }

  /** `silently` after sending, which ends it at the gateway too. */
  stop(silently = false) {
    this.#timers.cancel('idle');
    if (!this.#toldAt) return;
    this.#toldAt = 0;
    if (!silently) this.#tell('typing_stop');
  }

  /** Shown until told otherwise, or until it expires by itself. */
  show(id, name, ms = SHOWN_MS) {
    this.names.set(String(id), name ?? String(id));
    this.#timers.after(`show:${id}`, ms, () => { this.hide(id); this.#changed(); });
  }

  hide(id) {
    this.#timers.cancel(`show:${id}`);
    this.names.delete(String(id));
  }

  clear() {
    this.#timers.cancelAll();
    this.names.clear();
    this.#toldAt = 0;
  }
}
