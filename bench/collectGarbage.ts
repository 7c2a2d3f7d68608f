import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** So that what is measured next does not pay for what was measured before. */
export const collectGarbage = (): void => collect();
