import { connected } from './connected';
import type { Judge } from './judge';
import { messages } from './messages';
import { readings } from './readings';
import { reauths } from './reauths';

/** Readings first: they wait until everything has come to rest. */
export const judges: readonly Judge[] = [readings, messages, reauths, connected];
