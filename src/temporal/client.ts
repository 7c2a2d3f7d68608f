import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import { isExhausted } from './temporalUnavailable';

export interface TemporalClient {
  readonly client: Client;
  close(): Promise<void>;
}

/** gRPC's own default waits up to two minutes after a long outage: whoever asks meanwhile would be told that Temporal is still away. */
const RECONNECT_WITHIN_MS = 3_000;

/** Under two seconds of trying again: whoever waits is told, and comes back. */
const usual = defaultGrpcRetryOptions({ maxAttempts: 5 });
const retried = makeGrpcRetryInterceptor(usual);
/** A workflow takes ten updates at a time. Who comes too many hears so at once, instead of trying again until nobody waits any more. */
const unlessCrowded = makeGrpcRetryInterceptor({
  ...usual,
  retryableDecider: (attempt, status) => !isExhausted(status.code) && usual.retryableDecider(attempt, status),
});
const retrying: typeof retried = (options, next) =>
  options.method_definition.path.endsWith('/UpdateWorkflowExecution') ? unlessCrowded(options, next) : retried(options, next);

/** A client that connects with its first call, so that a process starts while Temporal is away. */
export function openTemporal({ address, namespace }: { readonly address: string; readonly namespace: string }): TemporalClient {
  const connection = Connection.lazy({
    address,
    channelArgs: { 'grpc.max_reconnect_backoff_ms': RECONNECT_WITHIN_MS },
    interceptors: [retrying],
  });
  return { client: new Client({ connection, namespace }), close: () => connection.close() };
}
