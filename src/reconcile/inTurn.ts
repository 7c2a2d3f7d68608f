/**
 * Does several repairs one after the other; one that fails leaves the others their turn. @returns how much they have repaired
 * @throws AggregateError of what went wrong, once all have had their turn
 */
export async function inTurn(repairs: readonly (() => Promise<number>)[]): Promise<number> {
  const errors: unknown[] = [];
  let repaired = 0;
  for (const repair of repairs) {
    try {
      repaired += await repair();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} of ${repairs.length} repairs failed`);
  return repaired;
}
