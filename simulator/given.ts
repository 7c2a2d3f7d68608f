/** What JSON would drop must not be in an event either: the journal and the memory would differ. @returns only what was given */
export function given<T extends object>(change: { [K in keyof T]?: T[K] | undefined }): Partial<T> {
  return JSON.parse(JSON.stringify(change));
}
