// What the tests in Node and in the browser share, so it imports nothing.

const PATIENCE_MS = 20_000;

export class Failed extends Error {}

export function check(condition, what, seen) {
  if (!condition) {
    throw new Failed(seen === undefined ? what : `${what}; seen: ${JSON.stringify(seen)}`);
  }
}

/** A socket.io-client that notes all it hears, the transport's news too. */
export class Client {
  #waiting = new Set();

  constructor(io, address, options) {
    this.heard = [];
    this.socket = io(address, { forceNew: true, reconnectionDelay: 100, ...options });
    for (const event of ['connect', 'disconnect', 'connect_error']) {
      this.socket.on(event, (about) => this.#note(event, about?.message ?? about));
    }
    this.socket.onAny((event, data) => this.#note(event, data));
    this.socket.io.on('open', () => {
      this.socket.io.engine.on('upgrade', (transport) => this.#note('upgrade', transport.name));
    });
  }

  #note(event, data) {
    this.heard.push({ event, data });
    for (const look of [...this.#waiting]) {
      look();
    }
  }

  all(event) {
    return this.heard.filter((one) => one.event === event).map((one) => one.data);
  }

  /** Forgets what was heard. */
  forget() {
    this.heard = [];
  }

  /** The data of the first such event, heard already or still to come. */
  hears(event, matches = () => true) {
    return new Promise((resolve, reject) => {
      const end = (settle, result) => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        settle(result);
      };
      const look = () => {
        const found = this.heard.find((one) => one.event === event && matches(one.data));
        if (found) {
          end(resolve, found.data);
        }
      };
      const timer = setTimeout(
        () => end(reject, new Failed(`no ${event}; heard: ${JSON.stringify(this.heard)}`)),
        PATIENCE_MS,
      );
      this.#waiting.add(look);
      look();
    });
  }

  /** Emits with an acknowledgement asked for, and returns the reply; older clients know no promises. */
  ask(event, data) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Failed(`no reply to ${event}`)), PATIENCE_MS);
      this.socket.emit(event, data, (reply) => {
        clearTimeout(timer);
        resolve(reply);
      });
    });
  }

  /** Asks what must be granted, and returns the reply's data. */
  async granted(event, data) {
    const reply = await this.ask(event, data);
    check(reply.ok === true, `${event} was refused`, reply);
    return reply.data;
  }

  transport() {
    return this.socket.io.engine.transport.name;
  }

  close() {
    this.socket.close();
  }
}
