import { createServer } from 'node:http';
import { Counter, collectDefaultMetrics, Gauge, Histogram, register } from 'prom-client';
import type { AppUse } from './dexcom/watchedApps';
import type { CallMeter } from './quota/meter';

export const requestSeconds = new Histogram({
  name: 'continuo_http_request_duration_seconds',
  help: 'Requests answered by the API',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
});

/** @param standing the apps that Dexcom rejects, asked at each scrape; once per process */
export function tellRejectedApps(standing: () => Promise<readonly AppUse[]>): void {
  new Gauge({
    name: 'continuo_dexcom_app_rejected',
    help: '1 for each app whose credentials Dexcom does not take, by what it was used for',
    labelNames: ['region', 'client_id', 'use'],
    async collect() {
      this.reset();
      // A database that is away must not take the other figures along; what it knows is not known then.
      const apps = await standing().catch(() => []);
      for (const { region, clientId, use } of apps) this.set({ region, client_id: clientId, use }, 1);
    },
  });
}

const callsSent = new Counter({ name: 'continuo_dexcom_calls', help: 'Calls sent to Dexcom', labelNames: ['app', 'kind'] });
const callsPutOff = new Counter({
  name: 'continuo_dexcom_calls_put_off',
  help: 'Calls not sent: the slot was empty, the app closed, others first',
  labelNames: ['app', 'kind', 'why'],
});
const callsRefused = new Counter({ name: 'continuo_dexcom_calls_refused', help: 'Calls answered with 429', labelNames: ['app', 'kind'] });
const callsLeft = new Gauge({
  name: 'continuo_dexcom_calls_left',
  help: 'Calls of the slot not leased yet, when last looked at',
  labelNames: ['app'],
});

/** The API's own: codes and first looks. The worker's stand beside Temporal's. */
export const callMeter: CallMeter = {
  sent: (app, kind) => callsSent.inc({ app, kind }),
  putOff: (app, kind, why) => callsPutOff.inc({ app, kind, why }),
  refused: (app, kind) => callsRefused.inc({ app, kind }),
  left: (app, calls) => callsLeft.set({ app }, calls),
};

export const queryCacheHits = new Counter({ name: 'continuo_query_cache_hits', help: 'Whole days of answers that were written before' });
export const queryCacheMisses = new Counter({ name: 'continuo_query_cache_misses', help: 'Whole days of answers that were not' });

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
