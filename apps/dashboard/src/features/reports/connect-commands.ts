/** Command lines that show in a terminal what a sender saw. */
type ConnectLines = { openssl: string; swaks: string };

const HOST = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/i;
const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:.]*)$/i;

/**
 * How to connect to a mail host by hand, with STARTTLS and the checks that MTA-STS asks for (RFC 8461 §4.1), at an address if one is given.
 * Undefined for anything but a plain host name and address: reports are written by strangers, and this is pasted into a shell.
 */
export function formatConnectCommands(mxHost: string, address?: string | null): ConnectLines | undefined {
  if (!HOST.test(mxHost) || (address && !ADDRESS.test(address))) return undefined;
  const server = !address ? mxHost : address.includes(":") ? `'[${address}]'` : address;
  return {
    openssl: `openssl s_client -starttls smtp -connect ${server}:25 -servername ${mxHost} -verify_hostname ${mxHost} -verify_return_error </dev/null`,
    swaks: `swaks --server ${server} --port 25 --tls --tls-sni ${mxHost} --tls-verify --quit-after TLS`,
  };
}
