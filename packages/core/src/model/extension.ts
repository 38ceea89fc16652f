import { eventTypes } from './event-types.ts';
import type { MailOptions } from './catalogue/words.ts';
import type { Limit } from './limits.ts';
import type { ModuleName } from './module-name.ts';

/** What a module adds to the names that the core knows. All of them begin with the module's name and a dot. */
export interface Extension {
  readonly name: string;
  /** The types of the events that its use cases record. */
  readonly events: readonly ModuleName[];
  /** Its limits, unless the host sets others. */
  readonly limits: Readonly<Record<ModuleName, Limit>>;
  /** The letters of its mails, unless the host sets others. */
  readonly mails: MailOptions;
}

/** The names that the core's own events begin with. */
const reserved = new Set(eventTypes.map((type) => type.split('.')[0]));

/**
 * Checks the names that a module adds.
 *
 * @throws Error that states the name that cannot be used
 */
export function refuseNames(module: string, names: readonly string[]): void {
  if (!/^[a-z][a-z0-9_]*$/.test(module)) throw new Error(`A module's name is made of a-z, 0-9 and _: "${module}"`);
  if (reserved.has(module)) throw new Error(`The core itself uses the name of the module "${module}"`);
  const stray = names.find((name) => !name.startsWith(`${module}.`) || name.length === module.length + 1);
  if (stray !== undefined) throw new Error(`"${stray}" is not a name of the module "${module}"`);
}
