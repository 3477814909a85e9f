import type { Socket } from "node:net";

const HOLD_MS = 3_000;
const MAX_HELD = 2_000;

/**
 * Keeps unwanted connections open for a moment, unread, and closes them then: a client that opens the next as soon as one is closed
 * comes some sixty times more rarely. When too many are held, they are closed at once.
 */
export function createHoldingPen(): (socket: Socket) => void {
  let held = 0;
  return (socket) => {
    // No one else handles a socket that breaks now.
    socket.on("error", () => undefined);
    if (held >= MAX_HELD) return void socket.destroy();
    held += 1;
    socket.on("close", () => {
      held -= 1;
    });
    setTimeout(() => socket.destroy(), HOLD_MS).unref();
  };
}
