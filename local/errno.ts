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

/** The disk is full, or not ours to write: the machine's matter, not a mistake of ours. */
export function refusedWrite(error: unknown): { readonly code: string; readonly path: string | undefined } | null {
  const code = errnoOf(error);
  if (code === undefined || !['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS'].includes(code)) return null;
  const path = typeof error === 'object' && error !== null && 'path' in error ? String(error.path) : undefined;
  return { code, path };
}
