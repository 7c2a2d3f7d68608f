import { defineSignal } from '@temporalio/workflow';

/** A delivery has become pending: look again before you end. Starts the workflow if there is none. */
export const pending = defineSignal('pending');
/** Do not wait for the next probe. Starts the workflow if there is none. */
export const tryNow = defineSignal('tryNow');
