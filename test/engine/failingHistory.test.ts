import { type Engine, startEngine } from './engine';
import { eventually } from './eventually';

interface Pulls {
  readonly data: readonly { readonly provider: { readonly dexcom_v3?: { readonly pulled: { readonly glucose: Glucose } } } }[];
}
interface Glucose {
  readonly status: string;
  readonly error_details: string | null;
}

describe('a history that Dexcom does not answer for', () => {
  let engine: Engine;

  beforeAll(async () => {
    engine = await startEngine({ interval: '3s', simulator: { people: 1, historyDays: 3, delay: '1s' } });
  });
  afterAll(() => engine?.stop());

  test('reads as retried, and why, until it is read', async () => {
    const { control, person } = engine.simulator;
    await control.addFault({ kind: 'status', status: 503, endpoints: ['egvs'] });
    const userId = await engine.connect(person);
    const told = async (): Promise<Glucose | undefined> => {
      const { data } = await engine.call<Pulls>('GET', `/v2/introspect/historical_pull?user_id=${userId}`);
      return data[0]?.provider.dexcom_v3?.pulled.glucose;
    };
    await eventually(async () => expect(await told()).toMatchObject({ status: 'retrying', error_details: 'provider_unavailable' }));

    await control.clearFaults();
    await eventually(async () => expect(await told()).toMatchObject({ status: 'success', error_details: null }));
  });
});
