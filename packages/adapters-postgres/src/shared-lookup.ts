/** Turns of the event loop for which a statement waits for further look-ups, at most. */
const maxTurns = 16;

/** Milliseconds after which a statement counts as slow, and look-ups no longer wait for it. */
const patience = 20;

/** A look-up that waits for its statement. */
interface Waiting<Row> {
  readonly key: string;
  readonly resolve: (row: Row | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Looks up rows by their keys. A busy server sends one statement for many look-ups: a statement waits a turn of the event
 * loop, and another one as long as each turn brings look-ups, for the server begins few requests a turn. What arrives while
 * a statement is on its way shares the next one. A look-up never joins a statement that was sent before, because it
 * would miss what was committed meanwhile, such as a logout.
 */
export class SharedLookup<Row extends object> {
  readonly #read: (keys: readonly string[]) => Promise<readonly Row[]>;
  readonly #keyOf: (row: Row) => string;
  #waiting: Waiting<Row>[] = [];
  #isGathering = false;
  /** The statement that look-ups wait for. */
  #sent: object | undefined;

  /** @param read returns the rows that have one of these keys, which are all different, in any order */
  constructor(read: (keys: readonly string[]) => Promise<readonly Row[]>, keyOf: (row: Row) => string) {
    this.#read = read;
    this.#keyOf = keyOf;
  }

  /** The row with this key, for this caller alone. Rejects with the error of the statement. */
  find(key: string): Promise<Row | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key, resolve, reject });
      if (!this.#sent && !this.#isGathering) this.#gather();
    });
  }

  #gather(turns = 1): void {
    this.#isGathering = true;
    const before = this.#waiting.length;
    setImmediate(() => {
      if (this.#waiting.length > before && turns < maxTurns) this.#gather(turns + 1);
      else void this.#send();
    });
  }

  async #send(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    this.#isGathering = false;
    const sent = {};
    this.#sent = sent;
    const impatient = setTimeout(() => this.#next(sent), patience);
    try {
      const rows = await this.#read([...new Set(batch.map(({ key }) => key))]);
      answer(batch, new Map(rows.map((row) => [this.#keyOf(row), row])));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    clearTimeout(impatient);
    this.#next(sent);
  }

  /** Sends the next statement, unless it was sent already because this one was slow. */
  #next(sent: object): void {
    if (this.#sent !== sent) return;
    this.#sent = undefined;
    if (this.#waiting.length > 0) void this.#send();
  }
}

function answer<Row extends object>(batch: readonly Waiting<Row>[], rows: ReadonlyMap<string, Row>): void {
  const given = new Set<Row>();
  for (const { key, resolve } of batch) {
    const row = rows.get(key);
    // Callers with the same key must not share objects that one of them may change.
    resolve(row && given.has(row) ? structuredClone(row) : row);
    if (row) given.add(row);
  }
}
