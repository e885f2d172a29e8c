// A small client for the gateway's plain WebSocket protocol: requests with `ref`, authentication,
// token refresh, and reconnection by the close codes. It knows nothing of tickets (room.js does) nor of
// the page.
//
//   const chat = new ChatClient({ url, getToken: async () => ({ token, expires_at }) });
//   chat.on('ready', () => chat.request('join_ticket_chat', { ticket_id: '101' }));
//   chat.on('event', ({ event, data }) => …);
//   chat.connect();
//
// Emits: state {state, why, code, at, attempt}, ready (authenticated), event {event, data},
//        frame {dir, at, event, body, size}, refreshed {expires_at}, problem (a ChatError).

import { backoff, closePlan } from './policy.js';
import { Timers } from './timers.js';

const OPEN_TIMEOUT_MS = 10_000;
const REPLY_TIMEOUT_MS = 15_000;
const STABLE_AFTER_MS = 10_000;
const MOST_AUTH_REFUSALS = 5;

export class ChatError extends Error {
  constructor({ code = 'internal', message = '', retry = false, retry_after_ms, event } = {}) {
    super(message || code);
    this.name = 'ChatError';
    Object.assign(this, { code, retry, retry_after_ms, event });
  }
}

export class ChatClient extends EventTarget {
  #url; #getToken; #makeSocket;
  #ws = null;
  #run = 0;              // every attempt has a number, so that a late answer of an earlier one is ignored
  #status = { state: 'idle' };
  #pending = new Map();  // ref -> {event, resolve, reject, timer}
  #ref = 0;
  #attempt = 0;
  #refusals = 0;
  #told = null;          // {at, why} once the gateway said `reconnect`
  #token = null;
  #heardAt = 0;
  #timers = new Timers();

  constructor({ url, getToken, makeSocket = (u) => new WebSocket(u) }) {
    super();
    this.#url = url;
    this.#getToken = getToken;
    this.#makeSocket = makeSocket;
    this.user = null;
    this.connectionId = null;
    this.clockOffset = 0; // server time minus ours
  }

  get status() { return this.#status; }
  get online() { return this.#status.state === 'online'; }

  on(type, listener) {
    this.addEventListener(type, (e) => listener(e.detail));
    return this;
  }

  /** Opens now, whatever was planned. */
  connect() {
    this.#told = null;
    this.#open();
  }

  /** Closes and stays closed. */
  close(why = 'You disconnected') {
    this.#run++;
    this.#drop(1000, why);
    this.#stop({ why });
  }

  /** Drops the line as a bad network would, and comes back after `ms`. */
  cut(ms) {
    this.#run++;
    this.#drop(4000, 'cut by hand');
    this.#later({ why: 'You cut the line', delay: ms });
  }

  /** The network is back: no need to sit out a backoff (a delay the gateway asked for is kept). */
  nudge() {
    if (this.#status.state === 'waiting' && this.#status.kind === 'backoff') this.#open();
  }

  /** Sends with a `ref`; resolves with the reply's data, rejects with a ChatError. */
  request(event, data = {}, { timeout = REPLY_TIMEOUT_MS } = {}) {
    if (!this.#usable(event)) {
      return Promise.reject(new ChatError({ code: 'disconnected', message: 'Not connected', retry: true, event }));
    }
    const ref = ++this.#ref;
    return new Promise((resolve, reject) => {
      const sentAt = Date.now();
      const timer = setTimeout(() => {
        this.#pending.delete(ref);
        reject(new ChatError({ code: 'timeout', message: `No answer to ${event}`, retry: true, event }));
        if (this.#heardAt < sentAt) this.#lost('Nothing was heard from the gateway for a while');
      }, timeout);
      this.#pending.set(ref, { event, resolve, reject, timer });
      this.#write({ event, ref, data });
    });
  }

  /** Sends without a `ref`: fire and forget. */
  notify(event, data = {}) {
    if (!this.#usable(event)) return false;
    this.#write({ event, data });
    return true;
  }

  #usable(event) {
    return this.#ws?.readyState === 1 && (this.online || event === 'chat_authenticate');
  }

  // ---- opening ----

  async #open() {
    const run = ++this.#run;
    this.#drop(1000, 'reconnecting');
    if (this.#stale()) {
      this.#set({ state: 'token', attempt: this.#attempt });
      try {
        const token = await this.#getToken();
        if (run !== this.#run) return;
        this.#token = token;
        this.#frame('sys', 'token', { expires_at: token.expires_at });
      } catch (e) {
        if (run !== this.#run) return;
        const error = asChatError(e);
        this.#emit('problem', error);
        if (error.retry) this.#later({ why: error.message });
        else this.#stop({ why: error.message, bad: true });
        return;
      }
    }
    this.#set({ state: 'connecting', attempt: this.#attempt });
    const ws = this.#makeSocket(this.#url);
    this.#ws = ws;
    this.#timers.after('open', OPEN_TIMEOUT_MS, () => ws.close());
    ws.onopen = () => this.#authenticate(run);
    ws.onmessage = (e) => this.#receive(e.data);
    ws.onclose = (e) => this.#closed(e.code, e.reason);
  }

  async #authenticate(run) {
    this.#timers.cancel('open');
    this.#frame('sys', 'open', { url: this.#url });
    this.#set({ state: 'authenticating', attempt: this.#attempt });
    try {
      const user = await this.request('chat_authenticate', { token: this.#token.token });
      if (run !== this.#run) return;
      this.#welcome(user);
    } catch (error) {
      if (run !== this.#run || error.code === 'disconnected') return; // #closed deals with it
      this.#emit('problem', error);
      this.#run++;
      this.#drop(1000, error.code);
      if (!error.retry) {
        this.#token = null;
        this.#refusals++;
      }
      const pointless = ['identity_mismatch', 'forbidden'].includes(error.code);
      if (pointless || this.#refusals >= MOST_AUTH_REFUSALS) {
        this.#stop({ why: error.message, bad: true });
      } else {
        this.#later({ why: error.message, delay: error.retry_after_ms });
      }
    }
  }

  #welcome(user) {
    this.user = { ...user, user_id: String(user.user_id) };
    this.connectionId = user.connection_id ?? this.connectionId;
    this.#refusals = 0;
    this.#told = null;
    this.#timers.after('stable', STABLE_AFTER_MS, () => { this.#attempt = 0; });
    this.#set({ state: 'online' });
    this.#emit('ready', this.user);
  }

  #stale() {
    if (!this.#token) return true;
    const end = Date.parse(this.#token.expires_at);
    return Number.isFinite(end) && end - (Date.now() + this.clockOffset) < 5000;
  }

  async #refresh(untilMs) {
    const run = this.#run;
    const until = Date.now() + untilMs;
    for (let attempt = 2; run === this.#run && Date.now() < until; attempt++) {
      try {
        const token = await this.#getToken();
        if (run !== this.#run) return;
        const user = await this.request('chat_authenticate', { token: token.token });
        this.#token = token;
        this.user = { ...user, user_id: String(user.user_id) };
        this.#emit('refreshed', { expires_at: user.expires_at });
        return;
      } catch (e) {
        if (run !== this.#run) return;
        const error = asChatError(e);
        this.#emit('problem', error);
        if (error.code === 'identity_mismatch') return;
        await new Promise((done) => setTimeout(done, error.retry_after_ms ?? backoff(attempt)));
      }
    }
  }

  // ---- frames ----

  #write(frame) {
    const text = JSON.stringify(frame);
    this.#ws.send(text);
    this.#frame('out', frame.event, frame, text.length);
  }

  #receive(text) {
    this.#heardAt = Date.now();
    let frame;
    try {
      frame = JSON.parse(text);
    } catch {
      this.#frame('in', 'not JSON', String(text), text.length ?? 0);
      this.#emit('problem', new ChatError({ code: 'bad_frame', message: 'A frame could not be read' }));
      return;
    }
    if (frame.ref !== undefined && 'ok' in frame) return this.#reply(frame, text.length);
    this.#frame('in', frame.event ?? '?', frame, text.length);
    const data = frame.data ?? {};
    if (frame.event === 'chat_connected') {
      this.connectionId = data.connection_id;
      const now = Date.parse(data.server_time);
      if (Number.isFinite(now)) this.clockOffset = now - Date.now();
    } else if (frame.event === 'token_expiring') {
      this.#refresh(data.in_ms ?? 60_000);
    } else if (frame.event === 'reconnect') {
      this.#tellToReturn(data);
    }
    this.#emit('event', { event: frame.event, data });
  }

  #reply(frame, size) {
    const waiting = this.#pending.get(frame.ref);
    this.#frame('in', waiting?.event ?? 'reply', frame, size, true);
    if (!waiting) return;
    this.#pending.delete(frame.ref);
    clearTimeout(waiting.timer);
    if (frame.ok) waiting.resolve(frame.data ?? {});
    else waiting.reject(new ChatError({ ...frame.error, event: waiting.event }));
  }

  // ---- going away and coming back ----

  /** The gateway asked for it: leave at the end of the delay, or sooner if it closes before. */
  #tellToReturn({ reason, delay_ms = 0 }) {
    const delay = Math.max(0, Number(delay_ms) || 0);
    this.#told = { at: Date.now() + delay, why: `The gateway asked for it (${reason ?? 'no reason given'})` };
    this.#timers.after('told', delay, () => { this.#told = null; this.#open(); });
    this.#set({ ...this.#status });
  }

  #lost(why) {
    this.#run++;
    this.#drop(4000, why);
    this.#later({ why });
  }

  #closed(code, reason) {
    this.#run++;
    this.#forget();
    const plan = closePlan(code);
    const why = reason ? `${plan.why} (${reason})` : plan.why;
    this.#frame('sys', 'close', { code, reason, back: plan.back });
    if (plan.back === 'token') this.#token = null;
    const done = plan.back === 'never' && !(code === 1000 && this.#told);
    if (done) this.#stop({ why, code, bad: code !== 1000 });
    else if (this.#told) this.#later({ why: this.#told.why, code, delay: this.#told.at - Date.now() });
    else if (plan.back === 'later') this.#later({ why, code, delay: plan.least + backoff(this.#attempt) });
    else this.#later({ why, code, least: plan.least });
  }

  #later({ why, code, delay, least = 0 }) {
    const kind = delay === undefined ? 'backoff' : 'told';
    const ms = Math.max(least, delay ?? backoff(this.#attempt), 0);
    this.#attempt++;
    this.#set({ state: 'waiting', kind, why, code, at: Date.now() + ms, attempt: this.#attempt });
    this.#timers.after('retry', ms, () => { this.#told = null; this.#open(); });
  }

  #stop({ why, code, bad = false }) {
    this.#attempt = 0;
    this.#refusals = 0;
    this.#set({ state: 'stopped', why, code, bad });
  }

  /** Closes the socket without letting its late events in. */
  #drop(code, reason) {
    const ws = this.#ws;
    this.#forget();
    if (!ws) return;
    this.#frame('sys', 'close', { code, reason, by: 'this page' });
    ws.close(code, reason.slice(0, 60));
  }

  #forget() {
    this.#timers.cancelAll();
    if (this.#ws) this.#ws.onopen = this.#ws.onmessage = this.#ws.onclose = null;
    this.#ws = null;
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const { event, reject, timer } of waiting) {
      clearTimeout(timer);
      reject(new ChatError({ code: 'disconnected', message: 'The line dropped before an answer', retry: true, event }));
    }
  }

  #set(status) {
    this.#status = status;
    this.#emit('state', status);
  }

  #frame(dir, event, body, size = 0, reply = false) {
    this.#emit('frame', { dir, at: new Date(), event, body, size, reply });
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function asChatError(e) {
  return e instanceof ChatError ? e : new ChatError({ code: 'unreachable', message: String(e?.message ?? e), retry: true });
}
