/** Runs two works at once. The first to fail stops the other, and its error is thrown once both have ended. */
export async function both<A, B>(
  signal: AbortSignal,
  first: (signal: AbortSignal) => Promise<A>,
  second: (signal: AbortSignal) => Promise<B>,
): Promise<[A, B]> {
  const stop = new AbortController();
  const until = AbortSignal.any([signal, stop.signal]);
  let failure: { readonly error: unknown } | undefined;
  const failed = (error: unknown): never => {
    failure ??= { error };
    stop.abort(error);
    throw error;
  };
  const works = [first(until).catch(failed), second(until).catch(failed)] as const;
  await Promise.allSettled(works);
  if (failure) throw failure.error;
  return Promise.all(works);
}
