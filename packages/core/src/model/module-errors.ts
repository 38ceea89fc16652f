import { isSallyportError, SallyportError, type SallyportErrorDetails } from './errors.ts';
import type { ModuleName } from './module-name.ts';

/** The refusals of a module. */
export interface ModuleErrors<Code extends ModuleName> {
  readonly codes: readonly Code[];
  /** The error of this code, to be thrown. */
  refusal(code: Code, details?: SallyportErrorDetails): SallyportError<Code>;
  /** Whether this is an error of the module, from any copy of the package. */
  isError(error: unknown): error is SallyportError<Code>;
}

/** Declares the refusals of a module: a sentence for each code, which a user may read. */
export function moduleErrors<const Code extends ModuleName>(
  sentences: Readonly<Record<Code, string>>,
): ModuleErrors<Code> {
  return {
    codes: Object.keys(sentences) as Code[],
    refusal: (code, details) => new SallyportError(code, { message: sentences[code], ...details }),
    isError: (error): error is SallyportError<Code> => isSallyportError(error) && Object.hasOwn(sentences, error.code),
  };
}
