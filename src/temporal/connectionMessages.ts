import { defineSignal, defineUpdate } from '@temporalio/workflow';

/** Said by those who have written the desired state already; a button of the Temporal UI sends none, and the workflow writes it. */
export interface Wish {
  readonly recorded: true;
}

/** Fetch now; answers once a pull begun after the request has ended, well or not: the connection's record tells which. */
export const refresh = defineUpdate<RefreshAnswer>('refresh');
export const pause = defineSignal<[Wish?]>('pause');
export const resume = defineSignal<[Wish?]>('resume');
export const disconnect = defineSignal<[Wish?]>('disconnect');
/** The connection or its grant has changed: look again. Starts the workflow if there is none. */
export const reconnect = defineSignal('reconnect');

/** `pending`: paused, waiting for a new consent, or on its way into the next run, which polls at once. */
export type RefreshAnswer = 'done' | 'pending';
