import type { components, OPERATIONS, operations } from "./generated/operations.ts";

/** The name of an operation, as in the API's documentation. */
export type OperationId = keyof operations;

type Operation<Id extends OperationId> = operations[Id];

type Nothing = Record<never, never>;
type Optional<Name extends string, T> = [T] extends [never]
  ? unknown
  : Nothing extends T
    ? { readonly [Key in Name]?: T | undefined }
    : { readonly [Key in Name]: T };

/** Parameters that may be absent may also be undefined. */
type Open<T> = { readonly [Key in keyof T]: Nothing extends Pick<T, Key> ? T[Key] | undefined : T[Key] };

type Path<Id extends OperationId> = NonNullable<Operation<Id>["parameters"]["path"]>;
type Query<Id extends OperationId> = NonNullable<Operation<Id>["parameters"]["query"]>;
type Body<Id extends OperationId> =
  NonNullable<Operation<Id>["requestBody"]> extends { content: { "application/json": infer T } } ? T : never;

/** What goes with any request. */
export type RequestOptions = {
  /** Id of the account to act in, in place of the client's. */
  readonly account?: string | undefined;
  /** For a POST: sent again with it within a day, the same request gets the first answer. */
  readonly idempotencyKey?: string | undefined;
  /** The ETag that the object must still have. RFC 9110 §13.1.1 */
  readonly ifMatch?: string | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** The fields of an operation's path, query and JSON body. */
export type Input<Id extends OperationId> = RequestOptions &
  Optional<"path", Path<Id>> &
  Optional<"query", [Query<Id>] extends [never] ? never : Open<Query<Id>>> &
  Optional<"body", Body<Id>>;

type Success<Id extends OperationId> = Operation<Id>["responses"] extends infer R
  ? R[keyof R & (200 | 201 | 202)]
  : never;

/** What an operation answers: JSON as a value, nothing as undefined, and files and event streams as the `Response`. */
export type Answer<Id extends OperationId> = [Success<Id>] extends [never]
  ? undefined
  : Success<Id> extends { content: { "application/json": infer T } }
    ? // A file of JSON is described as text.
      [T] extends [string]
      ? Response
      : T
    : Response;

type Arguments<Id extends OperationId> = Nothing extends Input<Id> ? [input?: Input<Id>] : [input: Input<Id>];

/** A function for each operation of the API. */
export type Operations = {
  readonly [Id in OperationId & keyof typeof OPERATIONS]: (...args: Arguments<Id>) => Promise<Answer<Id>>;
};

/** Where the API is, and who asks. */
export type ClientOptions = {
  /** Address of the installation, such as `https://waxseal.example`. */
  readonly url: string;
  /** API key, sent as `Authorization: Bearer`. */
  readonly token?: string | undefined;
  /** Id of the account to act in: the key's own, or one of its customers. */
  readonly account?: string | undefined;
  /** In place of the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** How long an answer may take, 60 seconds unless given. A file or event stream only has to begin in time. */
  readonly timeoutMs?: number | undefined;
  /** Called with each answer, for its headers: `etag`, `ratelimit-remaining`. */
  readonly onResponse?: ((response: Response) => void) | undefined;
};

/** Every shape of the API by its name in the documentation, such as `Schemas["Domain"]`. */
export type Schemas = components["schemas"];
