import { MINUTE_MS } from '../duration';
import { clockErrorAt, zoneAt } from '../people/deviceClock';
import type { DeviceProfile, Person } from '../people/person';
import { switchesAt } from '../people/switchesAt';
import { utcOffsetMs } from '../people/zone';

export interface Times {
  readonly systemTime: string;
  readonly displayTime: string;
}

/** What is dated: by the device's clock, truly, and by which device where it is not the person's first. */
export interface Dated {
  readonly measuredAt: number;
  readonly takenAt: number;
  readonly device?: DeviceProfile;
}

/** A date as the device writes it: apps with offsets, receivers without (dexcom-api.md §2.3). */
export function timesOf(person: Person, { measuredAt, takenAt, device = person.device }: Dated): Times {
  const offsetMs = utcOffsetMs(zoneAt(person, takenAt), takenAt);
  const system = bare(measuredAt);
  const display = bare(takenAt + offsetMs + clockErrorAt(switchesAt(person, takenAt), takenAt).display);
  if (device.displayDevice === 'receiver') return { systemTime: system, displayTime: display };
  return { systemTime: `${system}Z`, displayTime: `${display}${offsetText(offsetMs)}` };
}

/** Milliseconds are written only where there are any. */
function bare(at: number): string {
  const text = new Date(at).toISOString();
  return text.slice(0, at % 1_000 === 0 ? 19 : 23);
}

function offsetText(offsetMs: number): string {
  const minutes = Math.abs(offsetMs) / MINUTE_MS;
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
