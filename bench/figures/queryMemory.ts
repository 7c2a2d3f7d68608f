import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Figure } from '../figure';
import { day, groupedPath } from '../worlds/fortnight';
import { storedYear, YEAR_DAYS } from '../worlds/storedYear';
import { type YearApi, yearApi } from '../worlds/yearApi';

const DAY_MS = 86_400_000;
const Page = z.object({ next_cursor: z.string().nullable(), groups: z.object({ dexcom_v3: z.array(z.unknown()) }).partial() });

/** A year page by page from a process of its own, fresh: its peak over what it was before. Linux tells it. */
export const queryMemory: Figure = {
  name: 'queryMemory',

  async measure() {
    const { connection } = await storedYear();
    const api = await yearApi();
    const query = { start_date: day(connection.liveFrom - (YEAR_DAYS + 1) * DAY_MS) };
    // What any first query loads is there.
    await askPage(api, groupedPath(connection.userId, { start_date: day(connection.liveFrom) }));

    const idle = forgetPeak(api);
    let pages = 0;
    for (let cursor: string | null = ''; cursor !== null; pages++) {
      const path = groupedPath(connection.userId, { ...query, ...(cursor && { next_cursor: cursor }) });
      cursor = (await askPage(api, path)).next_cursor;
    }
    return {
      measurements: [
        {
          figure: 'memory of paging a year, over idle',
          goal: { of: 'measured', is: 'at most', value: 64 },
          measured: { value: statusOf(api, 'VmHWM') - idle, unit: 'MB' },
          floor: null,
        },
      ],
      notes: [`${pages} pages, one after the other; the process's resident memory at its peak, ${idle.toFixed(0)} MB before`],
    };
  },
};

async function askPage({ url, headers }: YearApi, path: string): Promise<z.infer<typeof Page>> {
  const response = await fetch(`${url}${path}`, { headers });
  if (!response.ok) throw new Error(`a page was answered ${response.status}`);
  return Page.parse(await response.json());
}

/** @returns what is resident now, MB, which is the peak from now on */
function forgetPeak(process: YearApi): number {
  writeFileSync(`/proc/${process.pid}/clear_refs`, '5');
  return statusOf(process, 'VmRSS');
}

/** MB. */
function statusOf({ pid }: YearApi, field: 'VmRSS' | 'VmHWM'): number {
  const [, kilobytes] = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  if (kilobytes === undefined) throw new Error(`the system does not tell ${field}`);
  return Number(kilobytes) / 1024;
}
