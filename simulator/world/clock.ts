/** Simulated time runs at `rate` from `simulatedAt`, which it was at the real instant `realAt`. A rate of 0 stands still. Unix milliseconds. */
export interface ClockSetting {
  readonly simulatedAt: number;
  readonly realAt: number;
  readonly rate: number;
}

export const simulatedNow = ({ simulatedAt, realAt, rate }: ClockSetting, realNow: number): number =>
  Math.floor(simulatedAt + (realNow - realAt) * rate);
