/** Lets one loop be stopped between two units of its work, by whoever needs it to stand still. */
export class Gate {
  #open = Promise.withResolvers<void>();
  #idle = Promise.withResolvers<void>();
  #closed = false;

  constructor() {
    this.#open.resolve();
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The loop calls this before each unit of work; while the gate is closed, it waits here. */
  async pass(): Promise<void> {
    while (this.#closed) {
      this.#idle.resolve();
      await this.#open.promise;
    }
  }

  /** Resolves once the loop waits at the gate. */
  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#open = Promise.withResolvers();
      this.#idle = Promise.withResolvers();
    }
    return this.#idle.promise;
  }

  open(): void {
    this.#closed = false;
    this.#open.resolve();
  }
}
