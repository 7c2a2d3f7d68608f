import { problems } from '../problems';
import { whyNot } from './reach';

/** Checks that a server somebody else runs answers. Its URI may hold a password: only its hosts are shown. @throws Problem */
export async function checkGivenDatabase(uri: string): Promise<void> {
  const why = await whyNot(uri, 5_000);
  if (why !== null) throw problems.addressUnreachable('MONGODB_URI', hostsOf(uri), why);
}

const hostsOf = (uri: string): string => /^mongodb(?:\+srv)?:\/\/(?:[^@/]*@)?([^/?]+)/.exec(uri)?.[1] ?? 'no mongodb:// address';
