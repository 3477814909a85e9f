/** Queue key of the work on one host's certificate: a waiting job is replaced, not doubled. */
export function certificateJobKey(accountId: string, host: string): string {
  return `certificate.order:${accountId}:${host}`;
}
