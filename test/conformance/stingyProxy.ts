import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of a request: it is not passed on, or its answer is not. Either way its sender is told 503. */
export type Fate = 'refused' | 'lost';

/** In front of an API: the first times that a request comes, it meets its fate; then it is passed on and answered. */
export class StingyProxy {
  private readonly tries = new Map<string, number>();
  private readonly server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const what = `${request.method} ${request.url} ${body.toString()}`;
    const tried = this.tries.get(what) ?? 0;
    this.tries.set(what, tried + 1);

    const fate = this.fates[tried];
    const send = (status: number, text: string) => response.writeHead(status, { 'content-type': 'application/json' }).end(text);
    if (fate === 'refused') return send(503, '{"detail":"refused"}');

    const headers = Object.entries(request.headers).filter(([name]) => !['host', 'connection', 'content-length'].includes(name));
    const answer = await fetch(`${this.apiUrl}${request.url}`, {
      method: request.method ?? 'GET',
      headers: headers.map(([name, value]): [string, string] => [name, String(value)]),
      ...(body.length > 0 && { body }),
    });
    const text = await answer.text();
    return fate === 'lost' ? send(503, '{"detail":"lost"}') : send(answer.status, text);
  });

  private constructor(
    private readonly apiUrl: string,
    private readonly fates: readonly Fate[],
  ) {}

  static async before(apiUrl: string, fates: readonly Fate[]): Promise<StingyProxy> {
    const proxy = new StingyProxy(apiUrl, fates);
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** How often each request came. */
  get timesTried(): readonly number[] {
    return [...this.tries.values()];
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
