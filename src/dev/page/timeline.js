// A ticket's messages, by seq and without doubles, and the notes between them. `seq` is how far we have
// everything; what lies beyond it shows that something is missing.

const RANK = { sent: 1, delivered: 2, read: 3 };
const MOST_NOTES = 40;
const MOST_EARLY = 200;

export class Timeline {
  #byId = new Map();
  #early = new Map();   // status updates which overtook their message
  #noteCount = 0;

  messages = [];
  notes = [];           // {key, after, text, tone, at}
  epoch = null;
  seq = 0;
  older = false;        // is there more before the first one?

  get top() { return this.messages.at(-1)?.seq ?? 0; }
  get hasGap() { return this.top > this.seq; }
  get first() { return this.messages[0]?.seq ?? this.seq + 1; }

  /** Makes room for the newest page: what we have stays only if it touches it, in the same epoch. */
  turnTo(epoch, firstSeq) {
    if (epoch !== this.epoch || firstSeq > this.seq + 1) {
      this.messages = [];
      this.notes = [];
      this.#byId.clear();
      this.seq = firstSeq - 1;
      this.older = firstSeq > 1;
    }
    this.epoch = epoch;
  }

  /** True if it is a new one. */
  insert(message) {
    const known = this.#byId.get(message.id);
    if (known) {
      const { status } = known;
      Object.assign(known, message, { status });
      this.raise(known, message.status);
      return false;
    }
    this.raise(message, this.#early.get(message.id));
    this.#early.delete(message.id);
    this.#byId.set(message.id, message);
    let at = this.messages.length;
    while (at > 0 && this.messages[at - 1].seq > message.seq) at--;
    this.messages.splice(at, 0, message);
    return true;
  }

  advance() {
    for (const m of this.messages) if (m.seq === this.seq + 1) this.seq = m.seq;
  }

  /** What couldn't be fetched is gone for good: go on from the first one there is. */
  giveUpGap() {
    this.seq = this.messages.find((m) => m.seq > this.seq).seq;
    this.advance();
  }

  /** Statuses only ever move up. Returns the message, or undefined if it hasn't come yet. */
  status(id, status) {
    const message = this.#byId.get(String(id));
    if (message) this.raise(message, status);
    else {
      if (this.#early.size > MOST_EARLY) this.#early.clear();
      this.#early.set(String(id), status);
    }
    return message;
  }

  raise(message, status) {
    if ((RANK[status] ?? 0) > (RANK[message.status] ?? 0)) message.status = status;
  }

  note(text, tone = '') {
    this.notes.push({ key: `note:${++this.#noteCount}`, after: this.top || this.seq, text, tone, at: new Date() });
    if (this.notes.length > MOST_NOTES) this.notes.shift();
  }
}

export const normal = (m) => ({ ...m, id: String(m.id), user_id: String(m.user_id), seq: Number(m.seq) });
