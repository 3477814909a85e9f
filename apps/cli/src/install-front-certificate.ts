import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { dirname } from "node:path";
import { AppError } from "@waxseal/core/app-error";

const ANSWER_MS = 5_000;
const MAX_ANSWER_BYTES = 64 * 1024;

/** Writes a certificate chain with its key where only its owner reads it; false: the file holds it already. */
export async function writeCertificateFile(file: string, pem: string): Promise<boolean> {
  if ((await readFile(file, "utf8").catch(() => undefined)) === pem) return false;
  await mkdir(dirname(file), { recursive: true });
  const fresh = `${file}.new`;
  await writeFile(fresh, pem, { mode: 0o600 });
  await chmod(fresh, 0o600);
  await rename(fresh, file);
  return true;
}

/**
 * Gives a running HAProxy the certificate of one of its files, so that it takes it up without a restart. One that it did not have when it
 * started is added to those of the file's folder.
 *
 * @throws AppError `unavailable` – HAProxy does not answer, or refuses it
 */
export async function tellFront(socketPath: string, file: string, pem: string): Promise<void> {
  const asked = (command: string) => askFront(socketPath, command);
  const payload = `<<\n${pem.trim()}\n`;
  const known = /is not referenced|not found|Can't (replace|find)/i;
  let isNew = false;
  let answer = await asked(`set ssl cert ${file} ${payload}`);
  if (known.test(answer)) {
    isNew = true;
    await asked(`new ssl cert ${file}`);
    answer = await asked(`set ssl cert ${file} ${payload}`);
  }
  if (!/transaction (created|updated)/i.test(answer)) throw refusedBy(answer);
  answer = await asked(`commit ssl cert ${file}`);
  if (!/success/i.test(answer)) throw refusedBy(answer);
  if (!isNew) return;
  answer = await asked(`add ssl crt-list ${dirname(file)}/ ${file}`);
  if (!/success/i.test(answer)) throw refusedBy(answer);
}

function refusedBy(answer: string): AppError {
  return new AppError("unavailable", "The front refused the certificate. Its log says why.", {
    reason: "dependency_away",
    cause: new Error(answer.trim().slice(0, 500)),
  });
}

/** What HAProxy answers to a command at its control socket. @throws AppError `unavailable` */
export function askFront(socketPath: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    let answer = "";
    const fail = (cause: unknown) => {
      socket.destroy();
      reject(
        new AppError("unavailable", "The front does not answer at its control socket.", {
          reason: "dependency_away",
          cause,
        }),
      );
    };
    socket.setTimeout(ANSWER_MS, () => fail(new Error("no answer in time")));
    socket.on("error", fail);
    socket.on("data", (chunk) => {
      answer += chunk;
      if (answer.length > MAX_ANSWER_BYTES) fail(new Error("answer too long"));
    });
    socket.on("end", () => resolve(answer));
    socket.write(`${command}\n`);
  });
}
