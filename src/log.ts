import pino, { type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from './config';

export type { Logger };

/** Fields that never reach a log, wherever they stand: what opens doors, what a body measured, who somebody is. */
const SECRET_FIELD =
  /^(authorization|cookie|set-cookie|x-vital-api-key|x-vital-link-token|x-management-key|.*tokens?|code|.*secret|password|api_?key|encryptionKeys|uri|body|raw|value|value_mg_per_dl|mgPerDl|readings|client_?user_?id)$/i;
/** Secrets that stand inside a longer text, as in an error's message: JWTs, our keys, webhook secrets, credentials in an address. */
const SECRET_TEXT = /eyJ[\w-]{8,}\.[\w.-]+|\b[sm]k_continuo_[\w-]+|whsec_[\w+/=]+|(?<=:\/\/)[^@/\s]+(?=@)/g;
const REDACTED = '[redacted]';
const DEEPEST = 6;

/**
 * A JSON logger. Errors are logged as type, message and stack only: their other fields may hold a request, a document or a token.
 * @param destination stdout unless given
 */
export function createLog({ level, name }: { readonly level: LogLevel; readonly name: string }, destination?: DestinationStream): Logger {
  const options: pino.LoggerOptions = {
    name,
    level,
    serializers: { err: describeError },
    formatters: { log: (fields) => redactFields(fields, 0) },
    hooks: { logMethod: redactMessage },
  };
  return destination ? pino(options, destination) : pino(options);
}

function redactFields(fields: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, SECRET_FIELD.test(name) ? REDACTED : redact(value, depth)]),
  );
}

function redact(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (value instanceof Error) return describeError(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === DEEPEST) return '[deep]';
  if (Array.isArray(value)) return value.map((element) => redact(element, depth + 1));
  return redactFields(value, depth + 1);
}

const redactText = (text: string): string => text.replace(SECRET_TEXT, REDACTED);

function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const described = { type: error.name, message: redactText(error.message), stack: redactText(error.stack ?? '') };
  return {
    ...described,
    ...(error.cause instanceof Error && { cause: describeError(error.cause) }),
    ...(error instanceof AggregateError && { errors: error.errors.map((member) => redact(member, 0)) }),
  };
}

/** The message is the one text that pino's formatters do not see; of an error logged bare, pino makes it itself. */
function redactMessage(this: Logger, args: Parameters<pino.LogFn>, log: pino.LogFn): void {
  const [first, message, ...rest] = args;
  if (typeof first === 'string') {
    log.apply(this, [redactText(first), message, ...rest]);
    return;
  }
  const text = message ?? (first instanceof Error ? first.message : undefined);
  log.apply(this, [first, typeof text === 'string' ? redactText(text) : text, ...rest]);
}
