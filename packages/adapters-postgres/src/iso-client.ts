import pg from 'pg';

type Startup = Readonly<Record<string, unknown>>;

/** `pg` calls this method when it connects, and its types do not name it. */
interface StartingClient extends pg.Client {
  getStartupConf(): Startup;
}

const Client = pg.Client as unknown as new (config?: pg.ClientConfig) => StartingClient;

/**
 * A connection on which PostgreSQL writes times in the style ISO and in UTC, whatever is set for the database or the
 * role. The settings are parameters of the start-up (PostgreSQL manual, "Message Formats"), which poolers know as ones
 * that each of their clients has for itself. So nothing is set in a session that others share.
 */
export class IsoClient extends Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    // Without a listener, a connection that breaks would end this process. The pool removes its own one when it hands a
    // connection out, and the end may already have been received by then. The next statement fails.
    this.on('error', () => {});
  }

  override getStartupConf(): Startup {
    return { ...super.getStartupConf(), DateStyle: 'ISO', TimeZone: 'UTC' };
  }
}
