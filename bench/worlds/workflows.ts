import { condition } from '@temporalio/workflow';

export * from '../../src/workflows';

/** What a workflow costs that does nothing at all. */
export async function empty(): Promise<void> {
  await condition(() => true);
}

/** … and one that waits for nothing for ever. */
export async function idle(): Promise<void> {
  await condition(() => false);
}
