import { setTimeout as sleep } from 'node:timers/promises';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import type { SimulatorEnv } from '../env';
import type { Fault } from './fault';
import { oddBodyAnswer } from './oddBody';

/**
 * Lets a fault happen to a call.
 * @param answer what the call would have been answered; null if it has not been looked at
 * @returns the answer to send instead; null to carry on
 */
export async function strike(
  fault: Fault,
  { env: { incoming, outgoing } }: Context<SimulatorEnv>,
  answer: Response | null,
): Promise<Response | null> {
  switch (fault.kind) {
    case 'status':
      return statusAnswer(fault);
    case 'stall':
      await sleep(fault.stallMs);
      return null;
    case 'reset':
      incoming.socket.resetAndDestroy();
      return RESPONSE_ALREADY_SENT;
    case 'empty':
      return new Response('', { headers: { 'content-type': 'application/json' } });
    case 'oddBody':
      return oddBodyAnswer(fault.form, fault.status);
    case 'html':
      return new Response(MAINTENANCE, { status: fault.status, headers: { 'content-type': 'text/html; charset=utf-8' } });
    case 'truncated': {
      const body = (await answer?.text()) ?? '';
      return new Response(body.slice(0, Math.floor(body.length * fault.share)), { status: answer?.status ?? 200, headers: JSON_TYPE });
    }
    case 'cut': {
      const body = Buffer.from((await answer?.arrayBuffer()) ?? new ArrayBuffer(0));
      outgoing.writeHead(answer?.status ?? 200, { ...JSON_TYPE, 'content-length': body.length });
      outgoing.write(body.subarray(0, Math.floor(body.length * fault.share)), () => incoming.socket.destroy());
      return RESPONSE_ALREADY_SENT;
    }
  }
}

const JSON_TYPE = { 'content-type': 'application/json' };

const MAINTENANCE = '<!doctype html><html><head><title>Maintenance</title></head><body><h1>We will be back soon</h1></body></html>';

function statusAnswer({ status, body, contentType, retryAfterSeconds }: Extract<Fault, { kind: 'status' }>): Response {
  const headers = new Headers({ 'content-type': contentType });
  if (retryAfterSeconds !== undefined) headers.set('retry-after', String(retryAfterSeconds));
  return new Response(body ?? JSON.stringify({ message: `Simulated ${status}` }), { status, headers });
}
