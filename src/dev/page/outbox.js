// What was written and isn't stored yet. One message at a time is under way, so that order survives
// retries; every retry carries the same client_id, so that none is sent twice.

import { backoff } from './policy.js';

export class Outbox {
  #client; #room; #timer;
  #busy = false;
  #notBefore = 0;
  items = []; // {client_id, text, state: queued | sending | waiting | failed, error, tries, at}

  constructor(client, room) {
    this.#client = client;
    this.#room = room;
  }

  add(text) {
    this.items.push({ client_id: newId(), text, state: 'queued', error: null, tries: 0, at: new Date() });
    this.pump();
  }

  retry(clientId) {
    const item = this.#find(clientId);
    if (!item) return;
    Object.assign(item, { state: 'queued', error: null, tries: 0 });
    this.pump();
  }

  discard(clientId) {
    this.items = this.items.filter((i) => i.client_id !== clientId);
    this.#room.touched();
  }

  clear() {
    clearTimeout(this.#timer);
    this.items = [];
  }

  /** What stood in the way is gone: no need to sit out the wait. */
  wake() {
    this.#notBefore = 0;
    this.pump();
  }

  /** The message has shown up in the room. */
  settled(clientId) {
    if (clientId) this.items = this.items.filter((i) => i.client_id !== clientId);
  }

  async pump() {
    clearTimeout(this.#timer);
    this.#room.touched();
    const early = this.#notBefore - Date.now();
    if (early > 0) this.#timer = setTimeout(() => this.pump(), early);
    if (this.#busy || early > 0) return;
    this.#busy = true;
    let item;
    while (this.#room.joined && (item = this.items.find((i) => i.state !== 'failed'))) {
      const wait = await this.#send(item);
      if (wait !== null) {
        this.#notBefore = Date.now() + wait;
        if (wait > 0) this.#timer = setTimeout(() => this.pump(), wait);
        break;
      }
    }
    this.#busy = false;
  }

  /** null: go on with the next one; 0: wait for the line; else try again after so many ms. */
  async #send(item) {
    item.state = 'sending';
    this.#room.touched();
    const { client_id, text } = item;
    try {
      const stored = await this.#client.request('send_message', { ticket_id: this.#room.id, text, client_id });
      const { user_id, user_name, is_admin } = this.#client.user;
      const { duplicate: _, ...rest } = stored;
      this.settled(client_id);
      this.#room.accepted({ ...rest, text, client_id, user_id, user_name, is_admin });
      this.#room.touched();
      return null;
    } catch (error) {
      item.error = error;
      item.tries++;
      if (error.code === 'ticket_closed') this.#room.setClosed(true);
      if (error.code === 'not_joined') this.#room.putOut();
      item.state = error.retry || error.code === 'not_joined' ? 'waiting' : 'failed';
      this.#room.touched();
      if (item.state === 'failed') return null;
      if (error.code === 'disconnected' || error.code === 'not_joined') return 0;
      return error.retry_after_ms ?? backoff(item.tries);
    }
  }

  #find(clientId) {
    return this.items.find((i) => i.client_id === clientId);
  }
}

/** randomUUID wants a secure context; a page opened by address on a phone hasn't got one. */
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}
