import { defineSignal } from '@temporalio/workflow';

/** The user was deleted, or brought back: look again. Starts the workflow if there is none. */
export const deletionChanged = defineSignal('deletionChanged');
