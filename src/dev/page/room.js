// One ticket as this window sees it: joining and resuming, messages in order, marks, who is here and who
// types. `changed(what, message)` is called after every change; drawing is somebody else's job.

import { Marks } from './marks.js';
import { Outbox } from './outbox.js';
import { Timeline, normal } from './timeline.js';
import { Timers } from './timers.js';
import { Typing } from './typing.js';

const GAP_GRACE_MS = 600;
const RETRY_MS = 2000;
const PAGE = 50;

export class Room {
  #client; #changed; #problem;
  #timers = new Timers();
  #early = [];         // live messages which overtook the answer to our join
  #joinTry = 0;
  #following = 0;      // up to which seq messages follow by themselves, after a long resume

  /** `isSeen(room)`: is the reader looking at this ticket now? */
  constructor({ id, client, changed, problem, isSeen }) {
    this.id = String(id);
    this.#client = client;
    this.#changed = changed;
    this.#problem = (error) => { if (error.code !== 'disconnected') problem(error, this); };
    this.marks = new Marks({ room: this, client, isSeen, problem: this.#problem });
    this.outbox = new Outbox(client, this);
    this.typing = new Typing({
      tell: (event) => this.joined && client.notify(event, { ticket_id: this.id }),
      changed: () => changed('typing'),
    });
    this.draft = '';
    this.wanted = false;
    this.#empty();
  }

  #empty() {
    this.state = 'out';    // out, joining, in, refused, removed
    this.why = null;       // the error which kept us out
    this.line = new Timeline();
    this.recovered = null; // {ok, count} after a resume
    this.participants = new Map();
    this.closed = false;
    this.loadingOlder = false;
    this.notified = 0;     // unread as told by ticket_message_notification, while we aren't in
    this.preview = '';
    this.#early = [];
    this.marks.startOver();
    this.typing.clear();
  }

  get me() { return this.#client.user?.user_id; }
  get joined() { return this.state === 'in'; }

  get unread() {
    if (!this.wanted) return this.notified;
    return this.line.messages.filter((m) => m.user_id !== this.me && m.seq > this.marks.read).length;
  }

  // ---- in and out ----

  async join() {
    this.wanted = true;
    if (this.state === 'joining' || !this.#client.online) return this.#changed('state');
    const { epoch, seq } = this.line;
    const resume = epoch === null ? {} : { epoch, last_seq: seq };
    this.state = 'joining';
    this.#timers.cancel('join');
    this.#changed('state');
    try {
      const reply = await this.#client.request('join_ticket_chat', { ticket_id: this.id, ...resume });
      if (!this.wanted) return;
      this.#joinTry = 0;
      this.#enter(reply, epoch !== null);
    } catch (error) {
      if (!this.wanted) return;
      this.why = error;
      this.state = error.retry ? 'out' : 'refused';
      this.wanted = error.retry;
      this.#problem(error);
      if (error.retry && error.code !== 'disconnected') {
        const wait = error.retry_after_ms ?? Math.min(15_000, 1000 * 2 ** this.#joinTry++);
        this.#timers.after('join', wait, () => this.join());
      }
      this.#changed('state');
    }
  }

  #enter(reply, resumed) {
    const page = (reply.messages ?? []).map(normal).sort((a, b) => a.seq - b.seq);
    const sameEpoch = this.line.epoch === reply.epoch;
    if (!sameEpoch) this.marks.startOver();
    if (!reply.recovered) this.line.turnTo(reply.epoch, page[0]?.seq ?? reply.seq + 1);
    this.#following = reply.more ? reply.newest_seq : 0;
    this.state = 'in';
    this.why = null;
    this.notified = 0;
    this.closed = Boolean(reply.closed);
    const fresh = page.filter((m) => this.#insert(m)).length;
    this.line.advance();
    this.participants = new Map((reply.participants ?? []).map((p) => [String(p.user_id), p]));
    this.typing.clear();
    for (const t of reply.typing ?? []) if (String(t.user_id) !== this.me) this.typing.show(t.user_id, t.user_name);
    this.#reads(reply.read ?? {});
    this.recovered = resumed ? { ok: reply.recovered, count: fresh } : null;
    if (resumed) this.line.note(resumedText(reply, fresh, sameEpoch), reply.recovered ? 'good' : 'warn');
    for (const m of this.#early.splice(0)) this.#live(m);
    this.#changed('joined');
    this.marks.soon();
    this.outbox.pump();
    if (resumed) this.#catchUpStatuses();
  }

  /** Nobody asked: the gateway’s store was lost or away for a while, and this is how things stand. */
  #takenInAgain(reply) {
    if (this.state !== 'in') return; // the answer to our own join is newer
    const asWas = reply.recovered && reply.epoch === this.line.epoch && !reply.messages?.length && !reply.more;
    this.#enter(reply, !asWas);
  }

  async leave() {
    const { joined } = this;
    if (joined) this.typing.stop();
    this.dispose();
    this.#empty();
    this.#changed('state');
    if (joined) await this.#client.request('leave_ticket_chat', { ticket_id: this.id }).catch(this.#problem);
  }

  /** The line is gone: keep everything needed to resume. */
  lineDropped() {
    if (this.state === 'in' || this.state === 'joining') this.state = 'out';
    this.participants.clear();
    this.#stop();
    this.#changed('state');
  }

  dispose() {
    this.wanted = false;
    this.#stop();
    this.outbox.clear();
  }

  #stop() {
    this.#timers.cancelAll();
    this.marks.stop();
    this.typing.clear();
  }

  /** Somebody put us out, or the gateway says that we aren't in. */
  putOut() {
    if (!this.joined) return;
    this.wanted = false;
    this.state = 'removed';
    this.#stop();
    this.participants.clear();
    this.#changed('state');
  }

  /** Joins anew, for instance to see whether a closed ticket was reopened. */
  rejoin() {
    if (this.joined) this.#resync();
    else this.join();
  }

  /** The epoch changed under us: what we hold no longer counts. */
  #resync() {
    if (!this.joined) return;
    this.state = 'out';
    this.join();
  }

  #reads(read) {
    for (const [user, seq] of Object.entries(read)) {
      if (user === this.me) this.marks.known(seq);
      else for (const m of this.line.messages) if (m.user_id === this.me && m.seq <= seq) this.line.raise(m, 'read');
    }
  }

  /** Ticks which moved while we were away. */
  async #catchUpStatuses() {
    const open = this.line.messages.filter((m) => m.user_id === this.me && m.status !== 'read').slice(-100);
    if (!open.length) return;
    try {
      const message_ids = open.map((m) => m.id);
      const { statuses } = await this.#client.request('get_message_status', { ticket_id: this.id, message_ids });
      for (const [id, status] of Object.entries(statuses ?? {})) this.line.status(id, status);
      this.#changed('messages');
    } catch { /* they catch up with the next update */ }
  }

  // ---- what happens in it ----

  handle(event, data) {
    if (event === 'ticket_message_notification') {
      this.notified = data.unread ?? this.notified + 1;
      this.preview = `${data.user_name ?? data.user_id}: ${data.preview ?? ''}`;
      return this.#changed('notified');
    }
    if (event === 'ticket_update_notification') {
      this.preview = 'Ticket updated';
      return this.#changed('notified');
    }
    if (this.state !== 'in' && this.state !== 'joining') return undefined;
    switch (event) {
      case 'joined_ticket_chat': return this.#takenInAgain(data);
      case 'new_message': return this.#live(normal(data));
      case 'message_status_update': return this.#statusMoved(data);
      case 'user_typing': return this.#typingMoved(data);
      case 'user_joined': return this.#someone(data, true);
      case 'user_left': return this.#someone(data, false);
      case 'left_ticket_chat': return this.putOut();
      case 'ticket_update': return this.#updated(data);
      default: return undefined;
    }
  }

  #live(message) {
    if (this.state === 'joining') return void this.#early.push(message);
    if (message.epoch !== undefined && message.epoch !== this.line.epoch) return void this.#resync();
    const fresh = this.#insert(message);
    this.typing.hide(message.user_id);
    this.#arrived();
    this.#changed(fresh && message.user_id !== this.me ? 'heard' : 'messages', message);
    this.marks.soon();
  }

  /** Our own, once stored. The room's copy may come before or after this answer. */
  accepted(message) {
    if (message.epoch !== this.line.epoch) return void this.#resync();
    this.#insert(normal(message));
    this.#arrived();
  }

  #insert(message) {
    if (message.user_id === this.me) this.outbox.settled(message.client_id);
    const fresh = this.line.insert(message);
    const last = this.line.messages.at(-1);
    this.preview = `${last.user_name ?? last.user_id}: ${last.text ?? JSON.stringify(last.data)}`;
    return fresh;
  }

  #arrived() {
    this.line.advance();
    if (this.line.hasGap && this.line.seq >= this.#following) this.#timers.after('gap', GAP_GRACE_MS, () => this.#fillGap());
  }

  async #fillGap() {
    const from = this.line.seq;
    if (!this.joined || !this.line.hasGap || from < this.#following) return;
    try {
      await this.#fetch({ after_seq: from });
      this.line.advance();
      if (this.line.seq === from && this.line.hasGap) this.line.giveUpGap();
      this.#arrived();
      this.#changed('messages');
      this.marks.soon();
    } catch (error) {
      if (error.retry && error.code !== 'disconnected') this.#timers.after('gap', RETRY_MS, () => this.#fillGap());
    }
  }

  async loadOlder() {
    if (this.loadingOlder || !this.joined || !this.line.older) return;
    this.loadingOlder = true;
    this.#changed('messages');
    try {
      const { more } = await this.#fetch({ before_seq: this.line.first });
      this.line.older = Boolean(more);
    } catch (error) {
      this.#problem(error);
    }
    this.loadingOlder = false;
    this.#changed('older');
  }

  async #fetch(where) {
    const page = await this.#client.request('get_messages', { ticket_id: this.id, ...where, limit: PAGE });
    if (page.epoch !== undefined && page.epoch !== this.line.epoch) this.#resync();
    else for (const m of page.messages ?? []) this.#insert(normal(m));
    return page;
  }

  #statusMoved({ message_id, status, user_id }) {
    const message = this.line.status(message_id, status);
    if (message && status === 'read' && String(user_id) === this.me) this.marks.known(message.seq);
    this.#changed('status');
  }

  #typingMoved({ user_id, user_name, is_typing, expires_in_ms }) {
    if (is_typing && String(user_id) !== this.me) this.typing.show(user_id, user_name, expires_in_ms);
    else this.typing.hide(user_id);
    this.#changed('typing');
  }

  #someone(data, here) {
    const id = String(data.user_id);
    if (id === this.me && !here) return void this.#amIStillHere();
    if (this.participants.has(id) !== here) this.line.note(`${data.user_name ?? id} ${here ? 'joined' : 'left'}`);
    if (here) this.participants.set(id, data);
    else this.participants.delete(id);
    if (!here) this.typing.hide(id);
    this.#changed('people');
  }

  /** Told that we left: the truth, or the echo of a connection of ours which is gone? */
  async #amIStillHere() {
    if (!this.joined) return;
    try {
      const { participants } = await this.#client.request('get_participants', { ticket_id: this.id });
      if (!participants.some((p) => String(p.user_id) === this.me)) this.putOut();
    } catch (error) {
      if (!error.retry) this.putOut();
    }
  }

  #updated({ ticket_id: _, ...rest }) {
    if (typeof rest.closed === 'boolean') this.setClosed(rest.closed);
    else this.line.note(`Ticket updated: ${JSON.stringify(rest).slice(0, 300)}`);
    this.#changed('state');
  }

  setClosed(closed) {
    if (closed !== this.closed) this.line.note(closed ? 'The ticket was closed' : 'The ticket was reopened');
    this.closed = closed;
    this.#changed('state');
  }

  /** The outbox or the marks moved. */
  touched() { this.#changed('messages'); }

  send(text) {
    this.typing.stop(true);
    this.outbox.add(text);
  }
}

function resumedText(reply, count, sameEpoch) {
  const missed = count === 1 ? '1 missed message' : `${count} missed messages`;
  if (reply.more) return `Resumed (recovered: true), ${missed}, and more follow`;
  if (reply.recovered) return `Resumed (recovered: true), ${count ? missed : 'nothing missed'}`;
  if (sameEpoch) return 'Back (recovered: false): the gap couldn’t be proven, here is the newest page';
  return 'Back (recovered: false): a new epoch, the earlier history no longer counts';
}
