import { createSocket } from "node:dgram";
import { createServer } from "node:net";

/** Whether a TCP port (and, for DNS, the UDP port beside it) is free on an address. */
export async function isPortFree(port: number, address: string, { udp = false } = {}): Promise<boolean> {
  return (await canListen(port, address)) && (!udp || (await canBind(port, address)));
}

/** The preferred port when it is free, else any free one. */
export async function findPort(preferred: number, address: string, { udp = false } = {}): Promise<number> {
  if (preferred !== 0 && (await isPortFree(preferred, address, { udp }))) return preferred;
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, address, () => {
      const bound = server.address();
      server.close(() => resolve(typeof bound === "object" && bound ? bound.port : 0));
    });
  });
}

function canListen(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, address, () => server.close(() => resolve(true)));
  });
}

function canBind(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
    socket.once("error", () => resolve(false));
    socket.bind(port, address, () => socket.close(() => resolve(true)));
  });
}
