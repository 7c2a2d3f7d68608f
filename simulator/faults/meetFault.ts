import type { Call } from '../ledger/call';
import { draw } from '../physiology/draw';
import type { World } from '../world/world';
import type { Fault } from './fault';
import { withinHours } from './hours';

type Caller = Pick<Call, 'endpoint' | 'clientId' | 'personId'>;

/** @returns the fault that hits this call, if one does; every fault in place that matches the call is told that it met one */
export function meetFault(world: World, caller: Caller): Fault | null {
  const now = world.now();
  for (const fault of world.state.faults.values()) {
    if (!matches(fault, caller, now)) continue;
    const hit = hits(fault);
    world.record({ kind: 'faultMet', id: fault.id, hit });
    if (hit) return fault;
  }
  return null;
}

const matches = ({ endpoints, personId, clientId, daily }: Fault, caller: Caller, now: number): boolean =>
  (daily === undefined || withinHours(daily, now)) &&
  (endpoints === undefined || endpoints.includes(caller.endpoint)) &&
  (personId === undefined || personId === caller.personId) &&
  (clientId === undefined || clientId === caller.clientId);

function hits({ skip, times, probability, matched, hits: before, number }: Fault): boolean {
  if (matched < skip || (times !== null && before >= times)) return false;
  return draw(number, matched, 0xfa17) < probability;
}
