/** Work that is put off while a soak goes on: the end of an outage, a person who comes back. */
export class Later {
  private readonly waiting = new Set<{ readonly timer: NodeJS.Timeout; readonly begin: () => void }>();
  private readonly under = new Set<Promise<unknown>>();

  /** @param onFailure told what could not be done, with its reason */
  constructor(private readonly onFailure: (what: string, reason: unknown) => void) {}

  after(ms: number, what: string, work: () => Promise<unknown>): void {
    const begin = (): void => {
      clearTimeout(item.timer);
      this.waiting.delete(item);
      const done: Promise<unknown> = work()
        .catch((reason: unknown) => this.onFailure(what, reason))
        .finally(() => this.under.delete(done));
      this.under.add(done);
    };
    const item = { timer: setTimeout(begin, ms), begin };
    this.waiting.add(item);
  }

  /** Begins at once what still waits, and waits for all of it. */
  async end(): Promise<void> {
    // What is under way may put off something itself.
    while (this.waiting.size + this.under.size > 0) {
      for (const { begin } of [...this.waiting]) begin();
      await Promise.all(this.under);
    }
  }
}
