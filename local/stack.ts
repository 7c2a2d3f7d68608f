/** What runs, in the order it was started; stopped in the opposite one, so that who asks ends before who is asked. */
export class Stack {
  private readonly running: { readonly name: string; readonly stop: () => Promise<void> }[] = [];

  add(name: string, stop: () => Promise<void>): void {
    this.running.push({ name, stop });
  }

  /** Stops everything, even if something does not want to. @param onStop told before each */
  async stop(onStop: (name: string) => void): Promise<void> {
    const failures: unknown[] = [];
    for (const { name, stop } of this.running.splice(0).reverse()) {
      onStop(name);
      await stop().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw new AggregateError(failures, `not everything stopped: ${failures.map(String).join('; ')}`);
  }
}
