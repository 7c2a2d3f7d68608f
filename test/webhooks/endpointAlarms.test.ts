import { Writable } from 'node:stream';
import { Runtime } from '@temporalio/worker';
import { freePort } from '../../local/processes/freePort';
import { createLog } from '../../src/log';
import { createEndpointAlarms } from '../../src/temporal/endpointAlarms';
import { installRuntime } from '../../src/temporal/installRuntime';
import { eventually } from '../engine/eventually';

afterAll(() => Runtime.instance().shutdown());

test('an alarm about an endpoint is a line in the worker’s log and a count among its metrics', async () => {
  const lines: string[] = [];
  const into = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const log = createLog({ level: 'info', name: 'worker' }, into);
  const metrics = `127.0.0.1:${await freePort()}`;
  installRuntime(log, metrics);

  const alarms = createEndpointAlarms(log);
  for (const type of ['endpoint.failing', 'endpoint.failing', 'endpoint.disabled']) alarms.raise(type, { _id: 'e1', teamId: 't1' });
  expect(lines.map((line) => JSON.parse(line))).toEqual(
    ['endpoint.failing', 'endpoint.failing', 'endpoint.disabled'].map((type) =>
      expect.objectContaining({ level: 40, type, endpointId: 'e1', teamId: 't1' }),
    ),
  );
  await eventually(async () => {
    const told = await (await fetch(`http://${metrics}/metrics`)).text();
    expect(told).toMatch(/^continuo_webhook_alarms\{.*type="endpoint.failing".*\} 2$/m);
    expect(told).toMatch(/^continuo_webhook_alarms\{.*type="endpoint.disabled".*\} 1$/m);
  });
});
