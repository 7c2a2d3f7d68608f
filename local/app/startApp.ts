import { responds } from '../processes/responds';
import type { ServerProcess } from '../processes/serverProcess';
import { keepRunning } from './keepRunning';
import { startNodeProgram } from './nodeProgram';
import type { Stage } from './stage';
import type { Backends } from './startBackends';
import { CLIENT_ID } from './startSimulator';

export interface Surroundings {
  readonly backends: Backends;
  readonly apiPort: number;
  readonly simulatorUrl: string;
  readonly interval: string;
}

/** The environment of Continuo's own programs on this machine (docs/configuration.md); the rest is as we found it. */
export function appEnvironment({ home }: Stage, { backends, apiPort, simulatorUrl, interval }: Surroundings) {
  const { encryptionKeys, dexcomClientSecret } = home.memory.now;
  return {
    ...process.env,
    TEMPORAL_ADDRESS: backends.temporalAddress,
    MONGODB_URI: backends.mongodbUri,
    MONGODB_DATABASE: process.env.MONGODB_DATABASE || 'continuo',
    CONTINUO_ENCRYPTION_KEYS: encryptionKeys,
    HOST: '127.0.0.1',
    PORT: String(apiPort),
    PUBLIC_URL: `http://127.0.0.1:${apiPort}`,
    DEXCOM_CLIENT_ID: CLIENT_ID,
    DEXCOM_CLIENT_SECRET: dexcomClientSecret,
    DEXCOM_BASE_URL: simulatorUrl,
    DEXCOM_REGION: '',
    READING_INTERVAL: interval,
    WEBHOOK_ALLOWED_HOSTS: '127.0.0.1',
    // One of the environment would be taken by the first of the two, and end the other.
    METRICS_PORT: '',
  };
}

export type AppEnvironment = ReturnType<typeof appEnvironment>;

/** The API, answering, and the worker. @throws Problem */
export async function startApp(env: AppEnvironment, stage: Stage): Promise<void> {
  const folder = stage.home.place('app');
  const api = async (): Promise<ServerProcess> => {
    const process = startNodeProgram({ name: 'api', script: 'src/server.ts', env, folder });
    await process.untilReady(() => responds(`${env.PUBLIC_URL}/readyz`));
    return process;
  };
  const worker = async (): Promise<ServerProcess> => startNodeProgram({ name: 'worker', script: 'src/worker.ts', env, folder });
  await keepRunning('API', api, stage);
  await keepRunning('worker', worker, stage);
}
