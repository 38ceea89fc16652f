/**
 * Statements of a transaction that were sent without waiting for their answers. PostgreSQL answers in the order of
 * sending, and refuses everything behind a failed statement, so the first failure is the cause of all others.
 */
export class SentWrites {
  #pending: Promise<void>[] = [];
  #failure: { readonly cause: unknown } | undefined;

  add(answer: Promise<unknown>): void {
    this.#pending.push(
      answer.then(
        () => {},
        (cause: unknown) => {
          this.#failure ??= { cause };
        },
      ),
    );
  }

  /** Waits for all answers, and throws the first failure. */
  async settle(): Promise<void> {
    await Promise.all(this.#pending);
    if (this.#failure) throw this.#failure.cause;
  }
}
