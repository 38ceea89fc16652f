import type { Application } from '@sallyport/core';
import * as v from 'valibot';
import type { ResponseObserver } from './observing.ts';
import { flag, functions, isObject, options, text, texts } from './options.ts';
import { type Brand, brandOptions } from './pages/brand.ts';
import type { ErrorLog } from './problems/error-log.ts';
import type { HttpModule } from './routes/module.ts';

/** The options of the API. */
export interface HttpApiOptions {
  readonly application: Application;
  /**
   * The URL at which clients reach the API, with the path of its mount, without a slash at its end. It is the issuer of
   * the tokens. With https, browsers are told to use nothing else.
   */
  readonly publicUrl: string;
  /** Features besides those of the core. */
  readonly modules?: readonly HttpModule[] | undefined;
  /** Other origins whose pages may call. If there are none, no CORS header is sent. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** Where failures of the server are reported. */
  readonly log: ErrorLog;
  /**
   * Resolves when requests can be served; throws otherwise. `GET /health/ready` asks for it, at most once a second: it
   * repeats the last answer in between.
   */
  readonly ready?: (() => Promise<void>) | undefined;
  /** Whether the host is stopping. `GET /health/ready` then fails at once. */
  readonly isDraining?: (() => boolean) | undefined;
  /** Is told of each answer, for metrics or a trace. */
  readonly onResponse?: ResponseObserver | undefined;
  /** The name and colour of your product, on the pages that people see. */
  readonly brand?: Brand | undefined;
  /** Parts to leave out. */
  readonly without?: Without | undefined;
}

/** Parts of the API that a host may leave out, each by `true`. */
export interface Without {
  /** The docs page, its OpenAPI document, and the root. */
  readonly docs?: boolean;
  /** `GET /`, which leads to the docs page. */
  readonly root?: boolean;
  readonly health?: boolean;
  /** The pages that mailed links lead to. The host then serves its own at `/reset-password` and `/verify-email`. */
  readonly linkPages?: boolean;
}

const withoutOptions = options({
  docs: v.optional(flag),
  root: v.optional(flag),
  health: v.optional(flag),
  linkPages: v.optional(flag),
} satisfies Record<keyof Without, v.GenericSchema>);

const isApplication = (given: unknown) => isObject(given) && isObject(given['policy']);
const isModule = (given: unknown) => isObject(given) && Array.isArray(given['routes']) && isObject(given['problems']);
const isLog = (given: unknown) => isObject(given) && typeof given['error'] === 'function';

/** What each option must be. The values of some are checked where they are used. */
export const apiOptions = options({
  application: v.custom<Application>(isApplication, 'must be the application that createApplication returns'),
  publicUrl: text,
  modules: v.optional(
    v.array(v.custom<HttpModule>(isModule, 'must have a list of routes, and problems'), 'must be a list of modules'),
  ),
  corsOrigins: v.optional(texts),
  log: v.custom<ErrorLog>(isLog, 'must have a function error, like console'),
  ready: v.optional(functions),
  isDraining: v.optional(functions),
  onResponse: v.optional(functions),
  brand: v.optional(brandOptions),
  without: v.optional(withoutOptions),
} satisfies Record<keyof HttpApiOptions, v.GenericSchema>);
