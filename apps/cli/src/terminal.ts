/** What the command line runs in. */
export type Terminal = {
  env: NodeJS.ProcessEnv;
  cwd: string;
  now(): Date;
  stdin: AsyncIterable<Buffer | string>;
  writeOut(text: string): void;
  writeErr(text: string): void;
};

/** What a command has to say: `json` for programs, `text` for people. */
export type Outcome = { json: object; text: string };
