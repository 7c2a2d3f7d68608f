import type { Strike } from '../strike';

const KINDS = ['empty', 'html', 'oddBody', 'truncated', 'cut'] as const;
const FORMS = ['description', 'errors', 'message', 'text', 'bytes', 'half'] as const;

/** Bodies that are none: nothing, a web page, half of an answer, a refusal in nobody's words. */
export const garbage: Strike = {
  name: 'garbage',
  at: 'dexcom',
  weight: 4,
  async strike({ engine }, draw) {
    const [kind, endpoint, form] = [draw.oneOf(KINDS), draw.oneOf(['egvs', 'token', 'dataRange'] as const), draw.oneOf(FORMS)];
    const [status, times] = [draw.oneOf([200, 502, 503]), draw.between(1, 15)];
    const wanted = { endpoints: [endpoint], times };
    if (kind === 'oddBody') await engine.simulator.control.addFault({ kind, form, status: 500, ...wanted });
    else if (kind === 'html') await engine.simulator.control.addFault({ kind, status, ...wanted });
    else await engine.simulator.control.addFault({ kind, ...wanted });
    return `${kind} to ${times} calls of ${endpoint}`;
  },
};
