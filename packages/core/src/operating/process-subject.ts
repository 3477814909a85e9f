import { hostname } from "node:os";

/** How a condition names the process it is about: `worker on host-b, process 12`. */
export function processSubject(app: string): string {
  return `${app} on ${hostname()}, process ${process.pid}`;
}
