import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const READ_BYTES = 262_144;
const END_OF_HEAD = '\r\n\r\n';

/** Of the answer that is waited for. */
interface Taking {
  head: string;
  /** Bytes of its body that have not come, once its head has. */
  left: number | null;
  bytes: number;
  done(bytes: number): void;
  failed(error: Error): void;
}

/** One that asks one question at a time over one connection, and reads each answer into the same memory: nothing of it is ever collected. */
export class QueryClient {
  private socket: Socket | null = null;
  private taking: Taking | null = null;

  constructor(private readonly origin: URL) {}

  /** Takes the whole answer. @returns how many bytes its body had. @throws if it is not 200, or has no `content-length` */
  async ask(path: string, headers: Readonly<Record<string, string>>): Promise<number> {
    const socket = this.socket ?? (await this.open());
    const lines = Object.entries({ host: this.origin.host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
    return new Promise((done, failed) => {
      this.taking = { head: '', left: null, bytes: 0, done, failed };
      socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
    });
  }

  private async open(): Promise<Socket> {
    const { hostname, port } = this.origin;
    const buffer = Buffer.alloc(READ_BYTES);
    const onread = { buffer, callback: (count: number) => this.take(buffer.subarray(0, count)) };
    const socket = connect({ host: hostname, port: Number(port), noDelay: true, onread });
    await once(socket, 'connect');
    socket.on('close', () => this.taking?.failed(new Error('the server has closed the connection')));
    socket.on('error', (error) => this.taking?.failed(error));
    this.socket = socket;
    return socket;
  }

  /** @returns true: more is wanted */
  private take(piece: Uint8Array): boolean {
    const { taking } = this;
    if (!taking) return true;
    if (taking.left === null) {
      const text = taking.head + Buffer.from(piece).toString('latin1');
      const end = text.indexOf(END_OF_HEAD);
      if (end < 0) {
        taking.head = text;
        return true;
      }
      const head = text.slice(0, end);
      const length = /^content-length: *(\d+)$/im.exec(head)?.[1];
      if (!/^HTTP\/1\.1 200 /.test(head) || length === undefined) taking.failed(new Error(`the query was answered: ${head}`));
      taking.bytes = Number(length);
      taking.left = taking.bytes - (text.length - end - END_OF_HEAD.length);
    } else taking.left -= piece.length;
    if (taking.left === 0) {
      this.taking = null;
      taking.done(taking.bytes);
    }
    return true;
  }
}
