import { JunctionError } from '@junction-api/sdk';
import { VitalError } from '@tryvital/vital-node';

/** What calling a client's method came to. */
export type Result = 'works' | `refused: ${string}` | `fails: ${string}`;

/**
 * `works`: the parsed values have everything that was expected of them. `refused`: with a sentence, where that was expected. All else fails.
 * @param gives what is expected; null: to be refused
 */
export async function resultOf(call: () => PromiseLike<unknown>, gives: (() => unknown) | null): Promise<Result> {
  try {
    const values = await call();
    if (gives === null) return `fails: not refused, but answered with ${JSON.stringify(values)}`;
    expect({ values }).toMatchObject({ values: gives() });
    return 'works';
  } catch (error) {
    const reason = gives === null ? reasonOf(error) : null;
    return reason === null ? `fails: ${String(error)}` : `refused: ${reason}`;
  }
}

/** The sentence of a 400 in the contract's shape (vital-api.md §1.4); null for everything else that can go wrong. */
function reasonOf(error: unknown): string | null {
  if (!(error instanceof JunctionError || error instanceof VitalError) || error.statusCode !== 400) return null;
  const { detail } = error.body as { readonly detail?: { readonly error_type?: unknown; readonly error_message?: unknown } };
  const { error_type: type, error_message: message } = detail ?? {};
  return typeof type === 'string' && typeof message === 'string' ? message : null;
}
