import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OddityName } from '../../simulator/oddities/oddities';
import { DEFAULT_SWITCHES } from '../../simulator/people/switches';
import { scenarioNames } from '../../simulator/scenarios/readScenario';
import { DEFAULT_SETTINGS } from '../../simulator/world/settings';

const README = readFileSync(join(__dirname, '../../simulator/README.md'), 'utf8');
const section = (title: string): string => README.split(/^## /m).find((text) => text.startsWith(title)) ?? '';

/** First two cells of each row. */
const rows = (title: string): readonly (readonly [string, string])[] =>
  [...section(title).matchAll(/^\| ([^|]+) \| ([^|]*) \|/gm)].map(([, first = '', second = '']) => [first, second]);

const shown = (value: unknown): string => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

test('the README lists all 39 behaviours in their order', () => {
  const numbers = rows('The 39 behaviours')
    .map(([number]) => Number(number))
    .filter(Number.isInteger);
  expect(numbers).toEqual(Array.from({ length: 39 }, (_, n) => n + 1));
});

test('each behaviour is guaranteed by a test that has its number', () => {
  const titles = readdirSync(__dirname).map((file) => readFileSync(join(__dirname, file), 'utf8'));
  const told = new Set(titles.flatMap((text) => [...text.matchAll(/§8\.(\d+)/g)].map(([, number]) => Number(number))));
  // The last one is kept by the rules on imports.
  expect(Array.from({ length: 38 }, (_, n) => n + 1).filter((number) => !told.has(number))).toEqual([]);
});

test.each(Object.entries(DEFAULT_SWITCHES))('the README has the switch %s of a person with its default', (name, value) => {
  expect(rows('Switches of a person')).toContainEqual([`\`${name}\``, shown(value)]);
});

test.each(Object.entries(DEFAULT_SETTINGS))('the README has the setting %s with its default', (name, value) => {
  const [, said = ''] = new RegExp(`\`${name}\`: (\`?[\\w.]+\`?)`).exec(section('The 39 behaviours')) ?? [];
  expect(said.replaceAll('`', '')).toBe(String(value));
});

test('the README has every oddity and every scenario', () => {
  for (const name of OddityName.options) expect(section('Switches of a person')).toContain(`\`${name}\``);
  expect(
    rows('Scenarios')
      .map(([name]) => name)
      .filter((name) => name.startsWith('`')),
  ).toEqual(scenarioNames().map((name) => `\`${name}\``));
});
