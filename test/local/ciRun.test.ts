import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { throwawayFolder } from '../../local/processes/throwaway';

const root = join(__dirname, '../..');

/** Runs the build machine's script with an `npm` that does `onTest` when asked to test, and `onVerify` when asked to verify. */
function ciRun(onTest: string, onVerify = 'exit 0') {
  const bin = join(throwawayFolder(), 'bin');
  mkdirSync(bin);
  const npm = `#!/bin/sh
[ "$1 $2" = "run verify" ] && { ${onVerify}; }
[ "$1" = test ] || exit 0
for arg; do case $arg in --outputFile=*) report=\${arg#*=};; esac; done
${onTest}
`;
  writeFileSync(join(bin, 'npm'), npm, { mode: 0o755 });
  const run = spawnSync(join(root, '.ci/run'), {
    env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
    encoding: 'utf8',
  });
  const lines = run.stdout.trimEnd().split('\n');
  return { code: run.status, last: lines.at(-1), failed: lines.slice(0, -1) };
}

const report = (counts: object) => `printf %s '${JSON.stringify(counts)}' > "$report"`;
const sevenPass = report({ numPassedTests: 7, numFailedTests: 0, numRuntimeErrorTestSuites: 0 });

test.each([
  ['everything passes', sevenPass, '7 passed, 0 failed', 0],
  ['two tests fail', `${report({ numPassedTests: 5, numFailedTests: 2, numRuntimeErrorTestSuites: 0 })}; exit 1`, '5 passed, 2 failed', 1],
  [
    'a suite does not load',
    `${report({ numPassedTests: 5, numFailedTests: 0, numRuntimeErrorTestSuites: 1 })}; exit 1`,
    '5 passed, 1 failed',
    1,
  ],
  ['jest ends before its report', 'exit 134', '0 passed, 1 failed', 134],
  ['the report is cut off', 'echo "{" > "$report"; exit 1', '0 passed, 1 failed', 1],
])('the build machine’s last line is right when %s', (_when, onTest, last, code) => {
  expect(ciRun(onTest)).toMatchObject({ code, last });
});

test('what verify finds is one failure more, and the tests run all the same', () => {
  expect(ciRun(sevenPass, 'exit 1')).toEqual({ code: 1, last: '7 passed, 1 failed', failed: ['failed: npm run verify'] });
});

test('the lines before the last one name every test that failed and every suite that did not load', () => {
  const suite = (file: string, ...tests: readonly [status: string, fullName: string][]) => ({
    name: join(root, file),
    status: tests.length > 0 && tests.every(([status]) => status === 'passed') ? 'passed' : 'failed',
    assertionResults: tests.map(([status, fullName]) => ({ status, fullName })),
  });
  const testResults = [
    suite('test/a.test.ts', ['passed', 'a holds'], ['failed', 'b holds,\nhowever long']),
    suite('test/b.test.ts', ['passed', 'c holds']),
    suite('test/c.test.ts'),
  ];

  const onTest = `${report({ numPassedTests: 2, numFailedTests: 1, numRuntimeErrorTestSuites: 1, testResults })}; exit 1`;
  expect(ciRun(onTest)).toEqual({
    code: 1,
    last: '2 passed, 2 failed',
    failed: ['failed: test/a.test.ts: b holds, however long', 'failed: test/c.test.ts: outside its tests (it may not have loaded)'],
  });
});
