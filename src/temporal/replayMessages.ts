import { defineSignal } from '@temporalio/workflow';

/** It was begun or cancelled: look again. Starts the workflow if there is none. */
export const replayChanged = defineSignal('replayChanged');
