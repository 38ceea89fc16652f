import type { PageCall } from './pages.ts';

/** What a call takes besides its input. */
export interface CallOptions {
  /** Cancels the call, which then fails with the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds after which the call fails with `network_error`, instead of the client's. */
  readonly timeout?: number | undefined;
}

/** An operation, as openapi-typescript describes it. */
interface Described {
  readonly parameters: { readonly path?: unknown; readonly query?: unknown };
  readonly requestBody?: unknown;
  readonly responses: unknown;
}

type FieldsOf<Part> = [Extract<Part, object>] extends [never] ? unknown : Extract<Part, object>;
type BodyOf<Body> = Body extends { readonly content: infer Content } ? Content[keyof Content] : unknown;
type Flat<Fields> = { [Name in keyof Fields]: Fields[Name] };

/** The input of an operation: what its path, its query and its body take, in one object. */
export type InputOf<Operation> = Operation extends Described
  ? Flat<
      FieldsOf<Operation['parameters']['path']> &
        FieldsOf<Operation['parameters']['query']> &
        BodyOf<Operation['requestBody']>
    >
  : never;

type Success<Responses> = Responses[keyof Responses & (200 | 201 | 202 | 204)];

/** The result of an operation. */
export type OutputOf<Operation> = Operation extends Described
  ? Success<Operation['responses']> extends { readonly content: { readonly 'application/json': infer Body } }
    ? Body
    : void
  : never;

type Call<Operation> =
  OutputOf<Operation> extends readonly (infer Item)[]
    ? PageCall<Item, InputOf<Operation>>
    : Promise<OutputOf<Operation>>;

/** The method of an operation. Its input can be left out if each field can. */
type Method<Operation> =
  Partial<InputOf<Operation>> extends InputOf<Operation>
    ? (input?: InputOf<Operation>, options?: CallOptions) => Call<Operation>
    : (input: InputOf<Operation>, options?: CallOptions) => Call<Operation>;

/** A method for each operation, by its name. */
export type MethodsOf<Operations> = { readonly [Name in keyof Operations]: Method<Operations[Name]> };
