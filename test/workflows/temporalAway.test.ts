import { createServer, type Socket } from 'node:net';
import { openTemporal } from '../../src/temporal/client';
import { createConnectionWorkflows } from '../../src/temporal/connectionWorkflows';
import { TemporalUnavailable } from '../../src/temporal/temporalUnavailable';
import { quick } from './script';

const connection = { connectionId: 'c', teamId: 't', userId: 'u' };

describe.each(['refuses connections', 'does not answer'])('Temporal that %s', (how) => {
  test('is told as such by every call, within its time', async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => sockets.add(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    if (how === 'refuses connections') await new Promise((resolve) => silent.close(resolve));

    const { client, close } = openTemporal({ address: `127.0.0.1:${address.port}`, namespace: 'default' });
    const workflows = createConnectionWorkflows(client, { queuePrefix: '', policy: quick });
    const calls = [
      workflows.ensureRunning(connection),
      workflows.refresh('c', 1_000),
      workflows.tell('c', 'pause'),
      workflows.isRunning('c'),
    ];
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason instanceof TemporalUnavailable)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    await close();
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
});
