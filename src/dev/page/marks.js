// Tells the gateway what has been received and what has been read, in batches: one frame for all that
// arrived meanwhile. `read` says `delivered` as well.

import { Timers } from './timers.js';

const BATCH_MS = 200;
const RETRY_MS = 2000;

export class Marks {
  #timers = new Timers();
  #busy = false;
  #room; #client; #isSeen; #problem;

  // Confirmed up to here.
  read = 0;
  delivered = 0;

  constructor({ room, client, isSeen, problem }) {
    this.#room = room;
    this.#client = client;
    this.#isSeen = isSeen;
    this.#problem = problem;
  }

  /** What the gateway, or another window of ours, says we have read. */
  known(read) {
    this.read = Math.max(this.read, read);
    this.delivered = Math.max(this.delivered, this.read);
  }

  startOver() { this.read = this.delivered = 0; }

  stop() { this.#timers.cancelAll(); }

  soon() {
    if (!this.#timers.has('mark')) this.#after(BATCH_MS);
  }

  #after(ms) { this.#timers.after('mark', ms, () => this.#send()); }

  async #send() {
    const room = this.#room;
    if (!room.joined || this.#busy) return;
    const { messages, seq, epoch } = room.line;
    const top = messages.findLast((m) => m.user_id !== room.me && m.seq <= seq)?.seq ?? 0;
    const what = this.#isSeen(room) ? 'read' : 'delivered';
    if (top <= this[what]) return;
    this.#busy = true;
    let again = BATCH_MS;
    try {
      await this.#client.request(
        `mark_messages_${what}`, { ticket_id: room.id, up_to_seq: top, epoch });
      if (epoch === room.line.epoch) {
        this[what] = Math.max(this[what], top);
        this.known(this.read);
      }
      room.touched();
    } catch (error) {
      again = error.retry ? error.retry_after_ms ?? RETRY_MS : null;
      if (error.code === 'not_joined') room.putOut();
      else if (!error.retry) this.#problem(error);
    }
    this.#busy = false;
    if (again !== null && room.joined) this.#after(again);
  }
}
