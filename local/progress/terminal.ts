import pc from 'picocolors';
import { aboutLeft, type Progress, remainingMs } from './progress';

interface Line {
  readonly name: string;
  readonly expectedMs: number;
  readonly startedAt: number;
  fraction: number;
  doing: string;
}

const BAR_CELLS = 16;

/** Bars at the foot of a terminal, one for each task under way. */
export function terminalProgress(out: NodeJS.WriteStream): Progress {
  const lines = new Set<Line>();
  let drawn = 0;
  let timer: NodeJS.Timeout | undefined;

  const erase = (): void => {
    if (drawn > 0) out.write(`\x1b[${drawn}A\x1b[0J`);
    drawn = 0;
  };

  const draw = (): void => {
    erase();
    for (const line of lines) out.write(`${render(line, out.columns)}\n`);
    drawn = lines.size;
  };

  return {
    note(line) {
      erase();
      out.write(`${line}\n`);
      draw();
    },
    task(name, expectedMs) {
      const line: Line = { name, expectedMs, startedAt: Date.now(), fraction: 0, doing: '' };
      lines.add(line);
      timer ??= setInterval(draw, 500).unref();
      draw();
      return {
        at(fraction, doing) {
          line.fraction = fraction;
          line.doing = doing;
        },
        end() {
          lines.delete(line);
          draw();
          if (lines.size > 0) return;
          clearInterval(timer);
          timer = undefined;
        },
      };
    },
  };
}

function render({ name, fraction, doing, startedAt, expectedMs }: Line, columns: number): string {
  const full = Math.round(fraction * BAR_CELLS);
  const bar = '█'.repeat(full) + '░'.repeat(BAR_CELLS - full);
  const left = aboutLeft(remainingMs({ fraction, elapsedMs: Date.now() - startedAt, expectedMs }));
  const text = `${name} ${bar} ${String(Math.round(fraction * 100)).padStart(3)} %  ${left}, ${doing}`;
  return pc.dim(text.slice(0, columns - 1));
}
