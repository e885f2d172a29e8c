import { io } from 'socket.io-client';

const ACK_MS = 15_000;

/**
 * One of a crowd: polls all the way, comes back and resumes by itself, and says what it has to say
 * again, under the same `client_id`, until that is acknowledged.
 */
export class Member {
  received = [];
  faults = [];
  breaks = [];
  acknowledged = new Set();
  resumed = 0;
  here = false;
  #unsaid = new Map();
  #seq = null;
  #epoch;

  constructor(address, { user_id, ticket, token }) {
    this.user_id = user_id;
    this.ticket = ticket;
    this.socket = io(address, {
      transports: ['polling'],
      forceNew: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 3000,
      auth: { token },
    });
    this.socket.on('connect', () => this.#join());
    this.socket.on('disconnect', (reason) => this.#broke(reason));
    this.socket.on('connect_error', (error) => this.#broke(`connect_error: ${error.message}`));
    this.socket.on('error', (error) => this.faults.push(error));
    this.socket.on('new_message', (message) => this.#take(message));
  }

  say(client_id) {
    this.#unsaid.set(client_id, null); // not yet sent in any session
    this.#send(client_id);
  }

  isSilent() {
    return this.#unsaid.size === 0;
  }

  close() {
    this.socket.close();
  }

  #broke(reason) {
    this.here = false;
    this.breaks.push(reason);
  }

  // With a callback: what follows an acknowledgement at once would overtake one that is awaited.
  #ask(event, data, granted) {
    const { id } = this.socket;
    this.socket.timeout(ACK_MS).emit(event, data, (error, reply) => {
      if (this.socket.id !== id) {
        return; // since it was asked, the connection broke
      }
      if (error || !reply.ok) {
        this.faults.push({ event, ...(error ? { message: error.message } : reply.error) });
      } else {
        granted(reply.data);
      }
    });
  }

  #join() {
    const again = this.#seq !== null;
    const since = again ? { epoch: this.#epoch, last_seq: this.#seq } : {};
    this.#ask('join_ticket_chat', { ticket_id: this.ticket, ...since }, (joined) => {
      if (again && !joined.recovered) {
        this.faults.push('not recovered');
      }
      this.#epoch = joined.epoch;
      this.#seq ??= joined.seq;
      if (again) {
        joined.messages.forEach((message) => this.#take(message));
        this.resumed++;
      }
      this.here = true;
      this.#unsaid.forEach((_, client_id) => this.#send(client_id));
    });
  }

  #send(client_id) {
    if (!this.here || this.#unsaid.get(client_id) === this.socket.id) {
      return;
    }
    this.#unsaid.set(client_id, this.socket.id);
    const message = { ticket_id: this.ticket, text: `I am ${this.user_id}`, client_id };
    this.#ask('send_message', message, () => {
      this.#unsaid.delete(client_id);
      this.acknowledged.add(client_id);
    });
  }

  #take(message) {
    if (message.seq !== this.#seq + 1 || message.epoch !== this.#epoch) {
      this.faults.push(`${this.#epoch}:${this.#seq}, then ${message.epoch}:${message.seq}`);
    }
    this.#seq = message.seq;
    this.received.push(message.client_id);
  }
}
