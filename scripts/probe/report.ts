import { DEFAULT_SETTINGS, type Settings } from '../../simulator/world/settings';
import type { Finding } from './finding';

/** What was found, and which settings to change for it. */
export function report(findings: readonly Finding[]): string {
  const settings: Partial<Settings> = Object.assign({}, ...findings.map((finding) => finding.settings ?? {}));
  const defaults = new Map<string, unknown>(Object.entries(DEFAULT_SETTINGS));
  const changed = Object.entries(settings).filter(([name, value]) => defaults.get(name) !== value);
  const warnings = findings.filter(({ engine }) => engine !== undefined);
  return [
    ...findings.map(({ unknown, found }) => `${unknown.padEnd(4)} ${found}`),
    '',
    'Simulator: settings to change, so that it behaves as this Dexcom does (PATCH /_control/settings; world/settings.ts for good)',
    changed.length === 0 ? '  none: its defaults are right' : JSON.stringify(Object.fromEntries(changed), null, 2),
    '',
    'Engine: what it is not ready for',
    ...(warnings.length === 0 ? ['  nothing: it is right either way'] : warnings.map(({ unknown, engine }) => `  ${unknown} ${engine}`)),
  ].join('\n');
}
