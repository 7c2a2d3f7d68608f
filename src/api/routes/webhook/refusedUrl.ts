import { EgressRefused } from '../../../egress/egressRefused';
import { invalid } from '../../errors';

/** Does `work`; a URL that events must not go to becomes a 422 that names it. */
export async function orRefusedUrl<T>(url: string | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof EgressRefused)) throw error;
    throw invalid({ type: 'value_error', loc: ['body', 'url'], msg: `Value error, the URL ${error.message}`, input: url });
  }
}
