import type { ConnectionDoc } from '../storage/connectionDoc';
import { instant } from './instant';

/** What went wrong last and is being tried again, as people may read it. */
export const lastErrorOf = ({ lastError }: ConnectionDoc): { type: string; message: string; at: string } | null =>
  lastError && { ...lastError, at: instant(lastError.at) };
