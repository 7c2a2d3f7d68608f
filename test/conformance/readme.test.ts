import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { approve } from '../../local/demo/approve';
import { type Engine, startEngine } from '../engine/engine';

/** The lines under `heading`, as somebody would paste them. */
function codeUnder(heading: string): string {
  const [, section = ''] = readFileSync('README.md', 'utf8').split(`\n## ${heading}\n`);
  return /```js\n(.*?)```/s.exec(section)?.[1] ?? '';
}

describe('README', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine({ interval: '30s', simulator: { historyDays: 3 } });
  }, 200_000);
  afterAll(() => engine?.stop());

  test('the lines with Vital’s SDK run as they stand: they link a person and print a reading', async () => {
    const code = codeUnder('Use it with Vital’s SDK'.replace('’', "'"));
    expect(code.trim().split('\n').length).toBeLessThanOrEqual(12);
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      env: { ...process.env, API: engine.apiUrl, KEY: engine.apiKey },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    const said: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      said.push(line);
      const link = /http\S+/.exec(line)?.[0];
      if (link) await approve(link, engine.simulator.person);
    }
    expect(await ended).toEqual([0, null]);
    expect(said.join('\n')).toMatch(/unit: 'mmol\/L',\s+value: \d/);
  });
});
