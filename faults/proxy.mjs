import { connect, createServer } from 'node:net';

/**
 * The network between the services and one part: every connection passes here. Healthy at first; `latencyMs` holds each
 * packet back, `cut` ends all connections and takes no new one, `swallow` lets all packets of the present connections vanish
 * for good, without an end or a reset, as when a firewall has forgotten them; new connections vanish too until `heal`.
 */
export class Proxy {
  latencyMs = 0;
  #isCut = false;
  #isSwallowing = false;
  #server;
  #target;
  #pairs = new Set();
  #watch;

  constructor(target) {
    this.#target = target;
  }

  async listen(port) {
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#connect(client));
    await new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ port, host: '127.0.0.1' }, resolve);
    });
  }

  cut() {
    this.#isCut = true;
    this.end();
  }

  swallow() {
    this.#isSwallowing = true;
    for (const pair of this.#pairs) this.#vanish(pair);
    return this.#pairs.size;
  }

  /**
   * Lets a client's bytes that contain `text` pass, and nothing back: its connection ends in that moment. Asks `again` every
   * time whether to go on with that.
   */
  cutBehind(text, again) {
    this.#watch = { text, again };
  }

  heal() {
    this.latencyMs = 0;
    this.#isCut = false;
    this.#isSwallowing = false;
    this.#watch = undefined;
  }

  /** Ends all connections; new ones are taken. */
  end() {
    for (const { client, server } of this.#pairs) for (const socket of [client, server]) socket.destroy();
  }

  async close() {
    this.end();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #connect(client) {
    if (this.#isCut) return client.destroy();
    const server = connect({ port: this.#target, host: '127.0.0.1', allowHalfOpen: true });
    const pair = { client, server, isVanished: false };
    this.#pairs.add(pair);
    this.#pass(pair, client, server);
    this.#pass(pair, server, client);
    if (this.#isSwallowing) this.#vanish(pair);
  }

  #pass(pair, from, to) {
    from.setNoDelay(true);
    const later = this.#line();
    from.on('data', (bytes) => {
      if (pair.isVanished) return;
      later(() => {
        if (pair.isVanished || to.destroyed) return;
        const isRoom = to.write(bytes);
        if (from === pair.client && this.#watch && bytes.includes(this.#watch.text)) return this.#leave(pair);
        if (isRoom) return;
        from.pause();
        to.once('drain', () => from.resume());
      });
    });
    from.on('end', () => later(() => pair.isVanished || to.end()));
    // Who gave a vanished connection up is gone; the other side learns nothing of it.
    from.on('error', () => {});
    from.on('close', () => {
      if ((pair.isVanished || pair.isLeft) && !to.destroyed) return;
      to.destroy();
      this.#pairs.delete(pair);
    });
  }

  /** Does what comes after the latency, in order also while that changes. */
  #line() {
    const waiting = [];
    const goOn = () =>
      setTimeout(
        () => {
          while (waiting.length > 0 && waiting[0].atMs <= Date.now()) waiting.shift().what();
          if (waiting.length > 0) goOn();
        },
        Math.max(0, waiting[0].atMs - Date.now()),
      );
    return (what) => {
      if (waiting.length === 0 && this.latencyMs === 0) return what();
      waiting.push({ atMs: Date.now() + this.latencyMs, what });
      if (waiting.length === 1) goOn();
    };
  }

  /** The client's connection ends; the server's when it has read what it was sent. */
  #leave(pair) {
    pair.isLeft = true;
    pair.client.destroy();
    pair.server.end();
    if (!this.#watch.again()) this.#watch = undefined;
  }

  /** Both sides stay open and are read, so that neither meets a full buffer; nothing passes. */
  #vanish(pair) {
    pair.isVanished = true;
    for (const socket of [pair.client, pair.server]) socket.resume();
  }
}
