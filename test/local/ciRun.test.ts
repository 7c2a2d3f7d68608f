import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { throwawayFolder } from '../../local/processes/throwaway';

/** Runs the build machine's script with an `npm` that does `onTest` when asked to test. */
function ciRun(onTest: string) {
  const bin = join(throwawayFolder(), 'bin');
  mkdirSync(bin);
  const npm = `#!/bin/sh\n[ "$1" = test ] || exit 0\nfor arg; do case $arg in --outputFile=*) report=\${arg#*=};; esac; done\n${onTest}\n`;
  writeFileSync(join(bin, 'npm'), npm, { mode: 0o755 });
  const run = spawnSync(join(__dirname, '../../.ci/run'), {
    env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
    encoding: 'utf8',
  });
  return { code: run.status, last: run.stdout.trimEnd().split('\n').at(-1) };
}

const report = (counts: object) => `echo '${JSON.stringify(counts)}' > "$report"`;

test.each([
  ['everything passes', `${report({ numPassedTests: 7, numFailedTests: 0, numRuntimeErrorTestSuites: 0 })}`, '7 passed, 0 failed', 0],
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
