import type { Home } from '../home/home';
import type { Progress } from '../progress/progress';
import { type ConnectedPerson, connectPerson } from './connectPerson';
import type { ContinuoApi } from './continuoApi';
import { inLanes } from './inLanes';

const AT_ONCE = 4;
/** Two redirects, two forms, a few calls. */
const ONE_TAKES_MS = 150;

export interface NamedPerson extends ConnectedPerson {
  readonly name: string;
}

/** A user of ours for each of the simulated people, in their order. @throws Problem */
export async function connectPeople(home: Home, api: ContinuoApi, names: readonly string[], progress: Progress): Promise<NamedPerson[]> {
  const bar = names.length > 1 ? progress.task('Connecting', names.length * ONE_TAKES_MS) : null;
  let connected = 0;
  try {
    return await inLanes(names, AT_ONCE, async (name) => {
      const person = await connectPerson(home, api, name);
      bar?.at(++connected / names.length, `${connected} of ${names.length} people`);
      return { ...person, name };
    });
  } finally {
    bar?.end();
  }
}
