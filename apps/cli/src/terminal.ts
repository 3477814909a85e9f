/** What the command line runs in. */
export type Terminal = {
  env: NodeJS.ProcessEnv;
  cwd: string;
  now(): Date;
  stdin: AsyncIterable<Buffer | string>;
  /** Asks the person at the terminal without showing what is typed; only where there is one. */
  askSecret?: ((question: string) => Promise<string>) | undefined;
  writeOut(text: string): void;
  writeErr(text: string): void;
  /** Where a progress bar may be drawn: standard error when it is a terminal. */
  progress?: NodeJS.WritableStream | undefined;
  /** The API that the command line names, instead of the environment. */
  named?: NamedApi | undefined;
  /** Waits between two looks. Tests do not. */
  pause?: ((ms: number) => Promise<void>) | undefined;
};

/** `--url` and `--token`, as given. */
export type NamedApi = { url?: string | undefined; token?: string | undefined };

/**
 * What a command has to say: `json` for programs, `text` for people; `failed`: status 1 nevertheless; `isWritten`: a file that was
 * written to standard output already, and nothing follows it.
 */
export type Outcome = { json: object; text: string; failed?: boolean; isWritten?: boolean };
