import type { Recording } from '../clarity/recording';
import type { FaultRequest } from '../faults/fault';
import type { Call } from '../ledger/call';
import type { App, Code, Grant, TokenPair } from '../oauth/grant';
import type { Correction } from '../people/corrections';
import type { Person } from '../people/person';
import type { ClockSetting } from './clock';
import type { Settings } from './settings';

/** Everything that ever changes the simulator, as it stands in the journal: its state is the sum of these and nothing else. */
export type WorldEvent =
  | { readonly kind: 'created'; readonly seed: string }
  | { readonly kind: 'clockSet'; readonly clock: ClockSetting }
  | { readonly kind: 'settingsChanged'; readonly change: Partial<Settings> }
  | { readonly kind: 'appPut'; readonly app: App }
  | { readonly kind: 'recordingAdded'; readonly recording: Recording }
  | { readonly kind: 'personPut'; readonly person: Person }
  | { readonly kind: 'corrected'; readonly personId: string; readonly correction: Correction }
  | { readonly kind: 'scenarioApplied'; readonly name: string; readonly at: number }
  | { readonly kind: 'codeIssued'; readonly code: Code }
  | { readonly kind: 'codeExchanged'; readonly code: string; readonly grant: Grant; readonly pair: TokenPair }
  | { readonly kind: 'rotated'; readonly id: string; readonly spent: string; readonly successor: TokenPair }
  | { readonly kind: 'rotationRepeated'; readonly id: string }
  | { readonly kind: 'rotationAnswered'; readonly id: string; readonly answer: 'answered' | 'dropped' }
  | { readonly kind: 'rotationUsed'; readonly id: string; readonly at: number }
  | { readonly kind: 'grantEnded'; readonly grantId: string; readonly at: number }
  | { readonly kind: 'faultAdded'; readonly id: string; readonly fault: FaultRequest }
  | { readonly kind: 'faultMet'; readonly id: string; readonly hit: boolean }
  | { readonly kind: 'faultCleared'; readonly id: string }
  | { readonly kind: 'called'; readonly call: Call }
  | { readonly kind: 'callDropped'; readonly number: number };
