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
};

/** What a command has to say: `json` for programs, `text` for people; `failed`: status 1 nevertheless. */
export type Outcome = { json: object; text: string; failed?: boolean };
