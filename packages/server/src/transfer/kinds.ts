import {
  type AnyUseCase,
  type Application,
  coreRecords,
  type ImportResult,
  type ImportRun,
  outputOf,
  type RecordKind,
  type Runnable,
  type System,
  type UseCaseTable,
  useCases,
} from '@sallyport/core';
import { outputWriter, recordReader, type WireRecord } from '@sallyport/http-api';
import { modules } from '../modules.ts';

/** A page of an export. */
interface ExportedPage {
  readonly items: readonly object[];
  readonly next?: number | undefined;
}

/** A kind of record, as lines of a file hold it. */
export interface Kind {
  readonly name: string;
  /** Reads the fields of a line. */
  readonly read: (fields: object) => WireRecord;
  readonly importAll: (records: readonly unknown[], run: ImportRun) => Promise<readonly ImportResult[]>;
  /** Reads a page of records, in the names of the wire. */
  readonly exportPage: (options: object) => Promise<ExportedPage>;
}

type AnyRunnable = Runnable<unknown, unknown, unknown>;

/** Every kind of record of the core and its modules. Records refer to records of earlier kinds alone. */
export function kindsOf(application: Application, system: System): readonly Kind[] {
  const kinds = [kindsIn(coreRecords, useCases, application as unknown as Table, application, system)];
  for (const module of modules) {
    const built = application.use<UseCaseTable>(module) as unknown as Table;
    kinds.push(kindsIn(module.records, module.useCases, built, application, system));
  }
  return kinds.flat();
}

type Table = Readonly<Record<string, AnyRunnable>>;

function kindsIn(
  records: Readonly<Record<string, RecordKind>>,
  declared: UseCaseTable,
  built: Table,
  { policy }: Application,
  system: System,
): readonly Kind[] {
  return Object.entries(records).map(([name, { schema, importWith, exportWith }]) => {
    const [importing, exporting] = [built[importWith] as AnyRunnable, built[exportWith] as AnyRunnable];
    const write = outputWriter(outputOf(declared[exportWith] as AnyUseCase, policy));
    return {
      name,
      read: recordReader(typeof schema === 'function' ? schema(policy) : schema),
      async importAll(list, run) {
        const { results } = (await importing.attempt(system, { records: list, run })) as { results: ImportResult[] };
        return results;
      },
      exportPage: async (options) => write(await exporting.attempt(system, options)) as ExportedPage,
    };
  });
}
