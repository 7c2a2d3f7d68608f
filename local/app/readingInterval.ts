import type { Stage } from './stage';

/** What real sensors do, and recordings of them. */
const USUAL = '5m';

/** How often sensors read: as asked, or at a recording's own pace, or as at the last start, or like real ones. */
export const readingInterval = ({ options, home }: Stage): string =>
  options.interval ?? (options.replay === undefined ? home.memory.now.interval : null) ?? USUAL;
