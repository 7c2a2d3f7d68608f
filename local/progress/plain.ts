import { aboutLeft, type Progress, remainingMs } from './progress';

const EVERY_MS = 15_000;

/** A line now and then, for logs and pipes. */
export function plainProgress(write: (line: string) => void): Progress {
  return {
    note: write,
    task(name, expectedMs) {
      const startedAt = Date.now();
      let state = { fraction: 0, doing: 'begins' };
      const tell = (): void => {
        const left = aboutLeft(remainingMs({ fraction: state.fraction, elapsedMs: Date.now() - startedAt, expectedMs }));
        write(`${name}: ${Math.round(state.fraction * 100)} %, ${left}, ${state.doing}`);
      };
      const timer = setInterval(tell, EVERY_MS).unref();
      return {
        at(fraction, doing) {
          state = { fraction, doing };
        },
        end: () => clearInterval(timer),
      };
    },
  };
}
