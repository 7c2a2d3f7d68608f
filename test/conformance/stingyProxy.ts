import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** In front of an API: every request is done, and its first answers are kept back: a 502, then a 503, as from a proxy that has lost them. */
export class StingyProxy {
  private readonly tries = new Map<string, number>();
  private readonly server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const headers = Object.entries(request.headers).filter(([name]) => !['host', 'connection', 'content-length'].includes(name));
    const answer = await fetch(`${this.apiUrl}${request.url}`, {
      method: request.method ?? 'GET',
      headers: headers.map(([name, value]): [string, string] => [name, String(value)]),
      ...(body.length > 0 && { body }),
    });
    const text = await answer.text();

    const what = `${request.method} ${request.url} ${body.toString()}`;
    const tried = (this.tries.get(what) ?? 0) + 1;
    this.tries.set(what, tried);
    const status = [502, 503][tried - 1] ?? answer.status;
    response.writeHead(status, { 'content-type': 'application/json' }).end(status === answer.status ? text : '{"detail":"lost"}');
  });

  private constructor(private readonly apiUrl: string) {}

  static async before(apiUrl: string): Promise<StingyProxy> {
    const proxy = new StingyProxy(apiUrl);
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
