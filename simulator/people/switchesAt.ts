import type { Person } from './person';
import { DEFAULT_SWITCHES, type Switches } from './switches';

/** From `from` on these hold; for what was measured before, those before it do, for ever. */
export interface SwitchChange {
  readonly from: number;
  readonly switches: Switches;
}

/** The switches that rule over what is measured at an instant, whenever it is asked for. */
export const switchesAt = ({ switches = [] }: Person, takenAt: number): Switches =>
  switches.findLast(({ from }) => from <= takenAt)?.switches ?? DEFAULT_SWITCHES;

/** Those set last. */
export const latestSwitches = ({ switches = [] }: Person): Switches => switches.at(-1)?.switches ?? DEFAULT_SWITCHES;
