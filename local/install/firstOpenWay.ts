import { refusedWrite } from '../errno';
import { Obstacle, obstacles, problems, type ServerName } from '../problems';
import { CommandFailed } from './run';

/** One way to get something, in the words it is told in. */
export interface Way<T> {
  readonly name: string;
  take(): Promise<T>;
}

/** Takes the first way that is open. @throws Problem that tells what blocks each of them */
export async function firstOpenWay<T>(server: ServerName, ways: readonly Way<T>[]): Promise<T> {
  const tried: { way: string; obstacle: Obstacle }[] = [];
  for (const { name, take } of ways) {
    try {
      return await take();
    } catch (error) {
      tried.push({ way: name, obstacle: asObstacle(error, name) });
    }
  }
  throw problems.serverNotToBeHad(server, tried);
}

/** What the machine refuses is an obstacle; a mistake of ours is not and travels on. */
function asObstacle(error: unknown, what: string): Obstacle {
  if (error instanceof Obstacle) return error;
  if (error instanceof CommandFailed) return obstacles.buildFailed(`${what}: ${error.message}`, error.tail);
  const refused = refusedWrite(error);
  if (!refused) throw error;
  return obstacles.noWrite(refused.path ?? 'the cache', refused.code);
}
