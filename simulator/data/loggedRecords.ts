import type { Context } from 'hono';
import type { SimulatorEnv } from '../env';
import type { Logged, LoggedType } from '../logged/logged';
import { loggedBetween } from '../logged/loggedBetween';
import { oddly } from '../oddities/oddities';
import type { LooseRecord } from '../oddities/oddity';
import type { Person } from '../people/person';
import { envelope } from './envelope';
import { inOrder } from './order';
import { recordIds } from './recordId';
import { refuse } from './refusal';
import { servedAsOf, serverNow } from './servedAsOf';
import { timesOf } from './systemTimes';
import { readWindow } from './window';

/** GET /v3/users/self/events, calibrations and alerts (dexcom-api.md §2.5–2.7). */
export const answerLogged = (type: LoggedType) => (c: Context<SimulatorEnv>) => {
  const { world, origin, grant } = c.var;
  const { clientId } = grant;
  const { settings } = world.state;
  const asOf = servedAsOf(world);
  const window = readWindow(c.req.query(), settings, serverNow(world));
  if (typeof window === 'string') return refuse(c, 400, window);

  const seen = loggedBetween(type, origin, window.from, window.to, asOf).filter(({ visibleAt }) => visibleAt !== null && visibleAt <= asOf);
  const idOf = recordIds(clientId, origin.person.id);
  const records = inOrder(seen, settings.order).map((logged) => render(type, origin.person, idOf(logged.key), logged));
  c.set('served', { ...window, count: records.length, asOf });
  return c.json({ ...envelope(type, { settings, clientId, origin }), records: oddly(records, origin.person.oddities) });
};

function render(type: LoggedType, person: Person, recordId: string, logged: Logged): LooseRecord {
  const { generation, variant, displayDevice, displayApp } = person.device;
  return {
    recordId,
    ...timesOf(person, logged),
    ...logged.fields,
    ...(type === 'event' && logged.recordedAt !== undefined && recordedTimes(person, logged, logged.recordedAt)),
    ...(type === 'calibration' && { transmitterTicks: logged.transmitterTicks }),
    transmitterId: logged.transmitterId,
    transmitterGeneration: generation,
    ...(variant === null ? {} : { transmitterGenerationVariant: variant }),
    displayDevice,
    ...(type === 'alert' && { displayApp }),
  };
}

/** When it was entered, as opposed to when it was (dexcom-api.md §2.5). */
function recordedTimes(person: Person, { measuredAt, takenAt }: Logged, recordedAt: number) {
  const { systemTime, displayTime } = timesOf(person, { measuredAt: recordedAt + measuredAt - takenAt, takenAt: recordedAt });
  return { recordedSystemTime: systemTime, recordedDisplayTime: displayTime };
}
