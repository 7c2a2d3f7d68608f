import { createServer } from 'node:http';
import { collectDefaultMetrics, Histogram, register } from 'prom-client';

export const requestSeconds = new Histogram({
  name: 'continuo_http_request_duration_seconds',
  help: 'Requests answered by the API',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
});

export interface MetricsServer {
  close(): Promise<void>;
}

/** Serves this process's metrics to Prometheus under `/metrics`, on a port of their own: they are the operator's, not the apps'. */
export async function serveMetrics({ host, port }: { readonly host: string; readonly port: number }): Promise<MetricsServer> {
  collectDefaultMetrics();
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    register.metrics().then(
      (text) => response.writeHead(200, { 'content-type': register.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
