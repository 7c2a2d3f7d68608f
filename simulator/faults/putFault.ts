import type { World } from '../world/world';
import type { FaultRequest } from './fault';

/** @returns the new fault's id */
export function putFault(world: World, fault: FaultRequest): string {
  const id = `fault-${world.state.faultsEver + 1}`;
  world.record({ kind: 'faultAdded', id, fault });
  return id;
}
