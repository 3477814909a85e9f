import { BlockList, isIPv6, type Server, type Socket } from "node:net";
import { readProxyHeader } from "./read-proxy-header.ts";

type Options = {
  /** Networks (`192.0.2.0/24`) of the fronts that send the header. None: nothing changes. */
  fronts: readonly string[];
  /** A front sent something else, or nothing for too long; the connection is closed. */
  onRefused(): void;
};

const HEADER_DEADLINE_MS = 3_000;

/**
 * Makes connections from our fronts begin with a header of the PROXY protocol, version 2, before the server sees them.
 * Everyone else is served as before, without one. Call it when the server has the `connection` listeners that are to
 * wait for the header; those added later are called at once.
 *
 * Returns a function that says whose connection a socket is, of TCP or of TLS: the client that the front named, or else
 * the peer. Undefined when the connection is gone.
 */
export function expectProxyHeaders(
  server: Server,
  { fronts, onRefused }: Options,
): (socket: Socket) => string | undefined {
  if (fronts.length === 0) return ({ remoteAddress }) => remoteAddress;
  const isFront = createNetworkCheck(fronts);
  // By the peer's address and port: a TLS socket does not say which TCP socket it is on.
  const clients = new Map<string, { socket: Socket; clientAddress: string }>();
  const proceed = server.listeners("connection");
  server.removeAllListeners("connection");

  server.prependListener("connection", (socket: Socket) => {
    const start = () => {
      for (const listener of proceed) listener.call(server, socket);
    };
    if (!isFront(socket.remoteAddress)) return start();
    const peer = peerOf(socket);
    readHeader(
      socket,
      (clientAddress) => {
        if (clientAddress !== undefined) {
          clients.set(peer, { socket, clientAddress });
          socket.once("close", () => {
            if (clients.get(peer)?.socket === socket) clients.delete(peer);
          });
        }
        start();
      },
      onRefused,
    );
  });

  return (socket) => clients.get(peerOf(socket))?.clientAddress ?? socket.remoteAddress;
}

/** Takes exactly the header off the connection: what follows it stays for the next reader. */
function readHeader(
  socket: Socket,
  done: (clientAddress: string | undefined) => void,
  onRefused: () => void,
): void {
  let received: Buffer = Buffer.alloc(0);
  const timer = setTimeout(refuse, HEADER_DEADLINE_MS);
  socket.on("readable", read);
  socket.on("close", stop);
  socket.on("error", ignore);

  function read(): void {
    const chunk: Buffer | null = socket.read();
    if (!chunk) return;
    received = Buffer.concat([received, chunk]);
    const header = readProxyHeader(received);
    if (header.state === "refused") refuse();
    if (header.state !== "complete") return;
    stop();
    if (header.bytes < received.length) socket.unshift(received.subarray(header.bytes));
    done(header.clientAddress);
  }

  function refuse(): void {
    stop();
    socket.on("error", ignore);
    socket.destroy();
    onRefused();
  }

  function stop(): void {
    clearTimeout(timer);
    socket.off("readable", read).off("close", stop).off("error", ignore);
  }
}

function ignore(): void {
  // A connection that breaks before its header has no owner yet; it is closed here.
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

function createNetworkCheck(networks: readonly string[]): (address: string | undefined) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", prefix] = network.split("/");
    list.addSubnet(address, Number(prefix), isIPv6(address) ? "ipv6" : "ipv4");
  }
  return (address) => address !== undefined && list.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}
