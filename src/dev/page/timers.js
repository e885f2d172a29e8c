/** Named timers: setting one again replaces it, and all can be dropped at once. */
export class Timers {
  #running = new Map();

  after(name, ms, then) {
    this.cancel(name);
    this.#running.set(name, setTimeout(() => { this.#running.delete(name); then(); }, ms));
  }

  has(name) { return this.#running.has(name); }

  cancel(name) {
    clearTimeout(this.#running.get(name));
    this.#running.delete(name);
  }

  cancelAll() {
    for (const name of [...this.#running.keys()]) this.cancel(name);
  }
}
