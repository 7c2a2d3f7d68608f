import type { Context } from 'hono';
import { z } from 'zod';
import type { SimulatorEnv } from '../env';
import type { Origin } from '../readings/existing';
import { resolveInstants } from '../relativeInstants';

/** A control call that cannot be done; the message names the field. */
export class ControlRefused extends Error {
  override readonly name = 'ControlRefused';

  constructor(
    readonly status: 404 | 409 | 422,
    message: string,
  ) {
    super(message);
  }
}

/** @throws ControlRefused 422 */
export async function readBody<T extends z.ZodType>(c: Context<SimulatorEnv>, schema: T): Promise<z.output<T>> {
  return checked(schema, resolveInstants(await parseJson(c), c.var.world.now()));
}

/** @throws ControlRefused 422 */
export const readQuery = <T extends z.ZodType>(c: Context<SimulatorEnv>, schema: T): z.output<T> => checked(schema, c.req.query());

/** @throws ControlRefused 404 */
export function originNamed(c: Context<SimulatorEnv>, personId: string): Origin {
  const origin = c.var.world.origin(personId);
  if (!origin) throw new ControlRefused(404, `Nobody is called ${JSON.stringify(personId)}`);
  return origin;
}

function checked<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (!result.success) throw new ControlRefused(422, z.prettifyError(result.error));
  return result.data;
}

async function parseJson(c: Context<SimulatorEnv>): Promise<unknown> {
  const text = await c.req.text();
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ControlRefused(422, `The body is not JSON: ${error.message}`);
  }
}
