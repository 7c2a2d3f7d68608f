import { ConfigError } from './config';

/** Tells why a port cannot be listened on, another process has it most often, by the variable that it comes from. @throws ConfigError */
export const portRefused =
  (variable: 'PORT' | 'METRICS_PORT', { host, port }: { readonly host: string; readonly port: number }) =>
  (cause: unknown): never => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`the configuration is wrong:\n  ${variable} cannot be listened on: port ${port} of HOST ${host}: ${why}`, {
      cause,
    });
  };
