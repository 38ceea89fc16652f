import pg from 'pg';

type Startup = Readonly<Record<string, unknown>>;

/** What the types of `pg` do not name. */
interface StartingClient extends pg.Client {
  /** The process of PostgreSQL that the connection was told of. */
  readonly processID: number | null;
  /** Called when it connects. */
  getStartupConf(): Startup;
}

const Client = pg.Client as unknown as new (config?: pg.ClientConfig) => StartingClient;

/**
 * A connection on which PostgreSQL writes times in the style ISO and in UTC, whatever is set for the database or the
 * role. The settings are parameters of the start-up (PostgreSQL manual, "Message Formats"), which poolers know as ones
 * that each of their clients has for itself. So nothing is set in a session that others share.
 */
export class IsoClient extends Client {
  readonly #config: pg.ClientConfig;

  constructor(config: pg.ClientConfig = {}) {
    super(config);
    // The options of a pool may change.
    this.#config = { ...config };
    // Without a listener, a connection that breaks would end this process. The pool removes its own one when it hands a
    // connection out, and the end may already have been received by then. The next statement fails.
    this.on('error', () => {});
  }

  override getStartupConf(): Startup {
    return { ...super.getStartupConf(), DateStyle: 'ISO', TimeZone: 'UTC' };
  }

  /**
   * Cancels, over a connection of its own, the statement that this connection's process of PostgreSQL runs. It may wait
   * for long after its client has left, for example for a standby that is to confirm a commit.
   */
  async cancelStatement(): Promise<void> {
    const other = new IsoClient(this.#config);
    try {
      await other.connect();
      await other.query('select pg_cancel_backend($1)', [this.processID]);
    } finally {
      await other.end();
    }
  }
}
