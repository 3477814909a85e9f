import { explainFileError } from "./explain-file-error.ts";

type Coded = NodeJS.ErrnoException & { port?: number; address?: string; hostname?: string };

/** The sentence for an error whose own words are not for people. */
export const UNEXPLAINED_START = "The start failed for a reason that its log describes.";
/** A code of Prisma, or an SQLSTATE. */
const DATABASE_CODE = /^(?:P\d{4}|[0-9][0-9A-Z]{4})$/;

/**
 * Why a process could not start, in sentences for the operator.
 *
 * An error that we threw on purpose has a message for people and no code; of every other error only known codes are put into words, since
 * their messages name codes, files and values. Never throws.
 */
export function explainStartFailure(error: unknown): string {
  if (!(error instanceof Error)) return UNEXPLAINED_START;
  const { code, port, address, hostname, syscall, path } = error as Coded;
  if (code === "EADDRINUSE") return `Port ${port} is already in use. Stop what uses it or set another port.`;
  if (code === "EADDRNOTAVAIL") return `${address ?? "An address"} is not an address of this machine.`;
  if (code === "EACCES" && port) return `Port ${port} needs more rights than this process has.`;
  if ((code && DATABASE_CODE.test(code)) || /Can't reach database server/.test(error.message))
    return "The database does not answer. Check DATABASE_URL, and that Postgres runs.";
  if (syscall === "getaddrinfo") return `${hostname ?? "A server"} cannot be found in the DNS.`;
  if (syscall === "connect") return `${address ?? "A server"}${port ? `:${port}` : ""} does not answer.`;
  if (path !== undefined && code !== undefined) return `${path} ${explainFileError(error)}.`;
  const isOurs = code === undefined && (error.name === "Error" || error.name === "SettingsError");
  return isOurs && error.message !== "" ? error.message : UNEXPLAINED_START;
}
