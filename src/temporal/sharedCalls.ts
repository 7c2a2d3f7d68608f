interface Calls {
  current: Promise<void>;
  next: Promise<void> | null;
}

/**
 * Lets callers that ask for the same thing share one call. A call begun earlier does not count: each caller is answered by one that began after
 * it had asked. At most one runs per key, and the next begins no sooner than `gapMs` after it.
 */
export function sharedCalls<Key, Detail>(
  call: (key: Key, detail: Detail) => Promise<void>,
  { keyOf, gapMs }: { readonly keyOf: (key: Key) => string; readonly gapMs: number },
): (key: Key, detail: Detail) => Promise<void> {
  const underWay = new Map<string, Calls>();

  return (key, detail) => {
    const id = keyOf(key);
    const calls = underWay.get(id);
    if (!calls) return begin(id, key, detail);
    calls.next ??= calls.current.then(ignore, ignore).then(() => begin(id, key, detail));
    return calls.next;
  };

  function begin(id: string, key: Key, detail: Detail): Promise<void> {
    const answer = call(key, detail);
    const calls: Calls = { current: answer.then(ignore, ignore).then(() => pause(gapMs)), next: null };
    underWay.set(id, calls);
    void calls.current.then(() => {
      if (!calls.next) underWay.delete(id);
    });
    return answer;
  }
}

const ignore = (): undefined => undefined;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());
