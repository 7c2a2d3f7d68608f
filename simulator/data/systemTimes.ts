import { MINUTE_MS } from '../duration';
import type { Person } from '../people/person';
import { utcOffsetMs } from '../people/zone';

export interface Times {
  readonly systemTime: string;
  readonly displayTime: string;
}

/** An instant as the person's device writes it: apps with offsets, receivers without (dexcom-api.md §2.3). */
export function timesOf({ device, zone }: Person, at: number): Times {
  const offsetMs = utcOffsetMs(zone, at);
  const system = bare(at);
  const display = bare(at + offsetMs);
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
