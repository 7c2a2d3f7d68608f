import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Package = z.looseObject({
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});
const Lockfile = z.object({ packages: z.record(z.string(), Package) });

/** Where Node would look for `name` from the package at `from`, innermost first. */
function places(from: string, name: string): string[] {
  const own = `${from === '' ? '' : `${from}/`}node_modules/${name}`;
  const parent = from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/')));
  return from === '' ? [own] : [own, ...places(from.includes('/node_modules/') ? parent : '', name)];
}

test('a fresh clone can be installed anywhere: whatever a locked package may need on any platform is locked too', () => {
  const { packages } = Lockfile.parse(JSON.parse(readFileSync(join(__dirname, '../../package-lock.json'), 'utf8')));
  const missing = Object.entries(packages).flatMap(([from, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !places(from, name).some((place) => place in packages))
      .map((name) => `${name}, of ${from}`),
  );
  expect(missing).toEqual([]);
});
