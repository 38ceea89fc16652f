import * as v from 'valibot';
import { type Extension, refuseNames } from './model/extension.ts';
import { isCoreCode, type SallyportError } from './model/errors.ts';
import { isAsynchronous } from './model/input.ts';
import { type Limit, limitSchema } from './model/limits.ts';
import { type ModuleErrors, moduleErrors } from './model/module-errors.ts';
import type { ModuleName } from './model/module-name.ts';
import type { MailOptions } from './model/catalogue/words.ts';
import { mailsSchema } from './model/catalogue/words-schema.ts';
import { aFunction, anything, exactly, listOf, readOptions, tableOf, text } from './model/option-schemas.ts';
import type { Policy } from './model/policy.ts';
import type { UserId } from './model/user.ts';
import type { Ports } from './ports/ports.ts';
import type { UnitOfWork } from './ports/unit-of-work.ts';
import { type AnyUseCase, build, type Built, inputOf, type InputSchema, type Surroundings } from './use-case.ts';
import { schemaSource, useCaseSchema } from './use-case-schema.ts';

/** Use cases by name. */
export type UseCaseTable = Readonly<Record<string, AnyUseCase>>;

/** Use cases that are ready to be called, by name. */
export type BuiltTable<Cases> = { readonly [Name in keyof Cases]: Built<Cases[Name]> };

/** Those of the use cases that a host can run inside its own transaction, ready to be called. */
export type JoinedTable<Cases> = {
  readonly [Name in keyof Cases as Cases[Name] extends { readonly joinable?: true } ? Name : never]: Built<Cases[Name]>;
};

/** A kind of record that a migration or a backup carries, such as `user`. */
export interface RecordKind<Name extends string = string> {
  /** The schema of one record for an import. It may depend on the profile of the policy. */
  readonly schema: InputSchema | ((policy: Policy) => InputSchema);
  /** The use case that imports such records: its input is that of `importInput`, its output `ImportOutput`. */
  readonly importWith: Name;
  /** The use case that exports them: its input has the `exportEntries`, its output is a page. */
  readonly exportWith: Name;
}

/** Kinds of records by their names. A record may refer to records of earlier kinds. */
export type RecordKinds<Name extends string = string> = Readonly<Record<string, RecordKind<Name>>>;

/** Makes use cases ready to be called. In messages, their names follow the name of their module. */
export function buildAll<Cases extends UseCaseTable>(
  cases: Cases,
  ports: Ports,
  surroundings: Surroundings,
  module?: string,
): BuiltTable<Cases> {
  const needs = { ...ports, ...surroundings };
  const entries = Object.entries(cases).map(([name, declared]) => [
    name,
    build(module === undefined ? name : `${module}.${name}`, declared, needs),
  ]);
  return Object.fromEntries(entries) as BuiltTable<Cases>;
}

/**
 * The use cases of a module that was built. It may have been created with other options than the one that is asked for,
 * but not with other use cases.
 *
 * @throws Error when the application was created without the module
 */
export function installed<Cases extends UseCaseTable>(
  built: BuiltTable<UseCaseTable> | undefined,
  name: string,
  asked: Cases,
): BuiltTable<Cases> {
  if (!built || Object.keys(asked).some((useCase) => !Object.hasOwn(built, useCase))) {
    throw new Error(`The application was created without this module "${name}"`);
  }
  return built as BuiltTable<Cases>;
}

/**
 * Checks the schemas of a module's inputs, and of the records that it imports.
 *
 * @throws Error that names a use case or a kind of record whose schema is asynchronous
 */
export function refuseAsynchronous(
  { name: module, useCases, records }: Pick<ModuleFor<never>, 'name' | 'useCases' | 'records'>,
  policy: Policy,
): void {
  for (const [name, useCase] of Object.entries(useCases)) {
    if (!isAsynchronous(inputOf(useCase, policy))) continue;
    throw new Error(`The input of ${module}.${name} has an asynchronous schema, which cannot be used`);
  }
  for (const [kind, { schema }] of Object.entries(records)) {
    if (!isAsynchronous(typeof schema === 'function' ? schema(policy) : schema)) continue;
    throw new Error(`The record "${kind}" of ${module} has an asynchronous schema, which cannot be used`);
  }
}

/** The ports that all of these use cases need. */
export type NeedsOf<Cases> = (
  Cases[keyof Cases] extends infer Case
    ? Case extends { readonly run: (needs: infer Needs, caller: never, input: never) => unknown }
      ? // A use case that is declared inline and needs nothing infers `never`.
        (needs: [Needs] extends [never] ? unknown : Needs) => void
      : never
    : never
) extends (needs: infer Needs) => void
  ? Needs
  : never;

/**
 * What the author of a module declares. `name` begins every name that the module adds: `comments` adds `comments.deleted`.
 */
export interface ModuleDeclaration<Cases extends UseCaseTable, Code extends ModuleName, Repositories> {
  readonly name: string;
  readonly useCases: Cases;
  /** The refusals that its use cases declare, besides those of the core. */
  readonly errors?: ModuleErrors<Code>;
  /** The types of the events that its use cases record. */
  readonly events?: readonly ModuleName[];
  /** Its limits, unless the host sets others. */
  readonly limits?: Readonly<Record<ModuleName, Limit>>;
  /** The letters of its mails by locale, unless the host sets others. Every kind needs one in `en`. */
  readonly mails?: MailOptions;
  /**
   * What an import and an export of all data carry of the module. Records may refer to accounts, and to records of kinds
   * that are declared earlier.
   */
  readonly records?: RecordKinds<keyof Cases & string>;
  /**
   * Checks at the start that the host's policy suits the module.
   *
   * @throws Error that states what does not
   */
  readonly checkPolicy?: (policy: Policy) => void;
  /**
   * Deletes at most so many rows that belong to an account that was closed, and returns how many: 0 only if none is
   * left. A worker calls it until then.
   */
  readonly purgeAccount?: (transaction: Repositories, userId: UserId, limit: number) => Promise<number>;
}

/** A feature with use cases of its own, which a host adds to its application. */
export interface Module<Cases extends UseCaseTable, Code extends ModuleName, Needs> extends Extension {
  readonly useCases: Cases;
  readonly errors: ModuleErrors<Code>;
  readonly records: RecordKinds;
  readonly purgeAccount?: ((transaction: never, userId: UserId, limit: number) => Promise<number>) | undefined;
  readonly checkPolicy?: ((policy: Policy) => void) | undefined;
  /** Whether this is an error of the module. */
  isError(error: unknown): error is SallyportError<Code>;
  /** The ports that the use cases need, for the compiler alone: it is never called. */
  readonly needs?: (ports: Needs) => void;
}

/** Any module whose use cases need no more than these ports. */
export type ModuleFor<Given> = Module<UseCaseTable, ModuleName, Given>;

/** What a declaration may leave out. */
const parts = {
  errors: exactly<ModuleErrors<ModuleName>>({
    codes: listOf(text) as v.GenericSchema<unknown, ModuleName[]>,
    refusal: aFunction,
    isError: aFunction,
  }),
  events: listOf(text) as v.GenericSchema<unknown, ModuleName[]>,
  limits: tableOf(limitSchema),
  mails: mailsSchema,
  records: tableOf(exactly<RecordKind>({ schema: schemaSource('object'), importWith: text, exportWith: text })),
};

const members = {
  name: text,
  useCases: tableOf(useCaseSchema),
  checkPolicy: v.optional(aFunction),
  purgeAccount: v.optional(aFunction),
};

const declarationSchema = exactly<ModuleDeclaration<UseCaseTable, ModuleName, unknown>>({
  ...members,
  ...v.partial(v.object(parts)).entries,
});

/** The schema of a module. One that is configurable is a function. */
export const moduleSchema = v.pipe(
  v.unknown(),
  v.transform((module) => (typeof module === 'function' ? Object.fromEntries(Object.entries(module)) : module)),
  exactly<ModuleFor<Ports>>({ ...members, ...parts, isError: aFunction, needs: anything }),
);

/**
 * Makes a module of its declaration.
 *
 * @throws Error that names an option that cannot be used, or what the module may not add
 */
export function defineModule<
  const Cases extends UseCaseTable,
  const Code extends ModuleName = never,
  Repositories = unknown,
>(
  declared: ModuleDeclaration<Cases, Code, Repositories>,
): Module<Cases, Code, NeedsOf<Cases> & { readonly unitOfWork: UnitOfWork<Repositories> }> {
  readOptions(
    declarationSchema,
    declared,
    [],
    ` of the module "${String((declared as Partial<typeof declared> | null)?.name)}"`,
  );
  const { name, useCases, events = [], limits = {}, mails = {}, records = {}, checkPolicy, purgeAccount } = declared;
  const errors = declared.errors ?? moduleErrors({} as Record<Code, string>);
  const others = Object.values(mails).flatMap(({ letters: _, ...rest } = {}) => Object.keys(rest));
  if (others[0] !== undefined) throw new Error(`The module "${name}" may add letters, and no ${others[0]}`);
  const kinds = Object.values(mails).flatMap(({ letters } = {}) => Object.keys(letters ?? {}));
  refuseNames(name, [...errors.codes, ...events, ...Object.keys(limits), ...kinds]);
  const known: ReadonlySet<string> = new Set(errors.codes);
  for (const [useCase, { errors: codes }] of Object.entries(useCases)) {
    const unknown = codes.find((code) => !isCoreCode(code) && !known.has(code));
    if (unknown !== undefined) throw new Error(`${name}.${useCase} refuses with ${unknown}, which is not declared`);
  }
  for (const [kind, { importWith, exportWith }] of Object.entries(records)) {
    const missing = [importWith, exportWith].find((useCase) => !Object.hasOwn(useCases, useCase));
    if (missing !== undefined)
      throw new Error(`The module "${name}" has no use case "${missing}" for its records "${kind}"`);
  }
  return {
    name,
    useCases,
    errors,
    events,
    limits,
    mails,
    records,
    checkPolicy,
    purgeAccount,
    isError: (error) => errors.isError(error),
  };
}

/** A module that works as it is, and can be called with options for another one with the same use cases. */
export type Configurable<Options, Made> = Made & ((options: Options) => Made);

/** Makes a module configurable. Without options, it is the module that `make` makes of an empty object. */
export function configurable<Options extends object, Made extends object>(
  make: (options: Options) => Made,
): Configurable<Options, Made> {
  const configure = (options: Options) => make(options);
  return Object.defineProperties(configure, Object.getOwnPropertyDescriptors(make({} as Options))) as never;
}
