/** An event type, all that begin like one (`daily.data.*`), or all; a pattern without its ends. */
export const EVENT_TYPE = '(?:\\*|\\w+(?:\\.\\w+)*(?:\\.\\*)?)';

/** @param wanted each of `EVENT_TYPE`; null wants all */
export function wantsType(wanted: readonly string[] | null, type: string): boolean {
  return wanted === null || wanted.some((pattern) => (pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : pattern === type));
}
