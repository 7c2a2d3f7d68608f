import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { throwawayFolder } from '../../local/processes/throwaway';

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
  const run = spawnSync(join(__dirname, '../../.ci/run'), {
    env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
    encoding: 'utf8',
  });
  return { code: run.status, last: run.stdout.trimEnd().split('\n').at(-1) };
}

const report = (counts: object) => `echo '${JSON.stringify(counts)}' > "$report"`;
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
  expect(ciRun(onTest)).toEqual({ code, last });
});

test('what verify finds is one failure more, and the tests run all the same', () => {
  expect(ciRun(sevenPass, 'exit 1')).toEqual({ code: 1, last: '7 passed, 1 failed' });
});
