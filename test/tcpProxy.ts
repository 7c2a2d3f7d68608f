import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A line to a server that a test can cut and mend: cut, it breaks what is open and takes nothing new;
 * stalled, it takes everything and passes nothing on. It can also lose one answer.
 */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  private losing = false;
  private stalled = false;

  private constructor(
    private server: Server,
    readonly port: number,
    private readonly target: { readonly host: string; readonly port: number },
  ) {}

  /** @param target `host:port` */
  static async to(target: string): Promise<TcpProxy> {
    const [host = '', port = ''] = target.split(':');
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = new TcpProxy(server, (server.address() as AddressInfo).port, { host, port: Number(port) });
    proxy.serve();
    return proxy;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  async cut(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** The server is asked and answers, but its client only sees the line break. */
  loseNextAnswer(): void {
    this.losing = true;
  }

  /** Connections stay, and new ones are taken, but nobody hears anything: as of a machine that hangs. */
  stall(): void {
    this.stalled = true;
    for (const socket of this.sockets) socket.pause();
  }

  /** Passes on what was held back. */
  unstall(): void {
    this.stalled = false;
    for (const socket of this.sockets) socket.resume();
  }

  async mend(): Promise<void> {
    this.server = createServer();
    this.serve();
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  private serve(): void {
    this.server.on('connection', (client) => {
      const upstream = connect(this.target);
      for (const socket of [client, upstream]) {
        this.sockets.add(socket);
        socket.on('close', () => this.sockets.delete(socket));
        socket.on('error', () => socket.destroy());
      }
      client.on('close', () => upstream.destroy());
      upstream.on('close', () => client.destroy());
      upstream.on('data', () => {
        if (this.losing) client.destroy();
        this.losing = false;
      });
      client.pipe(upstream).pipe(client);
      if (!this.stalled) return;
      client.pause();
      upstream.pause();
    });
  }
}
