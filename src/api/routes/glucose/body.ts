type Bytes = Uint8Array<ArrayBuffer>;

export const lengthOf = (pieces: readonly Bytes[]): number => pieces.reduce((sum, { length }) => sum + length, 0);

/** The pieces one after the other, none copied. */
export function bodyOf(pieces: readonly Bytes[]): Bytes | ReadableStream<Bytes> {
  const [only, ...others] = pieces;
  if (only && others.length === 0) return only;
  return new ReadableStream<Bytes>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
}
