import type { CallTurn } from '../dexcom/callGate';

/** What an operator can watch of each app's calls. */
export interface CallMeter {
  sent(app: string, kind: CallTurn['kind']): void;
  /** Nothing was sent. */
  putOff(app: string, kind: CallTurn['kind'], why: 'empty' | 'closed' | 'turn'): void;
  /** Dexcom has answered 429. */
  refused(app: string, kind: CallTurn['kind']): void;
  /** Not leased yet in this slot, when this process last looked. */
  left(app: string, calls: number): void;
}
