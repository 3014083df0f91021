// One operation of the service: what it takes, who may ask, what it answers. The door reads requests by it, openapi.json is
// written from it.
import type { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { LocalDateTime } from '../ledger/local-date-time.ts';
import { resultCodes } from '../ledger/result.ts';
import type { UserRole } from '../operations/admin/users.ts';
import type { Checked } from '../operations/checked.ts';
import type { Infobase } from '../operations/infobase.ts';
import type { RowColumn } from '../tables/row-column.ts';
import type { WorkTools } from '../works/work-tools.ts';
import { refuseResult } from './json-refusal.ts';

/** Where, when and by whom an operation is asked for. */
export interface Circumstances {
  readonly infobase: Infobase;
  /** The infobase's clock when the request had been read. */
  readonly now: LocalDateTime;
  readonly serviceVersion: string;
  readonly user: string;
  readonly clock: Clock;
  /** For work that is not done within a request. */
  readonly tools: WorkTools;
}

export interface Reply {
  /** 200 where it is left out. */
  readonly status?: 200 | 201 | 202 | 204;
  /** Left out with 204. */
  readonly body?: object;
  /** For the log. */
  readonly code?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Stands in an example for the version of the service, which only the service knows. */
export const versionMark = '{version}';

/** billing: stage billing, and two certificates; the others have what their names say, in stage online. */
export type ExampleState =
  | 'billing'
  | 'receipt'
  | 'cards refused'
  | 'sync'
  | 'test clock'
  | 'paused'
  | 'failed'
  | 'import'
  | 'change'
  | 'reversed import'
  | 'work'
  | 'running work';

/** A request and its answer, word for word; a test plays it. */
export interface Example {
  readonly name: string;
  readonly summary: string;
  /** What the infobase has besides its two cards and its kind, in the words of the test. */
  readonly given?: ExampleState;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** The text of a file that is sent as the body. */
  readonly file?: string;
  readonly status: number;
  readonly reply?: object;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What the door and the document need to know of an endpoint, whatever its input is. */
export interface Endpoint {
  readonly name: string;
  readonly method: Method;
  /** Under the service's address: "cards/{number}". */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly roles: readonly UserRole[];
  /**
   * Who refuses a base in stage billing without the subscription (SEED: on information and on changes): the operation
   * itself, with its other gates, or the door; `none` is what an administrator needs to set that right.
   */
  readonly gate: 'operation' | 'door' | 'none';
  readonly input: InputSchemas;
  readonly reply: z.ZodType | undefined;
  /** What it is answered with besides the statuses that all endpoints share. */
  readonly statuses: readonly number[];
  /** A catalog: its answer has an ETag. */
  readonly hasTag?: boolean;
  /** Whether it changes a catalog, and so takes the catalog's ETag as `If-Match`. */
  readonly takesTag?: boolean;
  /** Gives the `Idempotency-Key` to the input as its operation id; left out where the header means nothing. */
  readonly takeKey?: (input: object, key: string) => object | undefined;
  /** A long list, which may be asked for as NDJSON, CSV and XLSX too: all of it, piece by piece. */
  readonly rows?: RowSource;
  readonly examples: readonly Example[];
  readonly answer: (at: Circumstances, input: Checked<object>) => Promise<Reply>;
}

export interface RowSource {
  /** Of the file. */
  readonly name: string;
  readonly open: (at: Circumstances, input: never) => OpenRows | Promise<OpenRows>;
}

export interface OpenRows {
  readonly columns: readonly RowColumn[];
  readonly pieces: AsyncIterable<readonly object[]>;
}

export interface InputSchemas {
  readonly path?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  /** In place of a body in JSON: a file, whose bytes the input has as `bytes`. */
  readonly file?: FileInput;
}

export interface FileInput {
  /** Content types. */
  readonly types: readonly string[];
  readonly limitBytes: number;
}

type Part<S extends z.ZodObject | undefined> = S extends z.ZodObject ? z.output<S> : unknown;
/** What an endpoint with `takesTag` is given besides its input. */
export interface GuardedInput {
  readonly ifMatch?: string | undefined;
}

type FilePart<F> = F extends FileInput ? { readonly bytes: Buffer } : unknown;
export type InputOf<I extends InputSchemas> = Part<I['path']> &
  Part<I['query']> &
  Part<I['body']> &
  FilePart<I['file']> &
  GuardedInput;

interface Typed<I extends InputSchemas, R extends z.ZodType | undefined> extends Omit<
  Endpoint,
  'input' | 'reply' | 'answer' | 'takeKey'
> {
  readonly input: I;
  readonly reply: R;
  readonly takeKey?: (input: InputOf<I>, key: string) => InputOf<I> | undefined;
}

type TypedReply<R extends z.ZodType | undefined> = R extends z.ZodType
  ? Omit<Reply, 'body'> & { readonly body: z.input<R> & object }
  : { readonly status: 204 };

/** An endpoint whose operation judges a bad value itself, after its own gates. */
export function defineOperation<I extends InputSchemas, R extends z.ZodType | undefined>(
  endpoint: Typed<I, R> & {
    readonly answer: (at: Circumstances, input: Checked<InputOf<I>>) => Promise<TypedReply<R>>;
  },
): Endpoint {
  return endpoint as unknown as Endpoint;
}

/** An endpoint that is asked only with an input that could be read whole. */
export function defineEndpoint<I extends InputSchemas, R extends z.ZodType | undefined>(
  endpoint: Typed<I, R> & { readonly answer: (at: Circumstances, input: InputOf<I>) => Promise<TypedReply<R>> },
): Endpoint {
  return {
    ...(endpoint as unknown as Endpoint),
    answer: async (at, input) => {
      if (!input.ok) throw refuseResult(resultCodes.badArgument, input.trouble);
      return endpoint.answer(at, input.value as InputOf<I>);
    },
  };
}
