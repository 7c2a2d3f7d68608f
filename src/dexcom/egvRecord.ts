import { readUsualOffset, readUsualUtc } from '../glucose/deviceTime';
import type { StoredReading } from '../glucose/reading';
import { toMgPerDl } from '../glucose/units';
import type { DeviceNames } from './deviceNames';
import { instantIn, isZone } from './instant';
import { isObject } from './json';
import { numberOf, textOf, wordOf } from './lenient';
import { oddTimes } from './oddTimes';
import { instantProblem } from './plausible';

/** No blood has it. */
const HIGHEST_MG_PER_DL = 2_000;

/**
 * One EGV record harmonised (dexcom-api.md §2.4, §9.17–26). What makes it a reading must be readable: recordId, systemTime, value if there
 * is one. Whatever else is missing, empty or odd leaves its field null or as sent.
 * Written by hand: 8,640 of these come in one answer, and a schema would cost as much as parsing them.
 * @returns the reading, or the reason why it is none
 */
export function readEgv(record: unknown, devices: DeviceNames, now: number): StoredReading | string {
  if (!isObject(record)) return 'the record is no object';
  const recordId = textOf(record.recordId);
  if (recordId === null) return 'recordId is missing';

  const systemTime = textOf(record.systemTime);
  if (systemTime === null) return 'systemTime is missing';
  const usualAt = readUsualUtc(systemTime);
  const at = Number.isNaN(usualAt) ? instantIn(systemTime) : usualAt;
  const problem = instantProblem(at, now);
  if (problem !== null) return problem;

  const mgPerDl = glucoseOf(record.value, record.unit);
  if (Number.isNaN(mgPerDl)) return 'value is no glucose value';

  const displayTime = textOf(record.displayTime);
  const usualOffset = at === usualAt && displayTime !== null ? readUsualOffset(displayTime, at) : Number.NaN;
  const odd = isZone(usualOffset) ? null : oddTimes(at, systemTime, displayTime);
  return {
    at,
    mgPerDl,
    recordId,
    trend: wordOf(record.trend),
    trendRateMgPerDlPerMin: rateOf(record.trendRate, record.rateUnit),
    status: wordOf(record.status),
    utcOffsetSeconds: odd ? odd.utcOffsetSeconds : usualOffset,
    rawTimes: odd ? odd.rawTimes : null,
    device: devices.of(record),
    transmitterTicks: wholeOf(record.transmitterTicks),
    twins: NO_TWINS,
    mark: 0,
    change: 'none',
  };
}

const NO_TWINS: StoredReading['twins'] = [];

/** mg/dL, whole; always sent as that, though the schema allows mmol/L. NaN for what is none. */
function glucoseOf(value: unknown, unit: unknown): number | null {
  const number = numberOf(value);
  if (number === null) return null;
  const mgPerDl = Math.round(isMolar(unit) ? toMgPerDl(number) : number);
  return mgPerDl >= 0 && mgPerDl <= HIGHEST_MG_PER_DL ? mgPerDl + 0 : Number.NaN;
}

function rateOf(rate: unknown, unit: unknown): number | null {
  const number = numberOf(rate);
  if (number === null || !Number.isFinite(number)) return null;
  if (isMolar(unit)) return toMgPerDl(number) + 0;
  // Minus zero is none. Adding to any other number would make a new one.
  return number === 0 ? 0 : number;
}

function wholeOf(value: unknown): number | null {
  const number = numberOf(value);
  return number !== null && Number.isFinite(number) ? Math.round(number) + 0 : null;
}

const isMolar = (unit: unknown): boolean => typeof unit === 'string' && unit !== 'mg/dL' && /^mmol\/l/i.test(unit);
