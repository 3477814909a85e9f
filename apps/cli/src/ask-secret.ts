import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

/** Asks at the terminal and shows nothing of the answer. */
export async function askSecret(question: string): Promise<string> {
  process.stderr.write(question);
  const nothing = new Writable({ write: (_chunk, _encoding, done) => done() });
  const asking = createInterface({ input: process.stdin, output: nothing, terminal: true });
  try {
    return await asking.question("");
  } finally {
    asking.close();
    process.stderr.write("\n");
  }
}
