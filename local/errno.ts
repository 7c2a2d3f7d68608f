/** `ENOENT` and the like, of what the system refuses. Asked by shape: errors of Node's own modules are not always our `Error`. */
export function errnoOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** What went wrong, in a few words for a person. */
export function reasonOf(error: unknown): string {
  const code = errnoOf(error);
  if (code !== undefined) return code;
  return error instanceof Error ? error.message : String(error);
}

/** fetch hides what happened in `cause`. */
export const reasonOfFetch = (error: unknown): string => reasonOf(error instanceof Error ? (error.cause ?? error) : error);

/** The disk is full, not ours to write, or has a file where a folder should be: the machine's matter, not a mistake of ours. */
export function refusedWrite(error: unknown): { readonly code: string; readonly path: string | undefined } | null {
  const code = errnoOf(error);
  if (code === undefined || !['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'].includes(code)) return null;
  const path = typeof error === 'object' && error !== null && 'path' in error ? String(error.path) : undefined;
  return { code, path };
}
